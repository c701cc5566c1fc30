"""The cluster: its control plane, its two roles, its logs, and who may enter it.

Owns: the EKS cluster in Auto Mode without built-in pools, the log group of its control plane, the role of its machines,
access entries of administrators, viewers and machines.
Does not own: pools of nodes (``GpuPool``), anything inside the cluster, access of teams.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components.cluster.args import ClusterArgs, ClusterPlace, NodeAccess
from components.cluster.roles import control_plane_role, node_role

LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
"""Every log that a control plane has: https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html (2026-11)."""

ACCESS_POLICY = "arn:{partition}:eks::aws:cluster-access-policy/{name}"
"""https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (2026-11)."""


class Cluster(pulumi.ComponentResource):
    """A closed cluster in which nothing runs yet."""

    place: ClusterPlace
    """The cluster, as whatever goes into it needs to know it."""

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster."""
        super().__init__("llmlz:index:Cluster", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        cluster_name = physical_name("cluster", args.name_prefix)

        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/aws/eks/{cluster_name}/cluster",  # the name that EKS writes to, made first so that the key is ours
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        role_arn = control_plane_role(
            name,
            account_id=args.account_id,
            boundary_arn=args.control_plane_boundary_arn,
            cluster_name=cluster_name,
            kms_key_arn=args.kms_key_arn,
            name_prefix=args.name_prefix,
            partition=args.partition,
            parent=self,
        )
        cluster = aws.eks.Cluster(
            f"{name}-cluster",
            name=cluster_name,
            access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False},
            bootstrap_self_managed_addons=False,
            # Without built-in pools: their nodes would have AWS's key and no network policy. The three belong together:
            # https://docs.aws.amazon.com/eks/latest/userguide/automode-get-started-cli.html (2026-11)
            compute_config={"enabled": True, "node_pools": []},
            kubernetes_network_config={
                "elastic_load_balancing": {"enabled": True},
                "service_ipv4_cidr": args.service_cidr,
            },
            storage_config={"block_storage": {"enabled": True}},
            deletion_protection=True,
            enabled_cluster_log_types=LOGS,
            encryption_config={"provider": {"key_arn": args.kms_key_arn}, "resources": ["secrets"]},
            role_arn=role_arn,
            upgrade_policy={"support_type": "STANDARD"},
            version=args.version,
            vpc_config={
                "endpoint_private_access": True,
                "endpoint_public_access": bool(args.public_cidrs),
                "public_access_cidrs": list(args.public_cidrs) or None,
                "subnet_ids": args.subnet_ids,
            },
            opts=pulumi.ResourceOptions(parent=self, protect=True, depends_on=[logs]),
        )
        entered = [
            *(self._administrator(name, cluster, arn, args) for arn in args.administrator_arns),
            *(self._viewer(name, cluster, arn, args) for arn in args.viewer_arns),
        ]
        machines, machines_arn = node_role(
            name,
            account_id=args.account_id,
            boundary_arn=args.boundary_arn,
            name_prefix=args.name_prefix,
            partition=args.partition,
            parent=self,
        )
        # Machines of a class of nodes of one's own need this entry:
        # https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html (2026-11)
        entry = aws.eks.AccessEntry(
            f"{name}-nodes-entry", cluster_name=cluster.name, principal_arn=machines_arn, type="EC2", opts=child
        )
        admitted = self._policy(f"{name}-nodes-policy", entry, "AmazonEKSAutoNodePolicy", args)

        self.place = ClusterPlace(
            arn=cluster.arn,
            certificate_authority=cluster.certificate_authority.apply(lambda found: str(found.data)),
            disk_key_arn=pulumi.Output.from_input(args.kms_key_arn),
            endpoint=pulumi.Output.all(cluster.endpoint, *(each.id for each in entered)).apply(
                lambda made: str(made[0])
            ),
            name=cluster.name,
            nodes=NodeAccess(
                role_name=pulumi.Output.all(machines.name, admitted.id).apply(lambda made: str(made[0])),
                security_group_id=cluster.vpc_config.apply(lambda found: str(found.cluster_security_group_id)),
            ),
        )
        self.register_outputs({"arn": self.place.arn, "endpoint": self.place.endpoint, "name": self.place.name})

    def _administrator(
        self, name: str, cluster: aws.eks.Cluster, arn: str, args: ClusterArgs
    ) -> aws.eks.AccessPolicyAssociation:
        entry = aws.eks.AccessEntry(
            f"{name}-administrator-{_short(arn)}",
            cluster_name=cluster.name,
            kubernetes_groups=[args.administrators_group],
            principal_arn=arn,
            type="STANDARD",
            opts=pulumi.ResourceOptions(parent=self),
        )
        return self._policy(f"{name}-administrator-{_short(arn)}-policy", entry, "AmazonEKSClusterAdminPolicy", args)

    def _viewer(
        self, name: str, cluster: aws.eks.Cluster, arn: str, args: ClusterArgs
    ) -> aws.eks.AccessPolicyAssociation:
        entry = aws.eks.AccessEntry(
            f"{name}-viewer-{_short(arn)}",
            cluster_name=cluster.name,
            principal_arn=arn,
            type="STANDARD",
            opts=pulumi.ResourceOptions(parent=self),
        )
        return self._policy(f"{name}-viewer-{_short(arn)}-policy", entry, "AmazonEKSViewPolicy", args)

    def _policy(
        self, name: str, entry: aws.eks.AccessEntry, policy: str, args: ClusterArgs
    ) -> aws.eks.AccessPolicyAssociation:
        return aws.eks.AccessPolicyAssociation(
            name,
            access_scope={"type": "cluster"},
            cluster_name=entry.cluster_name,
            policy_arn=ACCESS_POLICY.format(partition=args.partition, name=policy),
            principal_arn=entry.principal_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )


def _short(arn: str) -> str:
    """A role's own name, which is its identity here: names of roles are unique in an account."""
    return arn.rpartition("/")[2]
