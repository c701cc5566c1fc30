"""What would be known after a perfect apply, computed from a plan: no API, no emulator.

Owns: values for what a plan leaves unknown but the document configures, and the form of a state file.
Does not own: the plan (``terraform``), the document (``render``), what nobody configures (``invent``).
"""

import copy
import json
import re
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmlz.rehearsal.invent import EXPRESSION, Invented
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered
from llmlz.rehearsal.schema import Schema

STATE = "terraform.tfstate"
TRIMMED = re.compile(r'trimprefix\((.*), "(.*)"\)')
LAST = re.compile(r'reverse\(split\("(.)", (.*)\)\)\[0\]')
FIRST = re.compile(r'split\("(.)", (.*)\)\[0\]')
LINEAGE = uuid.uuid5(uuid.NAMESPACE_URL, "https://llmlz.invalid/settled")


def resolved(
    plan: Mapping[str, Any], rendered: Rendered, provider: ProviderBlock, schema: Schema | None = None
) -> dict[str, Any]:
    """The plan with every argument that is configured but unknown filled in, and nothing invented beside it.

    Scanners read policies, roles and keys in it that a plain plan hides.
    """
    settled = _Settled(plan, rendered, provider, schema or Schema.committed())
    filled = copy.deepcopy(dict(plan))
    values = {
        r["address"]: r.setdefault("values", {}) for r in filled["planned_values"]["root_module"].get("resources", [])
    }
    for change in filled["resource_changes"]:
        address = change["address"]
        if address in settled.changes:
            configured = set(change["change"].get("after_unknown") or {}) & set(settled.configuration(address))
            known = {name: settled.attributes(address)[name] for name in sorted(configured)}
            change["change"]["after"] |= known
            values[address] |= known
    return filled


def settled_state(
    plan: Mapping[str, Any], rendered: Rendered, provider: ProviderBlock, schema: Schema | None = None
) -> dict[str, Any]:
    """The state after a perfect apply of ``plan``, in the form of a state file; the next plan over it is empty."""
    schema = schema or Schema.committed()
    settled = _Settled(plan, rendered, provider, schema)
    return {
        "version": 4,
        "terraform_version": plan["terraform_version"],
        "serial": 1,
        "lineage": str(LINEAGE),
        "outputs": {},
        "resources": [settled.instance(address) for address in sorted(settled.changes)],
        "check_results": None,
    }


def write_state(state: Mapping[str, Any], folder: Path) -> None:
    """Put a state where the next plan in ``folder`` finds it."""
    (folder / STATE).write_text(json.dumps(state, indent=1, sort_keys=True), encoding="utf-8")


class _Settled:
    """The values of one plan."""

    def __init__(self, plan: Mapping[str, Any], rendered: Rendered, provider: ProviderBlock, schema: Schema) -> None:
        self.rendered, self.schema = rendered, schema
        self.changes = {
            change["address"]: change
            for change in plan["resource_changes"]
            if change["mode"] == "managed" and change["change"]["actions"] != ["delete"]
        }
        self.invented = Invented(rendered, provider, schema)
        self.done: dict[str, dict[str, Any]] = {}

    def instance(self, address: str) -> dict[str, Any]:
        """One resource of a state file, always on the default provider: what is deleted next needs no block of its own."""
        change = self.changes[address]
        value = {
            "schema_version": self.schema.state_version(change["type"]),
            "attributes": self.attributes(address),
            "sensitive_attributes": _marks(change["change"].get("after_sensitive") or {}),
        }
        return {
            "mode": "managed",
            "type": change["type"],
            "name": change["name"],
            "provider": f'provider["{change["provider_name"]}"]',
            "instances": [value],
        }

    def configuration(self, address: str) -> dict[str, Any]:
        """The arguments in the document."""
        type_, label = address.split(".")
        arguments: dict[str, Any] = self.rendered.document["resource"][type_][label]
        return arguments

    def attributes(self, address: str) -> dict[str, Any]:
        """Every attribute of a resource."""
        if address not in self.done:
            change = self.changes[address]
            self.done[address] = dict(change["change"]["after"])  # what is known so far ends a circle
            type_ = self.schema.block(change["type"]).type
            unknown = change["change"].get("after_unknown") or {}
            self.done[address] = self._fill(self.done[address], unknown, type_, self.configuration(address), address)
        return self.done[address]

    def _fill(self, value: Any, unknown: Any, type_: Any, configured: Any, path: str) -> Any:
        if unknown is True:
            return self._known(type_, configured, path)
        kind, inner = type_ if isinstance(type_, list) else ("", {})
        if isinstance(unknown, Mapping):
            filled = dict(value or {})
            for name in (name for name, part in unknown.items() if _any(part)):
                member = inner[name] if kind == "object" else inner
                given = configured.get(name) if isinstance(configured, Mapping) else None
                filled[name] = self._fill(filled.get(name), unknown[name], member, given, f"{path}.{name}")
            return filled
        if isinstance(unknown, list) and isinstance(value, list):
            given = configured if isinstance(configured, list) else []
            at = f"tolist({path})" if kind == "set" else path
            return [
                self._fill(item, part, inner, _alike(item, given, index), f"{at}[{index}]") if _any(part) else item
                for index, (item, part) in enumerate(zip(value, unknown, strict=False))
            ]
        return value

    def _known(self, type_: Any, configured: Any, path: str) -> Any:
        if configured not in (None, [], {}):
            value = self._evaluate(configured)
            return int(value) if type_ == "number" and isinstance(value, str) else value
        return self.invented.value(type_, path)

    def _evaluate(self, value: Any) -> Any:
        """A configured value with every expression in it computed."""
        if isinstance(value, list):
            return [self._evaluate(item) for item in value]
        if isinstance(value, Mapping):
            return {name: self._evaluate(item) for name, item in value.items()}
        if not isinstance(value, str):
            return value
        if whole := EXPRESSION.fullmatch(value):
            return self._expression(whole[1])
        text = EXPRESSION.sub(lambda found: str(self._expression(found[1])), value)
        return text.replace("$${", "${").replace("%%{", "%{")

    def _expression(self, text: str) -> Any:
        """An expression; only those that a renderer writes can occur."""
        if found := TRIMMED.fullmatch(text):
            return self._expression(found[1]).removeprefix(found[2])
        if found := LAST.fullmatch(text):
            return self._expression(found[2]).rpartition(found[1])[2]
        if found := FIRST.fullmatch(text):
            return self._expression(found[2]).partition(found[1])[0]
        type_, label, path = text.replace("tolist(", "").replace(")", "").split(".", 2)
        value: Any = self.attributes(f"{type_}.{label}")
        for step in re.findall(r"[a-z0-9_]+|\[\d+\]", path):
            value = value[int(step[1:-1])] if step.startswith("[") else value[step]
        return value


def _any(unknown: Any) -> bool:
    return unknown not in (False, None, {}, [])


def _alike(item: Any, configured: list[Any], index: int) -> Any:
    """The configured element behind a planned one: sets have an order of their own."""
    if isinstance(item, Mapping):
        for candidate in configured:
            shared = [
                n
                for n, v in item.items()
                if isinstance(v, str | int) and isinstance(candidate, Mapping) and n in candidate
            ]
            if shared and all(item[n] == candidate[n] for n in shared):
                return candidate
    return configured[index] if index < len(configured) else None


def _marks(tree: Any, path: tuple[dict[str, Any], ...] = ()) -> list[Any]:
    """Paths of sensitive values as a state file has them."""
    if tree is True:
        return [list(path)]
    if isinstance(tree, Mapping):
        return [m for name, t in tree.items() for m in _marks(t, (*path, {"type": "get_attr", "value": name}))]
    if isinstance(tree, list):
        steps = [{"type": "index", "value": {"value": index, "type": "number"}} for index in range(len(tree))]
        return [m for step, t in zip(steps, tree, strict=True) for m in _marks(t, (*path, step))]
    return []
