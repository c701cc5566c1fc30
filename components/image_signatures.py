"""No image runs that somebody else signed, or nobody: a policy of Kyverno, which must run in the cluster.

Owns: the one policy. Does not own: Kyverno itself, its webhooks and its rights, which the cluster's owner installs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

NAME = "llmlz-signed-images"
"""Name of the policy in the cluster."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """A pipeline that signs with its identity, and has no key to lose."""

    issuer: str
    """Who vouches for the identity, such as ``https://token.actions.githubusercontent.com``."""

    subject: str
    """The identity, such as a workflow file at a ref."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageSignaturesArgs:
    """Whose signatures count: exactly one of a key and a workflow."""

    spared_namespaces: Sequence[str]
    """Namespaces whose images are not the company's own, such as ``kube-system``, and that of Kyverno."""

    key_arn: str | None = field(default=None)
    """Key of KMS that images are signed with; a workflow signs if left out."""

    workflow: Workflow | None = field(default=None)
    """The pipeline that signs; a key does if left out."""


class ImageSignatures(pulumi.ComponentResource):
    """One policy for every namespace but those that are spared."""

    policy_name: str
    """The policy in the cluster."""

    def __init__(self, name: str, args: ImageSignaturesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the policy in the cluster of the provider that ``opts`` brings."""
        super().__init__("llmlz:index:ImageSignatures", name, {}, opts)

        kubernetes.apiextensions.CustomResource(
            f"{name}-policy",
            api_version="kyverno.io/v1",
            kind="ClusterPolicy",
            metadata={"name": NAME},
            spec=policy(args),
            opts=pulumi.ResourceOptions(parent=self),
        )

        self.policy_name = NAME
        self.register_outputs({"policy_name": NAME})


def policy(args: ImageSignaturesArgs) -> dict[str, Any]:
    """Spec of the policy: what cannot be verified does not start, Kyverno that does not answer included.

    https://kyverno.io/docs/policy-types/cluster-policy/verify-images/ (2026-11)
    """
    return {
        "background": False,
        "failurePolicy": "Fail",
        "rules": [
            {
                "exclude": {"any": [{"resources": {"namespaces": sorted(args.spared_namespaces)}}]},
                "match": {"any": [{"resources": {"kinds": ["Pod"]}}]},
                "name": "signed-by-the-company",
                "verifyImages": [
                    {
                        "attestors": [{"entries": [_signer(args)]}],
                        "failureAction": "Enforce",
                        "imageReferences": ["*"],
                        "mutateDigest": False,  # images are named by their digest already, and a guard refuses others
                        "required": True,
                    }
                ],
            }
        ],
        "webhookTimeoutSeconds": 30,
    }


def _signer(args: ImageSignaturesArgs) -> Mapping[str, Any]:
    if args.key_arn is not None and args.workflow is None:
        return {"keys": {"kms": f"awskms:///{args.key_arn}"}}
    if args.workflow is not None and args.key_arn is None:
        return {"keyless": {"issuer": args.workflow.issuer, "subject": args.workflow.subject}}
    raise ValueError("exactly one of key_arn and workflow signs")
