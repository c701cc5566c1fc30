"""Deploy recorded stacks onto the emulator: platforms first, then the teams with what the platforms really became.

Owns: the order, the values that pass from one stack to the next, and the count of what exists.
Does not own: how a graph becomes Terraform (``llmlz.rehearsal``), what is left out (``excluded``).
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import LocalCloudError
from llmlz.graph.model import Graph, Resource
from llmlz.local.emulator import Emulator
from llmlz.local.excluded import Row, made_by_aws, rows, without
from llmlz.local.readback import unread
from llmlz.local.real import Known, filled, filled_graph, used
from llmlz.rehearsal.names import terraform_type
from llmlz.rehearsal.expression import Expressions
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered, render, write
from llmlz.rehearsal.schema import Schema
from llmlz.rehearsal.terraform import Terraform

LEAST_COVERAGE = 0.85
"""Share of the resources that must exist: below it the local cloud shows too little of an estate."""

STATE_FORMAT = 4
"""Format of Terraform's state files that is read here."""

PARALLEL = 40
"""Resources made at once: most of the time the provider waits for a state to settle, and the waits overlap."""

SHOWN = ("apply_complete", "apply_errored")
"""Messages of the engine that say that a resource is done."""

MAX_RETRIES = 3
"""How often a call is repeated; a local call that fails three times is wrong, not unlucky."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """One stack on the local cloud."""

    graph: Graph
    """The stack, with real values where it refers to other stacks."""

    existing: Mapping[str, Mapping[str, Any]]
    """URN to attributes, for every resource that was made and read back."""

    missing: Mapping[str, str]
    """URN to reason, for every other resource that a cloud would have to make."""

    outputs: Mapping[str, Any]
    """What the stack exports, with real values."""

    seconds: float
    """How long it took."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """Everything on the local cloud."""

    stacks: Mapping[str, Deployed]
    """Stack name to stack, in the order of deployment."""

    unexpected: Mapping[str, str]
    """URN to reason, for what is missing although no row leaves it out."""

    @property
    def coverage(self) -> float:
        """Existing resources as a share of all that a cloud would make, before anything is left out."""
        wanted = sum(len(stack.existing) + len(stack.missing) for stack in self.stacks.values())
        return sum(len(stack.existing) for stack in self.stacks.values()) / wanted if wanted else 1.0

    def check(self) -> None:
        """Raise ``LocalCloudError`` when something failed that no row leaves out, or too little exists."""
        problems = [f"{urn.rpartition('::')[2]}: {reason}" for urn, reason in sorted(self.unexpected.items())]
        if self.coverage < LEAST_COVERAGE:
            problems.append(f"only {self.coverage:.0%} of the resources exist; at least {LEAST_COVERAGE:.0%} must")
        if problems:
            raise LocalCloudError("the local cloud is not as it should be:\n  " + "\n  ".join(problems))


def deploy(
    graphs: Sequence[Graph],
    emulator: Emulator,
    terraform: Terraform,
    folder: Path,
    progress: Callable[[str], None],
    left_out: Sequence[Row] | None = None,
) -> Deployment:
    """Make every stack, in the given order: platforms come before the teams that refer to them.

    What fails is listed in the result; ``Deployment.check`` judges it. ``left_out`` defaults to the committed rows.
    Raises ``LocalCloudError`` with the end of the emulator's log when the emulator dies.
    """
    left_out = rows() if left_out is None else left_out
    stacks: dict[str, Deployed] = {}
    unexpected: dict[str, str] = {}
    known: dict[str, Any] = {}
    for graph in graphs:
        progress(f"deploying {graph.stack} onto the local cloud")
        real = filled_graph(graph, known)
        stacks[graph.stack], failed, values = _one(real, emulator, terraform, folder / graph.stack, progress, left_out)
        unexpected |= failed
        known |= values
    return Deployment(stacks=stacks, unexpected=unexpected)


def _one(
    graph: Graph,
    emulator: Emulator,
    terraform: Terraform,
    folder: Path,
    progress: Callable[[str], None],
    left_out: Sequence[Row],
) -> tuple[Deployed, dict[str, str], Known]:
    """One stack: what became of it, what failed without a row, and the values behind its stand-ins."""
    started = time.monotonic()
    kept = without(graph, left_out)
    schema = terraform.schema({type_ for r in made_by_aws(kept) if (type_ := terraform_type(r.type))})
    rendered = render(kept, ProviderBlock.endpoint(emulator.endpoint, graph.region, emulator.account), schema)
    prepare(rendered, kept, schema)
    write(rendered, folder)
    terraform.init(folder)
    reasons = _apply(terraform, folder, progress)
    emulator.check()

    state = _state(folder)
    made = [(kept.by_urn[rendered.addresses[a]], values) for a, values in state["made"].items() if a in rendered.addresses]
    unread_ones = unread(made, emulator.endpoint, emulator.account, graph.region)
    existing = {resource.urn: values for resource, values in made if resource.urn not in unread_ones}
    by_row = {r.urn: row.reason for row in reversed(left_out) for r in made_by_aws(graph) if row.fits(r)}
    urns = {urn: address for address, urn in rendered.addresses.items()}
    failed = {
        r.urn: unread_ones.get(r.urn) or _why(r, urns.get(r.urn), reasons)
        for r in made_by_aws(kept)
        if r.urn not in existing
    }
    known = {core: (kept.standins[core], value) for core, value in state["outputs"].items()}
    seconds = time.monotonic() - started
    progress(f"{graph.stack}: {len(existing)} resources in {seconds:.0f} s")
    deployed = Deployed(
        graph=graph,
        existing=existing,
        missing=by_row | failed,
        outputs=filled(graph.outputs, known),
        seconds=seconds,
    )
    return deployed, failed, known


def prepare(rendered: Rendered, graph: Graph, schema: Schema) -> None:
    """Make a rendered document fit for an emulator: few retries, and the values that other stacks need as outputs."""
    for block in rendered.document["provider"]["aws"]:
        block["max_retries"] = MAX_RETRIES
    addresses = {urn: address for address, urn in rendered.addresses.items()}
    expressions = Expressions(graph, schema, addresses)
    wanted = {
        core: expression
        for core, standin in used(graph.outputs, graph).items()
        if (expression := expressions.output(standin)) is not None
    }
    if wanted:
        rendered.document["output"] = {
            core: {"value": "${" + expression + "}", "sensitive": True} for core, expression in wanted.items()
        }


def _apply(terraform: Terraform, folder: Path, progress: Callable[[str], None]) -> dict[str, str]:
    """Make what can be made; Terraform address to what the provider said where it could not."""
    reasons: dict[str, str] = {}
    general: list[str] = []

    def on_line(line: str) -> None:
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("type") in SHOWN:
            progress(str(said["@message"]))
        found = said.get("diagnostic", {})
        if found.get("severity") == "error":
            text = " ".join(f"{found['summary']} {found.get('detail', '')}".split())
            if address := found.get("address"):
                reasons[address] = text
            else:
                general.append(text)

    ran = terraform.run(
        folder, "apply", "-json", "-input=false", "-auto-approve", f"-parallelism={PARALLEL}", on_line=on_line
    )
    if general or (ran.code and not reasons):
        said = "; ".join(general) or ran.errors.strip()
        raise LocalCloudError(f"{terraform.name} could not deploy {folder.name}: {said[:2000]}")
    return reasons


def _state(folder: Path) -> dict[str, Any]:
    """Address to attributes, and the outputs, from the state file; empty where nothing was made."""
    path = folder / "terraform.tfstate"
    raw = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"version": STATE_FORMAT}
    if raw["version"] != STATE_FORMAT:
        raise LocalCloudError(f"{path} has format {raw['version']}; format {STATE_FORMAT} is read here")
    made = {
        f"{resource['type']}.{resource['name']}": resource["instances"][0]["attributes"]
        for resource in raw.get("resources", [])
        if resource["instances"] and resource["instances"][0].get("status") != "tainted"
    }
    return {"made": made, "outputs": {core: output["value"] for core, output in raw.get("outputs", {}).items()}}


def _why(resource: Resource, address: str | None, reasons: Mapping[str, str]) -> str:
    if address is None:
        return f"the provider at hand has no {resource.type}"
    return reasons.get(address) or "not made, because something that it needs is missing"
