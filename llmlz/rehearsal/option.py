"""Resource options of Pulumi, as far as Terraform has a counterpart.

Protection is left out on purpose: Terraform's own would stop a plan, where a move has to show what it would replace.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from llmlz.graph.model import Resource, token_of
from llmlz.rehearsal import names
from llmlz.rehearsal.address import address
from llmlz.rehearsal.schema import Block


def translate(resource: Resource, block: Block, written: dict[str, Any], addresses: Mapping[str, str]) -> list[str]:
    """Add a resource's options to what is written of it, and return the names of those without a counterpart."""
    options = resource.options
    text = json.dumps(written)
    waits = sorted(addresses[urn] for urn in options.depends_on if urn in addresses)
    if unseen := [other for other in waits if f"{other}." not in text]:
        written["depends_on"] = unseen
    if options.ignore_changes:
        renamed = names.properties(resource.type)
        paths = [_path(path, block, renamed) for path in options.ignore_changes]
        written["lifecycle"] = {"ignore_changes": ["all"] if "*" in options.ignore_changes else paths}
    missed = []
    timeouts = block.arguments.get("timeouts")
    for operation, duration in options.custom_timeouts.items():
        if timeouts and timeouts.block and operation in timeouts.block.arguments:
            written.setdefault("timeouts", {})[operation] = duration
        else:
            missed.append(f"customTimeouts.{operation}")
    others = {
        "importId": options.import_id,
        "replaceOnChanges": options.replace_on_changes,
        "retainOnDelete": options.retain_on_delete,
    }
    return missed + [name for name, given in others.items() if given]


def moved(resource: Resource, addresses: Mapping[str, str]) -> list[dict[str, str]]:
    """Moves from former addresses: a state may still know the resource under one."""
    now = addresses[resource.urn]
    type_ = now.partition(".")[0]
    former = []
    for alias in resource.options.aliases:
        urn = alias if alias.startswith("urn:") else "::".join([*resource.urn.split("::")[:3], alias])
        token = token_of(urn)
        before = address(urn, type_)
        if names.terraform_type(token) == type_ and before not in addresses.values():
            former.append({"from": before, "to": now})
    return former


def argument_of(property_: str, block: Block, renamed: Mapping[str, str | None]) -> str | None:
    """The argument behind a property; ``None`` where there is none."""
    if property_ in renamed:
        return renamed[property_]
    found = block.properties.get(property_)
    return found.name if found else None


def _path(path: str, block: Block, renamed: Mapping[str, str | None]) -> str:
    """A property path as Terraform writes it; a set has no places, so what is inside one stands for the whole set."""
    steps = re.findall(r"[^.\[\]]+|\[[^\]]+\]", path)
    written, within = "", block
    for index, step in enumerate(steps):
        if step.startswith("["):
            written += step
            continue
        name = argument_of(step, within, renamed if index == 0 else {}) or names.snake(step)
        written += f".{name}" if written else name
        argument = within.arguments.get(name)
        if argument is None or argument.block is None or argument.nesting == "set":
            return written if argument and argument.nesting == "set" else written + _keys(steps[index + 1 :])
        within = argument.block
        if argument.nesting == "list" and steps[index + 1 : index + 2] and not steps[index + 1].startswith("["):
            written += "[0]"
    return written


def _keys(steps: list[str]) -> str:
    """The rest of a path inside an attribute: keys of a map stay as they are."""
    return "".join(step if step.startswith("[") else f".{step}" for step in steps)
