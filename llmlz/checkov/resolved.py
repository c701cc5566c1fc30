"""A rehearsal's plan as checkov should read it: what is configured and not known yet is filled in, and nothing else.

Owns: what may stay of a filled plan.
Does not own: the values (``llmlz.rehearsal.settle``), the plan (``llmlz.rehearsal.terraform``).

A plan hides every argument that holds an ARN of something that is not there yet, policies above all, and a check that
finds no policy is content. Settling computes such values from the rendered expressions; but it also invents what only a
provider can know, and a check would take that for configured.
"""

import copy
from collections.abc import Mapping
from typing import Any

from llmlz.rehearsal import settle
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import Rehearsal
from llmlz.rehearsal.render import Rendered
from llmlz.rehearsal.schema import Schema


def resolved(rehearsal: Rehearsal, provider: ProviderBlock, schema: Schema | None = None) -> dict[str, Any] | None:
    """The plan of a rehearsal with every configured argument known; ``None`` when it came to no plan.

    ``provider`` and ``schema`` are those that it was rehearsed with. The plan itself stays as it is.
    """
    if rehearsal.plan is None:
        return None
    return resolve(rehearsal.plan, rehearsal.rendered, provider, schema or Schema.committed())


def resolve(plan: Mapping[str, Any], rendered: Rendered, provider: ProviderBlock, schema: Schema) -> dict[str, Any]:
    """The same for a plan of Terraform itself, and the document that it is the plan of."""
    filled = settle.resolved(plan, rendered, provider, schema)
    unknown = {c["address"]: c["change"].get("after_unknown") or {} for c in plan["resource_changes"]}
    for resource in filled["planned_values"]["root_module"].get("resources", []):
        address = resource["address"]
        type_, _, label = address.partition(".")
        configured = rendered.document.get("resource", {}).get(type_, {}).get(label, {})
        resource["values"] = _kept(resource.get("values") or {}, unknown.get(address), configured)
    for change in filled["resource_changes"]:
        values = {r["address"]: r["values"] for r in filled["planned_values"]["root_module"].get("resources", [])}
        if change["address"] in values:
            change["change"]["after"] = copy.deepcopy(values[change["address"]])
    return filled


def _kept(value: Any, unknown: Any, configured: Any) -> Any:
    """``value`` without what is neither known nor configured."""
    if isinstance(unknown, Mapping) and isinstance(value, Mapping):
        given = configured if isinstance(configured, Mapping) else {}
        return {
            name: _said(inner) if unknown.get(name) is True else _kept(inner, unknown.get(name), given.get(name))
            for name, inner in value.items()
            if not (unknown.get(name) is True and given.get(name) in (None, [], {}))
        }
    if isinstance(unknown, list) and isinstance(value, list):
        several = configured if isinstance(configured, list) else [configured]
        parts = [*unknown, *([None] * len(value))]
        return [_kept(item, part, _behind(item, part, several)) for item, part in zip(value, parts, strict=False)]
    return value


def _said(value: Any) -> Any:
    """A filled value without the members that a document has to name and leaves empty: a plan has no null there."""
    if isinstance(value, Mapping):
        return {name: _said(inner) for name, inner in value.items() if inner is not None}
    return [_said(item) for item in value] if isinstance(value, list) else value


def _behind(item: Any, unknown: Any, given: list[Any]) -> Any:
    """What is configured behind an element: everything that any element says which agrees with what is known of this one."""
    if not isinstance(item, Mapping) or not isinstance(unknown, Mapping):
        return given[0] if given else None
    found: dict[str, Any] = {}
    for one in given:
        if isinstance(one, Mapping) and all(
            one[name] == value
            for name, value in item.items()
            if name in one and not unknown.get(name) and isinstance(value, str | int) and "${" not in str(one[name])
        ):
            found |= one
    return found
