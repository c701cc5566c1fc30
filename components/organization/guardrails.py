"""The guardrail that the organization applies to every model call of its members, for one region.

Owns: the guardrail in the management account and one immutable version per label.
Does not own: the Bedrock policy that applies it (``OrganizationUnit``), the guardrails of platforms (``ModelAccess``).

Members can only be judged by it once its resource policy is put, and the SDK has no resource for that (pulumi-aws
7.51.1; https://github.com/hashicorp/terraform-provider-aws/issues/48674, 2026-11). So its text is an output, to be put
before the Bedrock policy is attached, once per guardrail: until then every call of a member fails.

    aws bedrock put-resource-policy --resource-arn <guardrail_arn> --resource-policy <resource_policy>

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_PutResourcePolicy.html (2026-11)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components._guardrail import GuardrailRules, GuardrailShape, published_guardrail
from components._naming import physical_name
from components._policy import document
from components.organization.packer import minified


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganizationGuardrailArgs:
    """What a guardrail of the organization is made of. Its region and account are those of the provider."""

    name_prefix: str
    """Start of every physical name."""

    organization_id: str
    """Whose members may be judged by the guardrail, such as ``o-a1b2c3d4e5``."""

    rules: GuardrailRules
    """What the guardrail looks for. No automated reasoning: an organization cannot apply that."""

    versions: Sequence[str] = field(default=("v1",))
    """Labels of published versions, oldest first. A label is identity: what it published never changes. The last one
    is applied."""


class OrganizationGuardrail(pulumi.ComponentResource):
    """One guardrail, published, and the policy that opens it to the members.

    Its rules are encrypted with AWS's own key: a customer key would have to be open to every caller of every member.
    """

    guardrail_arn: pulumi.Output[str]
    """The guardrail, without a version."""

    identifier: pulumi.Output[str]
    """``<ARN>:<version>`` of the last label, for the Bedrock policy."""

    resource_policy: pulumi.Output[str]
    """JSON text to be put on the guardrail."""

    version: pulumi.Output[str]
    """Number of the last label's version."""

    def __init__(self, name: str, args: OrganizationGuardrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the guardrail and publish a version per label."""
        super().__init__("llmlz:index:OrganizationGuardrail", name, {}, opts)
        shape = GuardrailShape(
            labels=args.versions,
            physical_name=physical_name("guardrail", args.name_prefix, "guardrail"),
            rules=args.rules,
        )
        guardrail, versions = published_guardrail(f"{name}-guardrail", shape, parent=self)

        self.guardrail_arn = guardrail.guardrail_arn
        self.identifier = pulumi.Output.concat(guardrail.guardrail_arn, ":", versions[-1].version)
        self.version = versions[-1].version
        self.resource_policy = guardrail.guardrail_arn.apply(
            lambda arn: minified(open_to_members(arn, args.organization_id))
        )
        self.register_outputs(
            {
                "guardrail_arn": self.guardrail_arn,
                "identifier": self.identifier,
                "resource_policy": self.resource_policy,
                "version": self.version,
            }
        )


def open_to_members(guardrail_arn: str, organization_id: str) -> dict[str, Any]:
    """Every member of the organization may apply and read this guardrail.

    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-resource-based-policies.html (2026-11)
    """
    return document(
        [
            {
                "Sid": "MembersApplyThisGuardrail",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["bedrock:ApplyGuardrail", "bedrock:GetGuardrail"],
                "Resource": guardrail_arn,
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": organization_id}},
            }
        ]
    )
