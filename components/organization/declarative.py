"""Policies of an organization that declare a state instead of denying calls, as pure functions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

FINAL: Mapping[str, Sequence[str]] = {"@@operators_allowed_for_child_policies": ["@@none"]}
"""A policy further down the tree can change nothing here."""


def ai_opt_out() -> dict[str, Any]:
    """No AWS AI service keeps content to improve itself, today's and later ones, and no account can opt in again.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html (2026-11)
    """
    return {"services": {**FINAL, "default": {**FINAL, "opt_out_policy": {**FINAL, "@@assign": "optOut"}}}}


def bedrock_policy(identifiers: Mapping[str, str], unguarded_models: Sequence[str]) -> dict[str, Any]:
    """The guardrail that Bedrock applies to every call, by region, whatever the caller asks for.

    ``identifiers`` is region to ``<ARN>:<version>``; ``unguarded_models`` are ids of models that no guardrail can look
    at, such as embedding models. System prompts and messages are looked at whole, whatever a caller tags in them.
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_syntax.html (2026-11)

    An identifier that is wrong makes every call in the unit fail: give values that people wrote to ``check_identifier``.
    """
    whole = {"system": {"@@assign": "comprehensive"}, "messages": {"@@assign": "comprehensive"}}
    models = {
        "included_models": {"@@assign": ["ALL"]},
        "excluded_models": {"@@assign": sorted(unguarded_models)},
    }
    enforced = {"model_enforcement": models} if unguarded_models else {}
    return {
        "bedrock": {
            "guardrail_inference": {
                region: {
                    "config_1": {
                        "identifier": {"@@assign": identifier},
                        "selective_content_guarding": whole,
                        **enforced,
                    }
                }
                for region, identifier in sorted(identifiers.items())
            }
        }
    }


def check_identifier(text: str, *, management_account: str, region: str) -> None:
    """Raise ``ValueError`` unless this is a published guardrail version of the management account in this region.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_syntax.html (2026-11)
    """
    place = rf"arn:aws(-[a-z]+)*:bedrock:{re.escape(region)}:{re.escape(management_account)}"
    if not re.fullmatch(rf"{place}:guardrail/[a-z0-9]+:[1-9][0-9]{{0,7}}", text):
        raise ValueError(
            f"guardrail {text!r} is not arn:aws:bedrock:{region}:{management_account}:guardrail/<id>:<number>:"
            " a Bedrock policy accepts published versions of the management account in the region itself,"
            " and with any other every model call would fail"
        )
