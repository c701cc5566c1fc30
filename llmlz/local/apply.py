"""One Terraform document onto the emulator: made fit for it, applied, and the state read back.

Owns: what differs from a deployment to AWS, and the engine's answers as plain values.
Does not own: which resources are in the document (``deploy``).
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from llmlz.errors import LocalCloudError
from llmlz.graph.known import used
from llmlz.graph.model import Graph
from llmlz.rehearsal.expression import Expressions
from llmlz.rehearsal.merge import one_provider
from llmlz.rehearsal.render import Rendered
from llmlz.rehearsal.schema import Schema
from llmlz.rehearsal.terraform import Terraform

STATE_FORMAT = 4
"""Format of Terraform's state files that is read here."""

PARALLEL = 40
"""Resources made at once: most of the time the provider waits for a state to settle, and the waits overlap."""

SHOWN = ("apply_errored", "change_summary")
"""Messages of the engine that are passed on as they are."""

EVERY = 10
"""After how many resources the person hears how far it is."""

MAX_RETRIES = 3
"""How often a call is repeated; a local call that fails three times is wrong, not unlucky."""


def prepare(rendered: Rendered, graphs: Sequence[Graph], kept: Graph, schema: Schema) -> None:
    """Make a rendered document fit for an emulator: one provider, few retries, and what stacks export as outputs.

    ``kept`` is the graph that was rendered, ``graphs`` are the stacks in it.
    """
    one_provider(rendered.document, schema)
    for block in rendered.document["provider"]["aws"]:
        block["max_retries"] = MAX_RETRIES
    expressions = Expressions(kept, schema, {urn: address for address, urn in rendered.addresses.items()})
    wanted = {
        core: expression
        for graph in graphs
        for core, standin in used(graph.outputs, kept).items()
        if (expression := expressions.output(standin)) is not None
    }
    if wanted:
        rendered.document["output"] = {
            core: {"value": "${" + expression + "}", "sensitive": True} for core, expression in wanted.items()
        }


def apply(terraform: Terraform, folder: Path, progress: Callable[[str], None]) -> dict[str, str]:
    """Make what can be made; Terraform address to what the provider said where it could not."""
    reasons: dict[str, str] = {}
    general: list[str] = []
    made: list[str] = []

    def on_line(line: str) -> None:
        said = json.loads(line) if line.startswith("{") else {}
        if said.get("type") in SHOWN:
            progress(str(said["@message"]).strip())
        if said.get("type") == "apply_complete":
            made.append(line)
            if len(made) % EVERY == 0:
                progress(f"{len(made)} resources made")
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


def state_of(folder: Path) -> dict[str, Any]:
    """Address to attributes, and the outputs, from the state file; empty where nothing was made."""
    path = folder / "terraform.tfstate"
    if not path.exists():
        return {"made": {}, "outputs": {}}
    raw = json.loads(path.read_text(encoding="utf-8"))
    if raw["version"] != STATE_FORMAT:
        raise LocalCloudError(f"{path} has format {raw['version']}; format {STATE_FORMAT} is read here")
    made = {
        f"{resource['type']}.{resource['name']}": resource["instances"][0]["attributes"]
        for resource in raw.get("resources", [])
        if resource["instances"] and resource["instances"][0].get("status") != "tainted"
    }
    return {"made": made, "outputs": {core: output["value"] for core, output in raw.get("outputs", {}).items()}}
