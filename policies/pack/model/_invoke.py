"""What counts as a call of a model, and what names a guardrail version."""

import re

INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorised as these two
(docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html, 2026-11)."""

GUARDRAIL_KEY = "bedrock:GuardrailIdentifier"
PINNED = re.compile(r"arn:[^:*?]+:bedrock:[^:*?]+:[^:*?]+:guardrail/[^:*?/]+:(?!DRAFT$)[A-Za-z0-9]+")
"""ARN and version; the ARN alone means the draft, which its owner can change under the callers.

That the ARN is one of a guardrail is not asked: a Deny unless the key equals something else refuses every call.
"""
