"""Side doors to models: who opens one, and where the policies of an organization keep it shut."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from policies.pack import _organization
from policies.pack._documents import Statement, parse
from policies.pack._grants import INLINE, PERMISSION_SET_POLICY, POLICY, ROLE, groups, is_boundary, statements
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import UnreadableError
from policies.pack.model._attempt import attempt

GRANTING = (POLICY, ROLE, PERMISSION_SET_POLICY, *INLINE)
IN_AN_ORGANIZATION = (_organization.POLICY, _organization.UNIT, _organization.ACCOUNT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """One way to a model that passes by guardrails, logs or roles."""

    name: str
    """What is allowed or denied, for messages."""

    opened_by: Callable[[Statement], bool]
    """An Allow that lets somebody through, at least at times."""

    shut_by: Callable[[Statement], bool]
    """A Deny that lets nobody through, whatever else is allowed."""


def shut(subjects: Sequence[Resource], context: Context, doors: Sequence[Door]) -> Iterator[Result]:
    """No policy of this stack opens a door, and the service control policies on its units keep each shut."""

    def closed(resource: Resource, context: Context) -> Result:
        return together(require(not _opened(resource, context, d), f"{resource.name} allows {d.name}") for d in doors)

    yield from (attempt(closed, s, context) for s in subjects if s.type in GRANTING)
    if any(s.type in IN_AN_ORGANIZATION for s in subjects):
        yield from _denied(context, doors)


def spares_nothing(statement: Statement) -> bool:
    """A Deny on every resource, at every moment, for every principal."""
    return not statement.allows and not statement.conditions and "*" in statement.resources


def _opened(resource: Resource, context: Context, door: Door) -> bool:
    """A boundary grants nothing, but whoever has it counts on what it leaves out."""
    held = statements(resource)
    if not any(door.opened_by(s) for s in held):
        return False
    around = (held,) if is_boundary(resource, context) else groups(resource, context)
    return not all(any(door.shut_by(s) for s in group) for group in around)


def _denied(context: Context, doors: Sequence[Door]) -> Iterator[Result]:
    on = _organization.attached(context, _organization.SERVICE_CONTROL)
    made = [r.urn for r in context.of_type(_organization.UNIT, _organization.ACCOUNT)]
    if not on and not made and _organization.of_kind(context, _organization.SERVICE_CONTROL):
        yield violated("the service control policies of this stack are attached to nothing")
    for target in dict.fromkeys([*on, *made]):
        name = target.rpartition("::")[2]
        above = [p for each in _organization.upwards(target, on, context) for p in on.get(each, ())]
        try:
            held = [s for p in above for s in parse(p.inputs.get("content"), "identity", f"content of {p.name}")]
        except UnreadableError as error:
            yield indeterminate(f"{name}: cannot be decided: {error}")
            continue
        for door in doors:
            denied = any(door.shut_by(s) for s in held)
            yield require(denied, f"no service control policy on {name} denies {door.name}")
