"""Models are called from the platform's network alone, so that a stolen credential is of no use elsewhere.

The keys of an endpoint and its network are there only when a request came through one; a Deny unless they have a value
refuses all others: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (2026-11).
"""

import re
from collections.abc import Mapping

from policies.pack._documents import Statement
from policies.pack._grants import INLINE, ROLE, groups, is_boundary, statements
from policies.pack._relations import names
from policies.pack._roles import trust
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._use import INVOKE

PLACES = ("aws:sourcevpc", "aws:sourcevpce")
DENIED_UNLESS = ("StringNotEquals", "StringNotEqualsIfExists")
"""Both match when the key is missing, and so refuse what came another way."""

ID = re.compile(r"[A-Za-z0-9-]+")
"""Of an endpoint or a network: no pattern, and no variable."""


def decide(resource: Resource, context: Context) -> Result:
    """Every grant of a call has a Deny unless it comes through an endpoint, or allows it from there alone."""
    if is_boundary(resource, context):
        return HOLDS
    grants = [s for s in statements(resource) if s.allows]
    wide = {action: [s for s in grants if s.covers(action) and not _from_inside(s)] for action in INVOKE}
    found = together(
        require(
            all(_refused(action, open_, group) for group in groups(resource, context)),
            f"{action} is allowed from everywhere, without a Deny unless aws:SourceVpce or aws:SourceVpc is ours",
        )
        for action, open_ in wide.items()
        if open_
    )
    return HOLDS if found == HOLDS or _of_a_service(resource, context) else found


def _refused(action: str, grants: list[Statement], group: tuple[Statement, ...]) -> bool:
    denies = [s for s in group if not s.allows and s.covers(action) and _refuses_outside(s)]
    return all(any(deny.spans(grant) for deny in denies) for grant in grants)


def _refuses_outside(deny: Statement) -> bool:
    """Every condition is about the place: with one about something else, that something lets calls in."""
    return bool(deny.conditions) and all(
        operator in DENIED_UNLESS and key in PLACES and _exact(values)
        for (operator, key), values in deny.conditions.items()
    )


def _from_inside(grant: Statement) -> bool:
    return any(
        operator == "StringEquals" and key in PLACES and _exact(values)
        for (operator, key), values in grant.conditions.items()
    )


def _exact(values: tuple[str, ...]) -> bool:
    return bool(values) and all(ID.fullmatch(value) for value in values)


def _of_a_service(resource: Resource, context: Context) -> bool:
    """Only a service of ``needs.outside`` takes the role: it calls from a network of AWS, with nobody's endpoint."""
    role = _role(resource, context)
    if role is None:
        return False
    outside: Mapping[str, str] = context.needs["outside"]
    allows = trust(role)
    return bool(allows) and all(
        set(s.principals) == {"Service"} and set(s.principals["Service"]) <= set(outside) and not s.not_principals
        for s in allows
    )


def _role(resource: Resource, context: Context) -> Resource | None:
    if resource.type == ROLE:
        return resource
    if INLINE.get(resource.type) != "role":
        return None
    return next((role for role in context.of_type(ROLE) if names(resource, "role", role, "name")), None)
