"""What can be wrong with the estate, each as one change, and what must be found for it: kind, outcome, a part of the text."""

from collections.abc import Callable

from tests.inventory.estate import (
    CLAIMS,
    CLUSTER,
    NODES,
    PODS,
    POOLS,
    QUOTAS,
    REGION,
    SPACES,
    STRANGER,
    A,
    Planted,
    ago,
    claim,
    instance,
    node,
    pod,
    pool,
    quota,
    reservation,
    soon,
    space,
    stamp,
    tags,
)
from tests.inventory.fake import ClusterError, denied

Expected = tuple[str, str, str]
Plant = tuple[Callable[[Planted], object], tuple[Expected, ...]]


def _without_pods(estate: Planted, on: str) -> None:
    estate.objects[PODS] = [one for one in estate.listed(PODS) if one["spec"].get("nodeName") != on]


def _idle(estate: Planted) -> None:
    _without_pods(estate, "node-1")


def _idle_unrecorded(estate: Planted) -> None:
    _without_pods(estate, "node-1")
    estate.objects[CLAIMS] = []


def _finished(estate: Planted) -> None:
    """The pod is over and still listed; the scheduler gave away what it held."""
    estate.listed(PODS)[0]["status"] = {
        "phase": "Succeeded",
        "containerStatuses": [{"state": {"terminated": {"finishedAt": stamp(ago(hours=2))}}}],
    }


def _unused(estate: Planted) -> None:
    estate.reservations.append(reservation("cr-spare", "g6.xlarge", TotalInstanceCount=3, AvailableInstanceCount=3))


def _partly_used(estate: Planted) -> None:
    estate.reserved("cr-own").update(TotalInstanceCount=4, AvailableInstanceCount=3)


def _block_ends(estate: Planted) -> None:
    """An instance in it is told too: it goes with the block."""
    estate.instances.append(
        instance(
            "i-5",
            "p5.48xlarge",
            InstanceLifecycle="capacity-block",
            CapacityReservationId="cr-b",
            Tags=tags(team="search"),
        )
    )
    estate.reservations.append(
        reservation(
            "cr-b", "p5.48xlarge", ReservationType="capacity-block", EndDate=soon(days=3), Tags=tags(team="search")
        )
    )


def _throughput(estate: Planted) -> None:
    estate.more["bedrock", "ListProvisionedModelThroughputs"] = {
        "provisionedModelSummaries": [
            {
                "provisionedModelName": "claims-throughput",
                "provisionedModelArn": f"arn:aws:bedrock:{REGION}:{A}:provisioned-model/abcdefghijkl",
                "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0",
                "desiredModelArn": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0",
                "foundationModelArn": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0",
                "modelUnits": 2,
                "desiredModelUnits": 2,
                "status": "InService",
                "commitmentDuration": "OneMonth",
                "commitmentExpirationTime": soon(days=5),
                "creationTime": ago(days=25),
                "lastModifiedTime": ago(days=25),
            }
        ]
    }


def _end_of_life(estate: Planted) -> None:
    estate.more["bedrock", "ListFoundationModels"] = {
        "modelSummaries": [
            {
                "modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0",
                "modelId": "amazon.nova-lite-v1:0",
                "modelLifecycle": {"status": "LEGACY", "endOfLifeTime": soon(days=10)},
            }
        ]
    }


def _lost_device(estate: Planted) -> None:
    estate.node("node-2")["status"]["allocatable"]["nvidia.com/gpu"] = "2"


def _no_plugin(estate: Planted) -> None:
    estate.listed(NODES).append(node("node-9", "g6.xlarge", "inference", "i-9", 0))
    del estate.node("node-9")["status"]["allocatable"]["nvidia.com/gpu"]


def _no_pool_limit(estate: Planted) -> None:
    del estate.listed(POOLS)[0]["spec"]["limits"]


def _quota_too_high(estate: Planted) -> None:
    estate.objects[QUOTAS] = [quota("team-claims", 3), quota("team-search", 5)]


def _together_too_high(estate: Planted) -> None:
    """Each fits a pool by itself; only together they do not."""
    estate.objects[QUOTAS] = [quota("team-claims", 6), quota("team-search", 3)]


def _greater_than_account(estate: Planted) -> None:
    estate.listed(POOLS)[0]["spec"]["limits"]["nvidia.com/gpu"] = "40"


def _greater_than_reserved(estate: Planted) -> None:
    estate.listed(POOLS)[1]["spec"]["limits"]["nvidia.com/gpu"] = "8"


def _strangers_in_ours(estate: Planted) -> None:
    estate.reserved("cr-own").update(TotalInstanceCount=3, AvailableInstanceCount=0)


def _foreign_owner(estate: Planted) -> None:
    estate.reservations.append(reservation("cr-theirs", "g6.xlarge", OwnerId=STRANGER, AvailableInstanceCount=1))


def _unknown_reservation(estate: Planted) -> None:
    estate.instances[2]["CapacityReservationId"] = "cr-nobody-knows"


def _other_team(estate: Planted) -> None:
    estate.reserved("cr-own")["Tags"] = tags(team="search")


def _never_joined(estate: Planted) -> None:
    estate.instances.append(instance("i-7", "g6.xlarge", Tags=tags(**{f"kubernetes.io/cluster/{CLUSTER}": "owned"})))


def _other_cluster(estate: Planted) -> None:
    estate.instances.append(instance("i-8", "g6.xlarge", Tags=tags(**{"eks:cluster-name": "somebody-elses"})))


def _divided(estate: Planted) -> None:
    estate.node("node-1")["status"]["allocatable"] = {"nvidia.com/mig-1g.10gb": "7"}


def _claims_devices(estate: Planted) -> None:
    estate.listed(PODS)[0]["spec"]["resourceClaims"] = [{"name": "gpu"}]


def _namespace_of_nobody(estate: Planted) -> None:
    estate.objects[SPACES] = [space("team-claims"), *estate.listed(SPACES)[1:]]
    estate.objects[QUOTAS] = [quota("team-search", 1)]


PLANTS: dict[str, Plant] = {
    "idle node": (_idle, (("idle", "problem", "none of its 1 accelerators is held for 3 hours"),)),
    "idle node, since nobody knows when": (
        _idle_unrecorded,
        (("idle", "indeterminate", "nothing records since when: at most 2 days"),),
    ),
    "node whose job ended": (_finished, (("idle", "problem", "held for 2 hours"),)),
    "unused reservation": (_unused, (("idle", "problem", "3 of 3 g6.xlarge are paid for and not used"),)),
    "partly used reservation": (_partly_used, (("idle", "problem", "3 of 4 g6e.12xlarge are paid for"),)),
    "reservation ends": (
        lambda e: e.reserved("cr-own").update(EndDate=soon(days=2)),
        (("expiring", "problem", "reservation of 1 g6e.12xlarge ends on 2026-11-24 12:00, in 2 days"),),
    ),
    "reservation has expired": (
        lambda e: e.reserved("cr-block").update(State="expired", EndDate=ago(hours=1)),
        (("expiring", "problem", "capacity block of 1 p5.48xlarge has expired"),),
    ),
    "reservation should have ended": (
        lambda e: e.reserved("cr-own").update(EndDate=ago(minutes=10)),
        (("expiring", "problem", "ended on 2026-11-22 11:50"),),
    ),
    "capacity block ends": (
        _block_ends,
        (
            ("expiring", "problem", "8 accelerators in capacity block cr-b ends on 2026-11-25"),
            ("expiring", "problem", "capacity block of 1 p5.48xlarge ends on 2026-11-25"),
        ),
    ),
    "commitment ends": (_throughput, (("expiring", "problem", "provisioned claims-throughput ends on 2026-11-27"),)),
    "model ends": (
        _end_of_life,
        (
            ("expiring", "problem", "foundation-model amazon.nova-lite-v1:0 ends on 2026-12-02"),
            ("expiring", "problem", "profile claims-nova-lite ends on 2026-12-02"),
        ),
    ),
    "device lost under pods": (_lost_device, (("over-committed", "problem", "pods hold 3 accelerators, and it offers 2"),)),
    "pool without limit": (_no_pool_limit, (("over-committed", "problem", "pool inference has no limit"),)),
    "team without quota": (
        lambda e: e.listed(QUOTAS).pop(),
        (("over-committed", "problem", "namespace team-search may use training, and no quota limits it"),),
    ),
    "quotas above a pool": (
        _quota_too_high,
        (("over-committed", "problem", "quotas promise 5 accelerators (team-search 5) of pool training"),),
    ),
    "quotas above all pools": (
        _together_too_high,
        (("over-committed", "problem", "9 accelerators (team-claims 6, team-search 3) of pools inference, training"),),
    ),
    "pool above the account": (
        _greater_than_account,
        (("over-committed", "problem", "pool inference of 40 accelerators need 160 vCPUs at least"),),
    ),
    "pool above its reservations": (
        _greater_than_reserved,
        (("over-committed", "problem", "8 accelerators by reservations alone, and 4 are reserved"),),
    ),
    "reservation of a stranger": (_foreign_owner, (("foreign", "problem", f"belongs to account {STRANGER}"),)),
    "strangers in our reservation": (_strangers_in_ours, (("foreign", "problem", "2 of 3 instances in it are of"),)),
    "instance in a stranger's reservation": (
        _unknown_reservation,
        (("foreign", "problem", "it runs in reservation cr-nobody-knows, which no account of the estate has"),),
    ),
    "team in another team's reservation": (_other_team, (("foreign", "problem", "claims runs in reservation cr-own of search"),)),
    "node without device plugin": (_no_plugin, (("no-gpu", "problem", "it joined 2 days ago and offers no accelerator"),)),
    "instance that never joined": (_never_joined, (("no-gpu", "problem", "runs for 2 days and is no node of its cluster"),)),
    "namespace of nobody": (
        _namespace_of_nobody,
        (
            ("untagged", "problem", "namespace team-claims holds 1 accelerators, of no team"),
            ("untagged", "problem", "namespace team-claims holds 2 accelerators, of no team"),
        ),
    ),
    "instance of nobody": (
        lambda e: e.instances[2].update(Tags=[]),
        (("untagged", "problem", "instance i-3 holds 1 accelerators"),),
    ),
    "reservation of nobody": (lambda e: e.reserved("cr-own").pop("Tags"), (("untagged", "problem", "names no team"),)),
    "profile of nobody": (
        lambda e: e.more.update({("bedrock", "ListTagsForResource"): {"tags": []}}),
        (("untagged", "problem", "profile claims-nova-lite names no team"),),
    ),
    "node of a cluster that is not read": (
        _other_cluster,
        (("unreadable", "indeterminate", "1 accelerators are of cluster somebody-elses, which was not read"),),
    ),
    "GPU type of which EC2 tells no GPU": (
        lambda e: e.instances.append(instance("i-6", "g9.xlarge", Tags=tags(team="search"))),
        (("unreadable", "indeterminate", "g9.xlarge runs or is reserved here, and EC2 tells no accelerators of it"),),
    ),
    "divided accelerators": (_divided, (("unreadable", "indeterminate", "it offers parts of accelerators"),)),
    "pod with a resource claim": (_claims_devices, (("unreadable", "indeterminate", "a pod on it asks for parts"),)),
    "credentials of another account": (
        lambda e: e.other.update({("sts", "GetCallerIdentity"): {"Account": STRANGER, "Arn": f"arn:aws:iam::{STRANGER}:root"}}),
        (("unreadable", "indeterminate", f"the credentials are of account {STRANGER}, not of"),),
    ),
    "pools that are not listed": (
        lambda e: e.objects.update({POOLS: ClusterError("the server answered 403: no")}),
        (("unreadable", "indeterminate", "the server answered 403: no"),),
    ),
    "tags that are not told": (
        lambda e: e.more.update({("bedrock", "ListTagsForResource"): denied("ListTagsForResource")}),
        (("unreadable", "indeterminate", "bedrock:ListTagsForResource was not answered"),),
    ),
    "cluster that does not answer": (
        lambda e: e.objects.update({NODES: ClusterError("https://cluster.example.com did not answer: TimeoutError")}),
        (
            ("unreadable", "indeterminate", "did not answer: TimeoutError"),
            ("unreadable", "indeterminate", f"1 accelerators are of cluster {CLUSTER}, which was not read"),
            ("unreadable", "indeterminate", f"4 accelerators are of cluster {CLUSTER}, which was not read"),
        ),
    ),
}  # fmt: skip


def _idle_a_moment(estate: Planted) -> None:
    _without_pods(estate, "node-1")
    estate.objects[CLAIMS] = [claim("node-1", ago(minutes=29))]


def _joined_a_moment_ago(estate: Planted) -> None:
    _no_plugin(estate)
    estate.node("node-9")["metadata"]["creationTimestamp"] = stamp(ago(minutes=9))


def _reserved_a_moment_ago(estate: Planted) -> None:
    _unused(estate)
    estate.reserved("cr-spare")["StartDate"] = ago(minutes=9)


NEIGHBOURS: dict[str, Callable[[Planted], object]] = {
    "idle for less than half an hour": _idle_a_moment,
    "joined a moment ago, without a device": _joined_a_moment_ago,
    "reservation that began a moment ago": _reserved_a_moment_ago,
    "reservation that ends in fifteen days": lambda e: e.reserved("cr-own").update(EndDate=soon(days=15)),
    "reservation that was cancelled": lambda e: e.reservations.append(
        reservation("cr-old", "g6.xlarge", State="cancelled", OwnerId=STRANGER, Tags=[])
    ),
    "stranger's reservation without accelerators": lambda e: e.reservations.append(
        reservation("cr-cpu", "m7i.large", OwnerId=STRANGER)
    ),
    "pod that waits for a node": lambda e: e.listed(PODS).append(pod("later", "team-search", "", 1)),
    "pool of two parts, each smaller than its quotas": lambda e: e.objects.update(
        {
            POOLS: [
                pool("inference", "g6.xlarge", 1, "on-demand"),
                pool("inference", "g6.xlarge", 2, "spot"),
                pool("training", "g6e.12xlarge", 4, "reserved"),
            ],
            QUOTAS: [quota("team-claims", 3), quota("team-search", 4)],
        }
    ),
    "quotas just as great as the pools": lambda e: e.objects.update(
        {QUOTAS: [quota("team-claims", 4), quota("team-search", 4)]}
    ),
    "cluster without Karpenter": lambda e: [e.objects.pop(path) for path in (POOLS, CLAIMS)],
}
"""What is close to being wrong, and is not."""
