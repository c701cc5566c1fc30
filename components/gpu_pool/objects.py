"""The objects of Karpenter for a pool: the NodePool, and the class of its nodes in each flavour. Plain documents."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components._kubernetes import GPU, POOL, TEAM
from components._pool_placement import PURPOSE, taints
from components.gpu_pool.description import Pool
from components.gpu_pool.flavours import AutoMode, Karpenter, Kwok

Document = dict[str, Any]

POOL_API = "karpenter.sh/v1"
CLASSES: Mapping[type, tuple[str, str]] = {
    AutoMode: ("eks.amazonaws.com/v1", "NodeClass"),
    Karpenter: ("karpenter.k8s.aws/v1", "EC2NodeClass"),
    Kwok: ("karpenter.kwok.sh/v1alpha1", "KWOKNodeClass"),
}
"""Flavour to API version and kind of the class of its nodes."""

ROOT = "/dev/xvda"
DATA = "/dev/xvdb"
"""Where Bottlerocket keeps images and scratch, beside a small root of its own:
https://karpenter.sh/docs/concepts/nodeclasses/#specblockdevicemappings (2026-11)."""


def labels(pool: Pool) -> dict[str, str]:
    """What pods and people tell nodes of the pool by."""
    own = {POOL: pool.name, PURPOSE: pool.purpose, **({TEAM: pool.team} if pool.team else {})}
    return {**pool.labels, **own}


def node_pool(pool: Pool, flavour: AutoMode | Karpenter | Kwok) -> Document:
    """Specification of the NodePool; nothing in it but the reference to the class depends on the flavour."""
    api, kind = CLASSES[type(flavour)]
    profile = pool.profile
    requirements: list[Document] = [
        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(pool.instance_types)},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(pool.capacity)},
        {"key": "kubernetes.io/arch", "operator": "In", "values": [pool.architecture]},
    ]
    if pool.zones:
        requirements.append({"key": "topology.kubernetes.io/zone", "operator": "In", "values": list(pool.zones)})
    nodes: Document = {
        "nodeClassRef": {"group": api.partition("/")[0], "kind": kind, "name": pool.name},
        "requirements": requirements,
        "expireAfter": f"{pool.expire_after_hours}h",
        "terminationGracePeriod": f"{profile.drain_minutes}m",
    }
    held = taints(pool.name, gpus=pool.max_gpus > 0, closed=pool.closed)
    if held:
        nodes["taints"] = held
    return {
        "template": {"metadata": {"labels": labels(pool)}, "spec": nodes},
        "disruption": {
            "consolidationPolicy": profile.policy,
            "consolidateAfter": f"{profile.idle_minutes}m",
            "budgets": _budgets(pool),
        },
        "limits": {GPU: str(pool.max_gpus), "cpu": str(pool.max_cpus), "memory": f"{pool.max_memory_gib}Gi"},
    }


def _budgets(pool: Pool) -> list[Document]:
    """Several budgets hold together: the smallest that fits a reason counts."""
    most: Document = {"nodes": pool.profile.most_at_once}
    if not pool.profile.undisturbed:
        return [most]
    # without a schedule this holds always, but empty nodes go: that reason is not among them
    return [most, {"nodes": "0", "reasons": ["Drifted", "Underutilized"]}]


def auto_class(
    pool: Pool, flavour: AutoMode, disk_key_arn: pulumi.Input[str] | None, tags: Mapping[str, str]
) -> Document:
    """Specification of a NodeClass of Auto Mode. Pods on its nodes talk to nobody until a policy lets them.

    Tags need a permission that the cluster's role does not have by itself:
    https://docs.aws.amazon.com/eks/latest/userguide/auto-learn-iam.html (2026-11).
    """
    disk: Document = {"size": f"{pool.volume_gib}Gi"}
    spec: Document = {
        "role": flavour.role_name,
        "subnetSelectorTerms": [{"id": one} for one in flavour.subnet_ids],
        "securityGroupSelectorTerms": [{"id": one} for one in flavour.security_group_ids],
        "ephemeralStorage": disk if disk_key_arn is None else {**disk, "kmsKeyID": disk_key_arn},
        "networkPolicy": "DefaultDeny",
        "networkPolicyEventLogs": "Enabled",
    }
    return {**spec, **_reserved(pool), **({"tags": dict(tags)} if tags else {})}


def ec2_class(
    pool: Pool, flavour: Karpenter, disk_key_arn: pulumi.Input[str] | None, tags: Mapping[str, str]
) -> Document:
    """Specification of an EC2NodeClass: encrypted disks, credentials that no pod reaches, no public address."""
    family = flavour.ami_alias.partition("@")[0]
    disks = {DATA: pool.volume_gib, ROOT: 4} if family == "bottlerocket" else {ROOT: pool.volume_gib}
    spec: Document = {
        "role": flavour.role_name,
        "amiSelectorTerms": [{"alias": flavour.ami_alias}],
        "subnetSelectorTerms": [{"id": one} for one in flavour.subnet_ids],
        "securityGroupSelectorTerms": [{"id": one} for one in flavour.security_group_ids],
        "associatePublicIPAddress": False,
        "metadataOptions": {"httpEndpoint": "enabled", "httpTokens": "required", "httpPutResponseHopLimit": 1},
        "blockDeviceMappings": [
            {"deviceName": device, "ebs": _volume(size, disk_key_arn)} for device, size in sorted(disks.items())
        ],
    }
    if pool.max_gpus:  # their local disks take images and weights; a machine without any ignores it
        spec["instanceStorePolicy"] = "RAID0"
    return {**spec, **_reserved(pool), **({"tags": dict(tags)} if tags else {})}


def kwok_class(flavour: Kwok) -> Document:
    """Specification of a class of machines that are not there."""
    return {"nodeRegistrationDelay": flavour.registration_delay}


def _volume(size_gib: int, disk_key_arn: pulumi.Input[str] | None) -> Document:
    volume: Document = {
        "encrypted": True,
        "deleteOnTermination": True,
        "volumeSize": f"{size_gib}Gi",
        "volumeType": "gp3",
    }
    return volume if disk_key_arn is None else {**volume, "kmsKeyID": disk_key_arn}


def _reserved(pool: Pool) -> Document:
    """By id, each one: with this selector in any class, no node of the cluster takes an open reservation by chance.

    https://docs.aws.amazon.com/eks/latest/userguide/auto-odcr.html (2026-11)
    """
    ids = [{"id": one.id} for one in pool.reservations]
    return {"capacityReservationSelectorTerms": ids} if ids else {}
