"""What a guardrail that is applied to every call must look at, whoever applies it: the account or the organization."""

import re
from collections.abc import Iterable, Iterator, Sequence

from policies.pack._documents import matches
from policies.pack._rule import Context, Resource, Result, require

VERSION = "aws:bedrock/guardrailVersion:GuardrailVersion"
NUMBER = re.compile(r"[1-9][0-9]{0,7}")
"""docs.aws.amazon.com/bedrock/latest/APIReference/API_AccountEnforcedGuardrailInferenceInputConfiguration.html (2026-11)"""


def looks_at_all_models(
    included: Sequence[str] | None, excluded: Iterable[str], may_be_left_out: Iterable[str]
) -> Iterator[Result]:
    """All models but those that no guardrail can look at; ``included`` is ``None`` where nothing says which."""
    if included is not None:
        yield require("ALL" in included, f"only the models {', '.join(included) or '(none)'} are looked at")
    patterns = list(may_be_left_out)
    for model in excluded:
        yield require(any(matches(p, model) for p in patterns), f"the model {model} is left out")


def comes_from_a_version(resource: Resource, at: str, context: Context) -> bool:
    """The input is built from the number of a guardrail version that the same stack publishes."""
    published = {version.urn for version in context.of_type(VERSION)}
    return any(r.at == at and r.to in published and r.output in (None, "version") for r in resource.references)
