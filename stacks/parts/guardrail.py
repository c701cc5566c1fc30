"""What a guardrail looks for, from settings or from a tier's defaults."""

from collections.abc import Mapping
from typing import Any

from components._guardrail import GuardrailRules
from stacks.settings.platform import Guardrail


def guardrail_rules(given: Guardrail | Mapping[str, Any]) -> GuardrailRules:
    """The rules of one guardrail."""
    wish = given if isinstance(given, Guardrail) else Guardrail.model_validate(dict(given))
    return GuardrailRules(
        blocked_words=wish.blocked_words,
        grounding_threshold=wish.grounding,
        harm_strength=wish.harm_strength,
        pii=wish.pii,
    )
