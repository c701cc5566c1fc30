"""Nobody from outside reaches a vector bucket, whatever else its policy or anybody's role allows."""

import re
from collections.abc import Mapping, Sequence

from policies.pack._documents import Statement
from policies.pack._places import accounts
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack.data._vectors import policies_of, statements, whole

UNLESS = ("StringNotEquals", "StringNotEqualsIfExists")
"""Both refuse when the key is missing; the forms that know wildcards are not counted."""

MEMBERS = {
    "aws:principalaccount": re.compile(r"\d{12}"),
    "aws:principalorgid": re.compile(r"o-[a-z0-9]{10,32}"),
    "aws:sourcevpc": re.compile(r"[^*?$]+"),
    "aws:sourcevpce": re.compile(r"[^*?$]+"),
}
"""Key to what its values may be. A variable would compare a caller with itself."""

SPARED = {
    "aws:principalisawsservice": tuple(MEMBERS),
    "aws:viaawsservice": ("aws:sourcevpc", "aws:sourcevpce"),
}
"""What a perimeter may leave out: services that act by themselves, and services that call on behalf of a caller where
the perimeter is a network (docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html, 2026-11)."""


def decide(resource: Resource, context: Context) -> Result:
    """The bucket's policy allows nobody in general, and denies everything to whoever is not of ``MEMBERS``."""
    policies = policies_of(resource, context)
    if not policies:
        return violated("the vector bucket has no policy")
    if len(policies) > 1:
        return violated(f"{', '.join(p.name for p in policies)} replace each other: a bucket has one policy")
    found = [s for policy in policies for s in statements(policy)]
    perimeters = [key for s in found if (key := _perimeter(s))]
    return together(
        [
            *(violated("the policy allows everyone something") for s in found if s.allows and s.everyone),
            require(bool(perimeters), "no statement denies everything to everyone from outside"),
            *(_known(s, context) for s in found if _perimeter(s) == "aws:principalaccount"),
        ]
    )


def _perimeter(statement: Statement) -> str | None:
    """The key by which the statement tells who is outside; ``None`` for any other statement."""
    everything = bool({"*", "s3vectors:*"} & set(statement.actions))
    if not (statement.denies_everyone and everything and whole(statement)):
        return None
    by = [key for operator, key in statement.conditions if operator in UNLESS and key in MEMBERS]
    rest = {pair: values for pair, values in statement.conditions.items() if not (pair[0] in UNLESS and pair[1] in by)}
    if len(by) != 1 or not _only_services(rest, by[0]):
        return None  # with two keys, whoever has one of the two is let in
    return by[0] if all(MEMBERS[by[0]].fullmatch(v) for v in _members(statement, by[0])) else None


def _only_services(rest: Mapping[tuple[str, str], Sequence[str]], key: str) -> bool:
    return all(
        operator in ("Bool", "BoolIfExists") and key in SPARED.get(spared, ()) and tuple(values) == ("false",)
        for (operator, spared), values in rest.items()
    )


def _members(statement: Statement, key: str) -> Sequence[str]:
    return next(values for (operator, k), values in statement.conditions.items() if k == key and operator in UNLESS)


def _known(statement: Statement, context: Context) -> Result:
    """Accounts inside the perimeter are accounts of the estate."""
    strangers = sorted(set(_members(statement, "aws:principalaccount")) - accounts(context))
    return indeterminate(f"whose account {', '.join(strangers)} is, is not known here") if strangers else HOLDS
