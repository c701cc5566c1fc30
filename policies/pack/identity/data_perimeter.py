"""What the accounts own answers to the organization alone, whatever a bucket's or a key's own policy says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from policies.pack._documents import Statement
from policies.pack._rule import Context, Resource, Result
from policies.pack.identity._organization import each_target

RESOURCE_CONTROL = "RESOURCE_CONTROL_POLICY"
ORGANIZATION = re.compile(r"o-[a-z0-9]{10,32}|\$\{aws:ResourceOrgID\}")
UNLIKE = ("StringNotEquals", "StringNotEqualsIfExists")
"""Both match where the key is missing: a negated operator does without ``IfExists`` too
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, 2026-11)."""

BY_A_SERVICE = ("Bool", "BoolIfExists")
STRANGERS: Mapping[tuple[str, str], str] = {(op, "aws:principalisawsservice"): "false" for op in BY_A_SERVICE}
SERVICES: Mapping[tuple[str, str], str] = {
    **{(op, "aws:principalisawsservice"): "true" for op in BY_A_SERVICE},
    ("Null", "aws:sourceaccount"): "false",
    ("Null", "aws:sourcearn"): "false",
}
"""Conditions that may stand beside the one on the organization: they say of whom a statement speaks. A service that
names no account was passed what it takes:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each target with such policies denies ``needs.actions`` to strangers, and to services acting for strangers."""
    actions: list[str] = context.needs["actions"]
    return each_target(context, RESOURCE_CONTROL, "resource", lambda found: _lacks(found, actions))


def _lacks(statements: list[Statement], actions: Iterable[str]) -> Iterator[str]:
    for key, beside, whom in (
        ("aws:principalorgid", STRANGERS, "principals of other organizations"),
        ("aws:sourceorgid", SERVICES, "services that act for other organizations"),
    ):
        closing = [s for s in statements if _closes(s, key, beside)]
        open_ = [a for a in actions if not any(_whole(s, a) for s in closing)]
        if open_:
            yield f"{', '.join(open_)} are not denied to {whom}"


def _closes(statement: Statement, key: str, beside: Mapping[tuple[str, str], str]) -> bool:
    """A Deny to everyone on everything, unless the key is one organization; further conditions would narrow it."""
    named = [v for (op, k), values in statement.conditions.items() if k == key and op in UNLIKE for v in values]
    others = {at: v for at, v in statement.conditions.items() if at[1] != key or at[0] not in UNLIKE}
    return (
        statement.denies_everyone
        and "*" in statement.resources
        and len(named) == 1
        and ORGANIZATION.fullmatch(named[0]) is not None
        and all(values == (beside.get(at),) for at, values in others.items())
    )


def _whole(statement: Statement, action: str) -> bool:
    """The action, or all of its service, stands there; ``NotAction`` is not counted on."""
    service = action.partition(":")[0]
    return any(listed.lower() in ("*", f"{service}:*", action.lower()) for listed in statement.actions)
