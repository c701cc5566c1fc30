"""A service account of Kubernetes with a role of AWS behind it."""

import json
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._naming import physical_name
from components._policy import Statement, document, pod_trust
from components.qdrant.args import QdrantArgs


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """What a pod runs as."""

    account: Any
    """Name of the service account."""

    ready: pulumi.Resource
    """The last thing that a pod needs to have its role."""


def role_name(args: QdrantArgs, part: str) -> str:
    """Name of the role of one part, known before it is there."""
    return physical_name("role", args.name_prefix, f"qdrant-{part}")


def role_arn(args: QdrantArgs, part: str) -> str:
    """The same role, as policies name it."""
    return f"arn:{args.partition}:iam::{args.account_id}:role/{role_name(args, part)}"


def identity(
    name: str,
    args: QdrantArgs,
    part: str,
    statements: pulumi.Output[list[Statement]],
    child: pulumi.ResourceOptions,
) -> Identity:
    """The account, its role with these statements, and what ties one to the other."""
    account = kubernetes.core.v1.ServiceAccount(
        f"{name}-account",
        metadata={"name": f"qdrant-{part}", "namespace": args.namespace},
        automount_service_account_token=False,
        opts=child,
    )
    role = aws.iam.Role(
        f"{name}-role",
        name=role_name(args, part),
        description=f"Qdrant: {part}.",
        assume_role_policy=pulumi.Output.from_input(args.cluster_arn).apply(
            lambda arn: json.dumps(
                document([pod_trust(cluster_arn=arn, namespace=args.namespace, service_account=f"qdrant-{part}")])
            )
        ),
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-role-policy",
        role=role.name,
        policy=statements.apply(lambda found: json.dumps(document(found))),
        opts=child,
    )
    association = aws.eks.PodIdentityAssociation(
        f"{name}-identity",
        cluster_name=args.cluster_name,
        namespace=args.namespace,
        role_arn=role.arn,
        service_account=f"qdrant-{part}",
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
    )
    return Identity(account=account.metadata["name"], ready=association)
