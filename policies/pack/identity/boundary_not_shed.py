"""Whoever may make roles, or change policies, cannot get rid of the boundary by it.

Behind a boundary that its holder may take off, edit, or leave out of the next role, there is no limit at all.
"""

import re
from collections.abc import Iterator, Sequence

from policies.pack._documents import POSITIVE, Statement, matches
from policies.pack._grants import ROLE, USER, groups, statements
from policies.pack._rule import Context, Resource, Result, together, violated
from policies.pack._values import text

KEY = "iam:permissionsboundary"
OURS = re.compile(r"arn:[^:]+:iam::(?!aws:)[^:]+:policy/[^*?]+")
"""One policy of a customer by its name; AWS's own bound nothing, and a pattern admits one of the caller's."""

MUST_NOT_MISS = ("StringNotEquals", "StringNotLike", "ArnNotEquals", "ArnNotLike")
"""Matches a role without a boundary as well: a negated operator does where the key is missing
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html, 2026-11)."""


def decide(resource: Resource, context: Context) -> Result:
    """Every grant of ``needs.make``, ``needs.remove`` and ``needs.edit`` stops at the boundary; a boundary's as well."""
    allows = [s for s in statements(resource) if s.allows]
    beside = groups(resource, context) if allows else ()
    return together(violated(said) for group in beside for said in _sheds(allows, group, context))


def _sheds(allows: Sequence[Statement], group: Sequence[Statement], context: Context) -> Iterator[str]:
    denies = [s for s in group if not s.allows]
    for action in context.needs["make"]:
        kept = [d for d in denies if d.covers(action) and (not d.conditions or _bounded(d, MUST_NOT_MISS))]
        wide = [a for a in allows if a.covers(action) and not _has(a, POSITIVE)]
        if not all(any(d.spans(a) for d in kept) for a in wide):
            yield f"{action} is allowed without a boundary that is named"
    for action in context.needs["remove"]:
        kept = [d for d in denies if d.covers(action) and not d.conditions]
        if not all(any(d.spans(a) for d in kept) for a in allows if a.covers(action)):
            yield f"{action} is allowed"
    for action in context.needs["edit"]:
        wide = [a for a in allows if a.covers(action)]
        kept = [d for d in denies if d.covers(action) and not d.conditions]
        for arn in _boundaries(context) if wide else ():
            if any(_speaks_of(a, arn) for a in wide) and not any(_speaks_of(d, arn) for d in kept):
                yield f"{action} is allowed on {arn}"


def _bounded(statement: Statement, operators: Sequence[str]) -> bool:
    return len(statement.conditions) == 1 and _has(statement, operators)


def _has(statement: Statement, operators: Sequence[str]) -> bool:
    return any(
        op in operators and key == KEY and all(map(OURS.fullmatch, values))
        for (op, key), values in statement.conditions.items()
    )


def _speaks_of(statement: Statement, arn: str) -> bool:
    """A pattern of the statement takes the boundary in, and no exception leaves it out."""
    if statement.not_resources:
        return not any(matches(_anywhere(pattern), arn) for pattern in statement.not_resources)
    return any(matches(_anywhere(pattern), arn) for pattern in statement.resources)


def _boundaries(context: Context) -> list[str]:
    """ARNs of the boundaries that the bootstrap makes, and of all that principals of this stack carry."""
    made = {f"arn:aws:iam::{context.stack.account}:policy/{name}" for name in context.needs["boundaries"]}
    worn = (text(principal.inputs, "permissionsBoundary") for principal in context.of_type(ROLE, USER))
    return sorted({*made, *(_anywhere(arn) for arn in worn if arn)})


def _anywhere(arn: str) -> str:
    """The ARN with one partition's name for all, since an account has but one."""
    return re.sub(r"^arn:[^:]+:", "arn:aws:", arn)
