"""A role does what it is for, on what it is for: no way to more rights, no data of others, no resource left open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from policies.pack._documents import POSITIVE, Statement, matches
from policies.pack._grants import ROLE, attached_arns, is_boundary, statements
from policies.pack._relations import name_in
from policies.pack._rule import HOLDS, Context, Resource, Result, together, violated
from policies.pack._values import text

REFUSING = (*POSITIVE, "ForAnyValue:StringEquals", "ForAnyValue:StringLike")
"""Operators that refuse where the key is missing."""

PASS_ROLE, PASSED_TO = "iam:PassRole", "iam:passedtoservice"
ONE_ROLE = re.compile(r"arn:[^:]+:iam::[^:]+:role/[^*?]+")
BY_NAME_ALONE = ("s3", "sns", "sqs")
"""Services whose ARNs say no kind before the name:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """Nothing of ``needs.escalation``; roles are passed by name; whatever ``needs.everywhere`` lacks names resources."""
    if is_boundary(resource, context):
        return HOLDS
    needs = context.needs
    allows = [s for s in statements(resource) if s.allows]
    wide = [violated(f"{arn} is attached") for arn in attached_arns(resource) if _too_wide(arn, needs["policies"])]
    escalating = [violated(said) for s in allows for said in _escalates(s, needs)]
    open_ = [said for s in allows for said in _left_open(s, needs)]
    rescued = bool(open_) and _role_name(resource) in needs["rescue"]
    return together([*wide, *escalating, *(violated(said) for said in open_ if not rescued)])


def _too_wide(arn: str, patterns: Iterable[str]) -> bool:
    return ":iam::aws:" in arn and any(matches(pattern, name_in(arn)) for pattern in patterns)


def _escalates(statement: Statement, needs: Mapping[str, Any]) -> Iterator[str]:
    found = [action for action in needs["escalation"] if statement.covers(action)]
    if found:
        yield f"{_few(found)} would give the role more rights"
    attaching = [action for action in needs["attaching"] if statement.covers(action)]
    if attaching and not _narrowed(statement, ["iam:policyarn"]):
        yield f"{_few(attaching)} is allowed for any policy"
    if statement.covers(PASS_ROLE):
        if statement.not_resources or not all(map(ONE_ROLE.fullmatch, statement.resources)):
            yield f"{PASS_ROLE} is allowed for {_few(statement.resources) or 'all roles but a few'}"
        if not _narrowed(statement, [PASSED_TO], exact=True):
            yield f"{PASS_ROLE} is allowed without {PASSED_TO}"


def _left_open(statement: Statement, needs: Mapping[str, Any]) -> Iterator[str]:
    """What is allowed on all resources of a kind, and neither belongs there nor is narrowed by a condition."""
    wide = [r for r in statement.resources if _open(r)]
    if not (wide or statement.not_resources):
        return
    on = _few(wide) or "all resources but a few"
    if statement.not_actions:
        yield f"all actions but a few are allowed on {on}"
    content = [a for a in needs["content"] if statement.covers(a)]
    loose = [a for a in statement.actions if not any(matches(known, a) for known in needs["everywhere"])]
    if (content or loose) and not _narrowed(statement, needs["narrowing"]):
        yield f"{_few([*loose, *content])} is allowed on {on}"


def _open(pattern: str) -> bool:
    """The ARN says at most what kind of thing it is, and not which."""
    if pattern == "*":
        return True
    _, _, service, _, account, rest = pattern.split(":", 5)
    parts = [part for part in re.split(r"[/:]", rest) if part]
    by_name = service in BY_NAME_ALONE and not (service == "s3" and account)
    return not parts or _any(parts[0]) or (not by_name and len(parts) > 1 and _any(parts[1]))


def _any(part: str) -> bool:
    return set(part) <= {"*", "?"}


def _narrowed(statement: Statement, keys: Iterable[str], *, exact: bool = False) -> bool:
    """A condition on one of these keys, or on one that begins like it where it ends in a slash, names something."""
    return any(
        op in REFUSING
        and any(key == k.lower() or (k.endswith("/") and key.startswith(k.lower())) for k in keys)
        and not any(_any(v) or (exact and ("*" in v or "?" in v)) for v in values)
        for (op, key), values in statement.conditions.items()
    )


def _role_name(resource: Resource) -> str:
    return name_in(text(resource.inputs, "name" if resource.type == ROLE else "role") or "")


def _few(values: Iterable[str]) -> str:
    """The first ones, for a message."""
    shown, listed = 3, list(dict.fromkeys(values))
    return ", ".join(listed[:shown]) + (f" and {len(listed) - shown} more" if len(listed) > shown else "")
