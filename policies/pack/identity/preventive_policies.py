"""Service control policies bind whoever administers an account; what only an account's own policies say, it can change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policies.pack._documents import Statement
from policies.pack._rule import Context, Resource, Result
from policies.pack.identity._organization import each_target

SERVICE_CONTROL = "SERVICE_CONTROL_POLICY"
ROLE = re.compile(r"arn:[^:*?]+:iam::[^:?]+:role/[^*?]+")
"""One role by its name, in whichever account."""

SPARING = ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals")
REGION_KEY = "aws:requestedregion"
REGIONS = ("StringNotEquals", "StringNotLike")
REGION = re.compile(r"[a-z0-9-]+")
"""Written out: a pattern would admit regions that do not exist yet. A global profile asks for ``unspecified``."""

MODEL = re.compile(
    r"arn:[^:]+:bedrock:[^:]*:[^:]*:"
    r"((application-)?inference-profile/.+"  # the model behind a profile is checked as well
    r"|[a-z-]+/[^*?]+)"
)


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each target with such policies lacks none of what ``needs`` lists."""
    return each_target(context, SERVICE_CONTROL, "identity", lambda found: _lacks(found, context.needs))


def _lacks(statements: Sequence[Statement], needs: Mapping[str, Any]) -> Iterator[str]:
    denies = [s for s in statements if not s.allows]
    everywhere = [s for s in denies if "*" in s.resources]
    checks = (
        ("never", everywhere, _always, "not denied to everyone"),
        ("tampering", everywhere, _but_for_roles, "not denied to everyone but named roles"),
        ("regional", everywhere, _outside_regions, "not denied outside named regions"),
        ("models", denies, _other_models, "not denied on all but named models"),
    )
    for name, among, holds, words in checks:
        fitting = [s for s in among if holds(s)]
        missing = _uncovered(needs[name], fitting)
        if missing:
            yield f"{', '.join(missing)}: {words}"


def _uncovered(actions: Iterable[str], denies: Sequence[Statement]) -> list[str]:
    return [action for action in actions if not any(s.covers(action) for s in denies)]


def _always(statement: Statement) -> bool:
    return not statement.conditions


def _but_for_roles(statement: Statement) -> bool:
    return all(_spares_roles(at, values) for at, values in statement.conditions.items())


def _outside_regions(statement: Statement) -> bool:
    """The regions are named; that some roles are spared besides leaves the statement what it is."""
    named = [
        v for (op, key), values in statement.conditions.items() if key == REGION_KEY and op in REGIONS for v in values
    ]
    others = [(at, v) for at, v in statement.conditions.items() if at[1] != REGION_KEY or at[0] not in REGIONS]
    return bool(named) and all(map(REGION.fullmatch, named)) and all(_spares_roles(at, v) for at, v in others)


def _other_models(statement: Statement) -> bool:
    """Everything but what ``NotResource`` lists, which names each model."""
    listed = statement.not_resources
    return not statement.conditions and bool(listed) and all(map(MODEL.fullmatch, listed))


def _spares_roles(at: tuple[str, str], values: Iterable[str]) -> bool:
    operator, key = at
    return operator in SPARING and key == "aws:principalarn" and all(map(ROLE.fullmatch, values))
