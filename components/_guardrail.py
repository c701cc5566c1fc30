"""A guardrail and its published versions: one shape, whoever owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

HARM_FILTERS = ("HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE")
"""https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GuardrailContentFilterConfig.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardrailRules:
    """What the guardrail looks for."""

    blocked_words: Sequence[str]
    """Exact words and phrases that block a prompt or an answer."""

    harm_strength: str
    """``LOW``, ``MEDIUM`` or ``HIGH`` for every kind of harm."""

    pii: Mapping[str, str]
    """Kind of personal data to ``BLOCK`` or ``ANONYMIZE``."""

    grounding_threshold: float | None = None
    """How well the sources that a call brings must bear out the answer, and the answer fit the question: 0 to 0.99. Not
    checked if left out, or where a call does not say what are sources and what is the question:
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html (2026-11)."""

    profanity: bool = True
    """AWS's own list of profane words blocks too; pass ``False`` to leave it out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardrailShape:
    """What differs between guardrails."""

    labels: Sequence[str]
    """Published versions, oldest first. A label is identity: what it published never changes."""

    physical_name: str
    """Name in the account and region."""

    rules: GuardrailRules
    """What the guardrail looks for."""

    kms_key_arn: pulumi.Input[str] | None = None
    """Key that encrypts the rules; AWS's own if left out."""


def published_guardrail(
    name: str, shape: GuardrailShape, parent: pulumi.Resource
) -> tuple[aws.bedrock.Guardrail, list[aws.bedrock.GuardrailVersion]]:
    """A protected guardrail under ``name`` and a version per label, ``<name>-<label>``, all children of ``parent``."""
    rules = shape.rules
    guardrail = aws.bedrock.Guardrail(
        name,
        name=shape.physical_name,
        description="Every model call of this landing zone passes this guardrail.",
        blocked_input_messaging="This request was stopped by the company's rules for the use of language models.",
        blocked_outputs_messaging="This answer was stopped by the company's rules for the use of language models.",
        kms_key_arn=shape.kms_key_arn,
        content_policy_config={"filters_configs": content_filters(rules.harm_strength)},
        contextual_grounding_policy_config=grounding(rules.grounding_threshold),
        sensitive_information_policy_config={
            "pii_entities_configs": [{"type": kind, "action": action} for kind, action in sorted(rules.pii.items())]
        },
        word_policy_config={
            "managed_word_lists_configs": [{"type": "PROFANITY"}] if rules.profanity else [],
            "words_configs": [{"text": word} for word in rules.blocked_words],
        },
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    versions = [
        aws.bedrock.GuardrailVersion(
            f"{name}-{label}",
            guardrail_arn=guardrail.guardrail_arn,
            description=f"Published as {label}",
            skip_destroy=True,  # leaves the list, and stays in AWS: so it needs no protection, which would hold up a rollover
            opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["description"]),
        )
        for label in shape.labels
    ]
    return guardrail, versions


def content_filters(harm_strength: str) -> list[aws.bedrock.GuardrailContentPolicyConfigFiltersConfigArgsDict]:
    """Harm in both directions, and prompt attacks at full strength on the way in: answers cannot attack."""
    harm: list[aws.bedrock.GuardrailContentPolicyConfigFiltersConfigArgsDict] = [
        {"type": kind, "input_strength": harm_strength, "output_strength": harm_strength} for kind in HARM_FILTERS
    ]
    return [*harm, {"type": "PROMPT_ATTACK", "input_strength": "HIGH", "output_strength": "NONE"}]


GROUNDING = ("GROUNDING", "RELEVANCE")
"""https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GuardrailContextualGroundingFilterConfig.html (2026-11)"""


def grounding(threshold: float | None) -> aws.bedrock.GuardrailContextualGroundingPolicyConfigArgsDict | None:
    """Answers that the sources do not bear out, and answers to another question, from the same threshold on."""
    if threshold is None:
        return None
    return {"filters_configs": [{"type": kind, "threshold": threshold} for kind in GROUNDING]}
