"""Deploy recorded stacks onto the emulator, all in one go, and read back what came of each.

Owns: the deployment, and the count of what exists.
Does not own: how a graph becomes Terraform (``llmlz.rehearsal``) or a Pulumi program (``pulumi_deploy``), how stacks
become one (``merge``), what is left out (``excluded``).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.errors import LocalCloudError
from llmlz.graph.known import filled
from llmlz.graph.model import Graph
from llmlz.local.apply import apply, prepare, state_of
from llmlz.local.emulator import Emulator
from llmlz.local.excluded import Row, made_by_aws, rows, without
from llmlz.local.made import Made
from llmlz.local.pulumi_deploy import deploy_with_pulumi
from llmlz.local.pulumi_engine import Pulumi
from llmlz.local.readback import unread
from llmlz.rehearsal.merge import marked, merged
from llmlz.rehearsal.names import terraform_type
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.terraform import Terraform

NEEDS_MISSING = "not made, because something that it needs is missing"
LEAST_COVERAGE = 0.85
"""Share of the resources that must exist: below it the local cloud shows too little of an estate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployed:
    """One stack on the local cloud."""

    graph: Graph
    """The stack as recorded."""

    existing: Mapping[str, Mapping[str, Any]]
    """URN to attributes, for every resource that was made and read back."""

    missing: Mapping[str, str]
    """URN to reason, for every other resource that a cloud would have to make."""

    outputs: Mapping[str, Any]
    """What the stack exports, with real values; a stand-in is left where the resource behind it is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """Everything on the local cloud."""

    stacks: Mapping[str, Deployed]
    """Stack name to stack, in the order of deployment."""

    unexpected: Mapping[str, str]
    """URN to reason, for what is missing although no row leaves it out."""

    seconds: float
    """How long it took."""

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
    engine: Terraform | Pulumi,
    folder: Path,
    progress: Callable[[str], None],
    *,
    left_out: Sequence[Row] | None = None,
) -> Deployment:
    """Make every stack in one go: a team's references to its platform become references of one document.

    What fails is listed in the result; ``Deployment.check`` judges it. ``left_out`` defaults to the committed rows.
    Raises ``LocalCloudError`` with the end of the emulator's log when the emulator dies, and with the engine's words
    when nothing could be tried.
    """
    started = time.monotonic()
    left_out = rows() if left_out is None else left_out
    kept = merged([without(graph, left_out) for graph in graphs])
    progress(f"deploying {len(made_by_aws(kept))} resources of {len(graphs)} stacks onto the local cloud")
    try:
        if isinstance(engine, Pulumi):
            made = deploy_with_pulumi(kept, emulator.endpoint, engine, folder, progress)
        else:
            made = _with_terraform(graphs, kept, emulator, engine, folder=folder, progress=progress)
    except LocalCloudError:
        emulator.check()  # an engine that fails because the emulator died is not the cause
        raise
    emulator.check()

    unknown = unread(((kept.by_urn[urn], values) for urn, values in made.attributes.items()), emulator)
    stacks: dict[str, Deployed] = {}
    unexpected: dict[str, str] = {}
    for graph in graphs:
        existing: dict[str, Mapping[str, Any]] = {}
        missing: dict[str, str] = {}
        for resource in made_by_aws(graph):
            urn = marked(resource.urn, graph)
            row = next((row for row in left_out if row.fits(resource)), None)
            if row is not None:
                missing[resource.urn] = row.reason
            elif urn in made.attributes and urn not in unknown:
                existing[resource.urn] = made.attributes[urn]
            else:
                missing[resource.urn] = unknown.get(urn) or made.reasons.get(urn) or NEEDS_MISSING
                unexpected[resource.urn] = missing[resource.urn]
        outputs = filled(graph.outputs, made.known)
        stacks[graph.stack] = Deployed(graph=graph, existing=existing, missing=missing, outputs=outputs)
    return Deployment(stacks=stacks, unexpected=unexpected, seconds=time.monotonic() - started)


def _with_terraform(
    graphs: Sequence[Graph],
    kept: Graph,
    emulator: Emulator,
    terraform: Terraform,
    *,
    folder: Path,
    progress: Callable[[str], None],
) -> Made:
    schema = terraform.schema({type_ for r in made_by_aws(kept) if (type_ := terraform_type(r.type))})
    rendered = render(kept, ProviderBlock.endpoint(emulator.endpoint, kept.region, emulator.account), schema)
    prepare(rendered, graphs, kept, schema)
    write(rendered, folder)
    terraform.init(folder)
    refused = apply(terraform, folder, progress)
    state = state_of(folder)
    addresses = {urn: address for address, urn in rendered.addresses.items()}
    unknown = {r.urn: f"the provider at hand has no {r.type}" for r in made_by_aws(kept) if r.urn not in addresses}
    return Made(
        attributes={urn: state["made"][address] for urn, address in addresses.items() if address in state["made"]},
        reasons=unknown | {rendered.addresses[address]: why for address, why in refused.items()},
        known={core: (kept.standins[core], value) for core, value in state["outputs"].items()},
    )
