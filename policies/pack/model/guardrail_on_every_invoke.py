"""Whoever may call a model is refused without an accepted version of a guardrail.

Only an explicit Deny binds: an Allow with the condition is undone by any other Allow. A test for a missing guardrail is
not enough either, since callers could bring one of their own.
"""

import re

from policies.pack._documents import Statement, matches
from policies.pack._grants import groups, is_boundary, statements
from policies.pack._rule import HOLDS, Context, Resource, Result, together, violated
from policies.pack._use import INVOKE

GUARDRAIL_KEY = "bedrock:GuardrailIdentifier"
PINNED = re.compile(r"arn:[^:*?]+:bedrock:[^:*?]+:[^:*?]+:guardrail/[^:*?/]+:(?!DRAFT$)[A-Za-z0-9]+")
"""ARN and version; the ARN alone means the draft, which its owner can change under the callers.

That the ARN is one of a guardrail is not asked: a Deny unless the key equals something else refuses every call.
"""

MAY_BE_LEFT_OUT = (
    "arn:*:bedrock:*:*:application-inference-profile/*",
    "arn:*:bedrock:*::foundation-model/*embed*",
    "arn:*:bedrock:*::foundation-model/*rerank*",
)
"""What a Deny may spare by name: profiles, since the model behind one is checked as well, and models that no guardrail
can look at (docs.aws.amazon.com/bedrock/latest/userguide/guardrails-supported.html, 2026-11)."""


def decide(resource: Resource, context: Context) -> Result:
    """Every grant of a call has a Deny beside it that names the accepted guardrail versions."""
    if is_boundary(resource, context):
        return HOLDS
    grants = [s for s in statements(resource) if s.allows]
    results = []
    for action in INVOKE:
        wide = [s for s in grants if s.covers(action)]
        if wide and not all(_guarded(action, wide, group) for group in groups(resource, context)):
            results.append(violated(f"{action} is allowed without a Deny unless {GUARDRAIL_KEY} is a pinned version"))
    return together(results)


def _guarded(action: str, grants: list[Statement], group: tuple[Statement, ...]) -> bool:
    denies = [s for s in group if not s.allows and s.covers(action) and _names_versions(s)]
    return all(any(_reaches(deny, grant) for deny in denies) for grant in grants)


def _names_versions(deny: Statement) -> bool:
    versions = deny.only_condition("StringNotEquals", GUARDRAIL_KEY)
    return bool(versions) and all(PINNED.fullmatch(v) for v in versions)


def _reaches(deny: Statement, grant: Statement) -> bool:
    if deny.not_resources:
        return all(any(matches(pattern, left_out) for pattern in MAY_BE_LEFT_OUT) for left_out in deny.not_resources)
    return deny.spans(grant)
