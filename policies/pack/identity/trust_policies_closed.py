"""A role is assumed by named principals, and by a service only on behalf of a known account."""

from policies.pack._documents import Statement, parse
from policies.pack._rule import Context, Resource, Result, require, together, violated

POSITIVE = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
"""Operators that refuse when the key is missing; ``IfExists`` forms do not, and are not counted."""

ORIGIN = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths")


def decide(resource: Resource, context: Context) -> Result:
    """No Allow for everyone; services outside ``needs.without_origin`` carry their origin; federation is narrowed."""
    allows = [s for s in parse(resource.inputs.get("assumeRolePolicy"), "trust", "assumeRolePolicy") if s.allows]
    return together(r for s in allows for r in _checks(s, context.needs["without_origin"]))


def _checks(statement: Statement, exempt: dict[str, str]) -> list[Result]:
    if statement.everyone:
        return [violated("everyone may assume the role")]
    services = [s for s in statement.principals.get("Service", ()) if s not in exempt]
    narrowed = any(op in POSITIVE and key.endswith((":aud", ":sub")) for op, key in statement.conditions)
    return [
        *(require(_has_origin(statement), f"{s} may assume the role for any account") for s in services),
        require("Federated" not in statement.principals or narrowed, "a federated trust has no aud or sub condition"),
    ]


def _has_origin(statement: Statement) -> bool:
    return any(
        op in POSITIVE and key in ORIGIN and not any(set(v) <= {"*", "?"} for v in values)
        for (op, key), values in statement.conditions.items()
    )
