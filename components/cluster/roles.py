"""The two roles of a cluster: one with which EKS starts machines, one that the machines have."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import allow, document, service_trust

CONTROL_PLANE_POLICIES: Sequence[str] = (
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSClusterPolicy",
    "AmazonEKSComputePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
"""What Auto Mode needs: https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html (2026-11)."""

NODE_POLICIES: Sequence[str] = ("AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy")
"""What a node needs: https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html (2026-11)."""


def control_plane_role(
    name: str,
    *,
    account_id: str,
    boundary_arn: pulumi.Input[str],
    cluster_name: str,
    kms_key_arn: pulumi.Input[str],
    name_prefix: str,
    partition: str,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """ARN of the role of the cluster itself, ready when its policies are attached.

    The trust names TagSession beside AssumeRole, as Auto Mode tags its sessions:
    https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html (2026-11).
    """
    trust = service_trust(["eks.amazonaws.com"], account_id)
    for statement in trust["Statement"]:
        statement["Action"] = ["sts:AssumeRole", "sts:TagSession"]
    role = aws.iam.Role(
        f"{name}-role",
        name=physical_name("role", name_prefix, "cluster"),
        description="What EKS runs the cluster with.",
        assume_role_policy=json.dumps(trust),
        permissions_boundary=boundary_arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    disks = aws.iam.RolePolicy(
        f"{name}-role-disks",
        name="disks",
        role=role.id,
        policy=pulumi.Output.from_input(kms_key_arn).apply(lambda arn: json.dumps(disk_encryption(arn))),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    tags = aws.iam.RolePolicy(
        f"{name}-role-tags",
        name="tags",
        role=role.id,
        policy=json.dumps(own_tags(account_id, partition, cluster_name)),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return _ready(name, role, CONTROL_PLANE_POLICIES, partition, parent, disks.id, tags.id)


def node_role(
    name: str,
    *,
    account_id: str,
    boundary_arn: pulumi.Input[str],
    name_prefix: str,
    partition: str,
    parent: pulumi.Resource,
) -> tuple[aws.iam.Role, pulumi.Output[str]]:
    """The role of the machines and its ARN, which is ready when its policies are attached.

    It reads images and lends pods nothing.
    """
    role = aws.iam.Role(
        f"{name}-nodes-role",
        name=physical_name("role", name_prefix, "nodes"),
        description="What the machines of the cluster have.",
        assume_role_policy=json.dumps(service_trust(["ec2.amazonaws.com"], account_id)),
        permissions_boundary=boundary_arn,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return role, _ready(f"{name}-nodes", role, NODE_POLICIES, partition, parent)


def disk_encryption(key_arn: str) -> dict[str, object]:
    """Disks of nodes and pods under a customer key: EC2 gets a grant for each, and nothing else does.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-kms.html (2026-11)
    """
    used = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    grants = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return document(
        [allow("UseForDisks", used, [key_arn]), allow("GrantForDisks", ["kms:CreateGrant"], [key_arn], grants)]
    )


TAGGED = ("fleet", "instance", "launch-template", "network-interface", "snapshot", "spot-instances-request", "volume")
MAKING = (
    "ec2:CreateFleet",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateNetworkInterface",
    "ec2:CreateSnapshot",
    "ec2:CreateVolume",
    "ec2:RunInstances",
)


def own_tags(account_id: str, partition: str, cluster_name: str) -> dict[str, object]:
    """Machines, disks and interfaces of this cluster may carry tags besides those of EKS, such as who pays for them.

    The policies of AWS take no others, and a node whose tags are refused does not start:
    https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html (2026-11). Who else may be reached is unchanged:
    each thing must carry the name of the cluster, and tags are given only while it is made.
    """
    things = [f"arn:{partition}:ec2:*:{account_id}:{kind}/*" for kind in TAGGED]
    of_cluster = {"StringEquals": {"aws:RequestTag/eks:eks-cluster-name": cluster_name}}
    while_made = {"StringEquals": {"ec2:CreateAction": [action.removeprefix("ec2:") for action in MAKING]}}
    return document(
        [
            allow("MakeWithTags", MAKING, things, of_cluster),
            allow("TagWhileMade", ["ec2:CreateTags"], things, while_made),
        ]
    )


def _ready(
    name: str,
    role: aws.iam.Role,
    policies: Sequence[str],
    partition: str,
    parent: pulumi.Resource,
    *more: pulumi.Output[str],
) -> pulumi.Output[str]:
    attached = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy}",
            role=role.name,
            policy_arn=f"arn:{partition}:iam::aws:policy/{policy}",
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for policy in policies
    ]
    return pulumi.Output.all(role.arn, *(each.id for each in attached), *more).apply(lambda made: str(made[0]))
