"""Models are called through the inference profiles of teams alone: what goes past them is on nobody's account."""

import re

from policies.pack._documents import POSITIVE, Statement
from policies.pack._grants import is_boundary, statements
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._tags import has_tags, tags_of
from policies.pack._use import calls_models

PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
THROUGH = "bedrock:inferenceprofilearn"
"""As a condition in a grant, it is missing in a call of the model itself:
docs.aws.amazon.com/service-authorization/latest/reference/list_bedrock.html (2026-11)"""

OWN = re.compile(r"arn:[^:*?]+:bedrock:[^:*?]+:[^:*?]*:application-inference-profile/[^:*?/]+")
"""One profile of a team."""


def decide(resource: Resource, context: Context) -> Result:
    """A profile has the tags in ``needs.tags``; a grant names team profiles, or models only through these."""
    if resource.type == PROFILE:
        return has_tags(tags_of(resource, context), context.needs["tags"])
    if is_boundary(resource, context):
        return HOLDS
    grants = [s for s in statements(resource) if s.allows and calls_models(s)]
    return together(_through_profiles(grant) for grant in grants)


def _through_profiles(grant: Statement) -> Result:
    bound = [values for (operator, key), values in grant.conditions.items() if key == THROUGH and operator in POSITIVE]
    if any(all(OWN.fullmatch(v) for v in values) for values in bound):
        return HOLDS
    past = [r for r in grant.resources if not OWN.fullmatch(r)] or [f"all but {r}" for r in grant.not_resources]
    named = ", ".join(v for values in bound for v in values)
    why = f"bedrock:InferenceProfileArn is {named}" if named else "without bedrock:InferenceProfileArn"
    return require(not past, f"calls are allowed on {', '.join(past)} {why}")
