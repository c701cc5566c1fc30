"""A guardrail that Bedrock applies to every call of the account in one Region, whatever the call asks for.

``aws.bedrock.EnforcedGuardrailConfiguration`` came with version 7.52 of the SDK. Until the locked one has it, this class
registers the same type with the same inputs: the SDK's class takes its place later, and nothing is made anew.
https://www.pulumi.com/registry/packages/aws/api-docs/bedrock/enforcedguardrailconfiguration/ (2026-11)
"""

from collections.abc import Sequence
from typing import Any

import pulumi

PLUGIN_VERSION = "7.52.1"
"""The first plugin that knows the type. A resource with an explicit provider gets the plugin of that provider instead."""

ALL = "COMPREHENSIVE"
"""Everything is looked at, tagged or not: tags are the caller's own.
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_SelectiveContentGuarding.html (2026-11)"""


class EnforcedGuardrail(pulumi.CustomResource):
    """The one such setting of an account and Region; whoever makes a second one overwrites the first."""

    pulumi_type = "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration"

    def __init__(
        self,
        name: str,
        *,
        guardrail_arn: pulumi.Input[str],
        guardrail_version: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
        excluded_models: Sequence[str] = (),
    ) -> None:
        """Apply one published version to system prompts and messages, for all models but the excluded, by their ids.

        https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ModelEnforcement.html (2026-11)
        """
        inputs: dict[str, Any] = {
            "guardrailArn": guardrail_arn,
            "guardrailVersion": guardrail_version,
            "selectiveContentGuarding": {"messages": ALL, "system": ALL},
        }
        if excluded_models:
            inputs["modelEnforcement"] = {"includedModels": ["ALL"], "excludedModels": list(excluded_models)}
        plugin = pulumi.ResourceOptions(version=PLUGIN_VERSION)
        super().__init__(self.pulumi_type, name, inputs, pulumi.ResourceOptions.merge(plugin, opts))
