"""What a fresh cluster lacks: network policies that bind, and disks under a key of one's own.

Owns: what enforces network policies, and the storage class that pods get when they name none.
Does not own: policies and quotas of namespaces.
"""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterDefaultsArgs:
    """What the defaults of a cluster are made of."""

    auto_mode: bool
    """Whether AWS runs the nodes. Where it does not, the network plugin and the driver of disks are add-ons."""

    cluster_name: pulumi.Input[str]
    """The cluster."""

    kms_key_arn: pulumi.Input[str]
    """Key of the disks that pods ask for."""


class ClusterDefaults(pulumi.ComponentResource):
    """The settings without which a cluster takes policies and ignores them."""

    storage_class: pulumi.Output[str]
    """The class that a claim gets when it names none."""

    def __init__(self, name: str, args: ClusterDefaultsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the defaults in the cluster of the provider that ``opts`` brings."""
        super().__init__("llmlz:index:ClusterDefaults", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)

        if args.auto_mode:
            # Without it Auto Mode takes network policies and enforces none:
            # https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html (2026-11)
            kubernetes.core.v1.ConfigMap(
                f"{name}-network-policies",
                metadata={"name": "amazon-vpc-cni", "namespace": "kube-system"},
                data={"enable-network-policy-controller": "true"},
                opts=child,
            )
        else:
            # https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html (2026-11)
            aws.eks.Addon(
                f"{name}-network-plugin",
                addon_name="vpc-cni",
                cluster_name=args.cluster_name,
                configuration_values=json.dumps({"enableNetworkPolicy": "true"}),
                preserve=True,  # nodes without a network plugin take no pods, whoever lets go of it
                resolve_conflicts_on_create="OVERWRITE",
                resolve_conflicts_on_update="PRESERVE",
                opts=child,
            )
        # The provisioner of Auto Mode is not that of the add-on:
        # https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html (2026-11)
        disks = kubernetes.storage.v1.StorageClass(
            f"{name}-disks",
            metadata={
                "name": "llmlz-encrypted",
                "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
            },
            provisioner="ebs.csi.eks.amazonaws.com" if args.auto_mode else "ebs.csi.aws.com",
            parameters={"encrypted": "true", "kmsKeyId": args.kms_key_arn, "type": "gp3"},
            reclaim_policy="Delete",
            volume_binding_mode="WaitForFirstConsumer",
            allow_volume_expansion=True,
            opts=child,
        )

        self.storage_class = disks.metadata.apply(lambda found: str(found["name"]))
        self.register_outputs({"storage_class": self.storage_class})
