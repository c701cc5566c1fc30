"""Descriptions of pools for tests, every valid one among them, and how Kubernetes decides where a pod fits."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from hypothesis import strategies as st

from components.gpu_pool import AutoMode, Flavour, GpuPool, GpuPoolArgs, Karpenter, Kwok, NodeGroup, Pool, Reservation

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
AUTO = AutoMode(role_name="llmlz-nodes", security_group_ids=["sg-1"], subnet_ids=["subnet-a", "subnet-b"])
KARPENTER = Karpenter(
    ami_alias="bottlerocket@v1.53.0", role_name="llmlz-nodes", security_group_ids=["sg-1"], subnet_ids=["subnet-a"]
)
GROUPS = NodeGroup(
    cluster_name="llmlz",
    name_prefix="llmlz",
    role_arn="arn:aws:iam::111122223333:role/llmlz-nodes",
    security_group_ids=["sg-1"],
    subnet_ids={zone: f"subnet-{zone[-1]}" for zone in ZONES},
)
KWOK = Kwok()

KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef"
FLAVOURS: Mapping[str, Flavour] = {"auto": AUTO, "karpenter": KARPENTER, "groups": GROUPS, "kwok": KWOK}

USUAL: Mapping[str, Any] = {
    "name": "inference",
    "purpose": "serving",
    "instance_types": ["g6.xlarge", "g6.2xlarge"],
    "capacity": ["spot", "on-demand"],
    "max_gpus": 4,
    "max_cpus": 32,
    "max_memory_gib": 128,
}
BLOCK = Reservation(
    id="cr-0123456789abcdef0", instance_type="p5.48xlarge", count=2, name="december", zone="eu-central-1b", block=True
)


def pool(**change: Any) -> Pool:
    """A pool for serving with some things changed."""
    return Pool(**{**USUAL, **change})


def general(**change: Any) -> Pool:
    """A pool without GPUs."""
    return pool(**{"name": "general", "purpose": "general", "instance_types": ["m7i.xlarge"], "max_gpus": 0, **change})


def trained(**change: Any) -> Pool:
    """A pool on a capacity block."""
    kept = {"name": "training", "purpose": "training", "instance_types": ["p5.48xlarge"], "capacity": ["reserved"]}
    size = {"max_gpus": 16, "gpus_per_node": 8, "max_cpus": 384, "max_memory_gib": 4096, "reservations": [BLOCK]}
    return pool(**{**kept, **size, **change})


NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Any valid description."""
    gpus_per_node = draw(st.sampled_from([1, 4, 8]))
    types = draw(
        st.lists(st.sampled_from(["g5.xlarge", "g6.xlarge", "g6.2xlarge", "p5.48xlarge"]), min_size=1, unique=True)
    )
    counts = draw(
        st.lists(
            st.tuples(st.sampled_from(types), st.integers(1, 3), st.sampled_from(ZONES), st.booleans()), max_size=2
        )
    )
    held = [
        Reservation(id=f"cr-{n:017x}", instance_type=kind, count=count, name=f"held-{n}", zone=zone, block=block)
        for n, (kind, count, zone, block) in enumerate(counts)
    ]
    open_kinds = draw(st.lists(st.sampled_from(["spot", "on-demand"]), unique=True, min_size=0 if held else 1))
    capacity = [*(["reserved"] if held else []), *sorted(open_kinds, reverse=True)]
    nodes = sum(count for _, count, _, _ in counts) + len(open_kinds) + draw(st.integers(0, 5))
    return Pool(
        name=draw(NAMES),
        purpose=draw(st.sampled_from(["serving", "training", "batch"])),
        instance_types=types,
        capacity=capacity,  # type: ignore[arg-type]
        max_gpus=nodes * gpus_per_node,
        max_cpus=draw(st.integers(1, 4096)),
        max_memory_gib=draw(st.integers(1, 16384)),
        gpus_per_node=gpus_per_node,
        labels=draw(st.dictionaries(NAMES, NAMES, max_size=2)),
        reservations=held,
        team=draw(st.none() | NAMES),
    )


def fits(pod: Mapping[str, Any], labels: Mapping[str, str], taints: Sequence[Mapping[str, str]]) -> bool:
    """Whether a pod may run on such nodes: its selector is among the labels, and it tolerates every taint."""
    chosen = all(labels.get(key) == value for key, value in pod.get("nodeSelector", {}).items())
    return chosen and all(any(_tolerates(one, taint) for one in pod.get("tolerations", ())) for taint in taints)


def _tolerates(toleration: Mapping[str, str], taint: Mapping[str, str]) -> bool:
    """https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ (2026-11)."""
    if toleration.get("effect", taint["effect"]) != taint["effect"]:
        return False
    if toleration.get("operator", "Equal") == "Exists":
        return toleration.get("key", taint["key"]) == taint["key"]
    return toleration.get("key") == taint["key"] and toleration.get("value", "") == taint.get("value", "")


def program(*wished: Pool, flavour: Flavour, key: str | None = KEY) -> Callable[[], None]:
    """A program with these pools on explicit providers."""

    def run() -> None:
        providers = [aws.Provider("aws", region="eu-central-1"), kubernetes.Provider("cluster", kubeconfig="{}")]
        for one in wished:
            args = GpuPoolArgs(flavour=flavour, pool=one, disk_key_arn=key)
            GpuPool(f"pool-{one.name}", args, pulumi.ResourceOptions(providers=providers))

    return run
