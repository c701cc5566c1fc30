"""A database tells outside of itself what happens in it, and from the level where it must, who did what."""

from collections.abc import Iterator

from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import texts
from policies.pack.data._database import engine_of, parameter

CLASSES = frozenset({"ddl", "function", "misc", "misc_set", "read", "role", "write"})
"""What ``all`` stands for in ``pgaudit.log``; a class with a minus takes it away again
(github.com/pgaudit/pgaudit, 2026-11)."""


def decide(resource: Resource, context: Context) -> Result:
    """The logs of ``needs.logs`` are exported, and the parameters of ``needs.audit`` hold what they must."""
    engine = engine_of(resource)
    logs, audit = context.needs["logs"].get(engine), context.needs["audit"]
    if logs is None or (audit and engine not in audit):
        return indeterminate(f"how the engine {engine!r} is audited is not known to this control")
    missing = [log for log in logs if log not in texts(resource.inputs, "enabledCloudwatchLogsExports")]
    exported = require(not missing, f"enabledCloudwatchLogsExports leaves out {', '.join(missing)}")
    return together([exported, *_audited(resource, context, audit.get(engine, {}))])


def _audited(resource: Resource, context: Context, wanted: dict[str, list[str]]) -> Iterator[Result]:
    for name, items in wanted.items():
        found = parameter(resource, context, name)
        if not found:
            yield violated(f"no parameter group sets {name}")
        for value in found:
            missing = sorted(set(items) - _items(value))
            yield require(not missing, f"{name} is {value!r}, without {', '.join(missing)}")


def _items(value: str) -> frozenset[str]:
    items: frozenset[str] = frozenset()
    for word in value.lower().split(","):
        name = word.strip().removeprefix("-")
        meant = CLASSES if name == "all" else frozenset({name})
        items = items - meant if word.strip().startswith("-") else items | meant
    return items
