"""A whole small estate as its APIs tell it, in which nothing is wrong: two accounts, one cluster with two pools.

Tests plant what is wrong by changing it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from llmlz.inventory.gather import Place, take_stock
from llmlz.inventory.judge import Bounds
from llmlz.inventory.model import Inventory
from llmlz.inventory.prices import ListPrice, Prices
from tests.inventory.fake import Answers, Objects, clients, cluster

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B, STRANGER, REGION, CLUSTER = "111122223333", "222233334444", "999988887777", "eu-central-1", "llmlz-pilot"
BOUNDS = Bounds(now=NOW, idle=timedelta(minutes=30), expiring=timedelta(days=14), accounts=frozenset({A, B}))
PRICES = Prices(
    by_type={
        name: ListPrice(usd_per_hour={REGION: Decimal(price)}, source="a price list (2026-11)")
        for name, price in (("g5.xlarge", "1.20"), ("g6.xlarge", "1.00"), ("g6e.12xlarge", "12.00"))
    }
)
TYPES = {
    "g5.xlarge": ("A10G", 1, 4),
    "g6.xlarge": ("L4", 1, 4),
    "g6e.12xlarge": ("L40S", 4, 48),
    "p5.48xlarge": ("H100", 8, 192),
}
NODES, PODS, SPACES = "/api/v1/nodes", "/api/v1/pods", "/api/v1/namespaces"
QUOTAS, POOLS, CLAIMS = "/api/v1/resourcequotas", "/apis/karpenter.sh/v1/nodepools", "/apis/karpenter.sh/v1/nodeclaims"


def ago(**length: float) -> datetime:
    """A time before now."""
    return NOW - timedelta(**length)


def soon(**length: float) -> datetime:
    """A time after now."""
    return NOW + timedelta(**length)


def stamp(moment: datetime) -> str:
    """As Kubernetes writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def tags(**named: str) -> list[dict[str, str]]:
    """As EC2 lists them."""
    return [{"Key": name, "Value": value} for name, value in named.items()]


def instance(id_: str, type_: str, **more: Any) -> dict[str, Any]:
    """An instance that runs for two days."""
    return {"InstanceId": id_, "InstanceType": type_, "LaunchTime": ago(days=2), "Tags": [], **more}


def reservation(id_: str, type_: str, **more: Any) -> dict[str, Any]:
    """A reservation of one instance, which is used, of account A."""
    return {
        "CapacityReservationId": id_,
        "InstanceType": type_,
        "TotalInstanceCount": 1,
        "AvailableInstanceCount": 0,
        "OwnerId": A,
        "State": "active",
        "StartDate": ago(days=9),
        "Tags": tags(team="platform", owner="platform@example.com"),
        "ReservationType": "default",
        **more,
    }


def node(name: str, type_: str, pool: str, instance_id: str, gpus: int) -> dict[str, Any]:
    """A node with accelerators that is ready."""
    return {
        "metadata": {
            "name": name,
            "creationTimestamp": stamp(ago(days=2)),
            "labels": {
                "node.kubernetes.io/instance-type": type_,
                "llmlz.io/pool": pool,
                "karpenter.sh/capacity-type": "on-demand",
            },
        },
        "spec": {"providerID": f"aws:///{REGION}a/{instance_id}", "taints": [{"key": "nvidia.com/gpu"}]},
        "status": {
            "allocatable": {"cpu": "4", "nvidia.com/gpu": str(gpus)},
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def pod(name: str, space: str, on: str, gpus: int) -> dict[str, Any]:
    """A pod that runs and holds accelerators."""
    return {
        "metadata": {"name": name, "namespace": space, "creationTimestamp": stamp(ago(days=1))},
        "spec": {
            "nodeName": on,
            "containers": [{"name": "main", "resources": {"limits": {"nvidia.com/gpu": str(gpus)}}}],
        },
        "status": {"phase": "Running"},
    }


def space(name: str, team: str = "", pools: tuple[str, ...] = ()) -> dict[str, Any]:
    """A namespace."""
    labels = {f"pool.llmlz.io/{one}": "allowed" for one in pools} | ({"llmlz.io/team": team} if team else {})
    return {"metadata": {"name": name, "labels": labels}}


def quota(of: str, gpus: int) -> dict[str, Any]:
    """A quota on accelerators."""
    return {"metadata": {"name": "gpus", "namespace": of}, "spec": {"hard": {"requests.nvidia.com/gpu": str(gpus)}}}


def pool(name: str, type_: str, limit: int, *bought: str) -> dict[str, Any]:
    """A NodePool."""
    return {
        "metadata": {"name": name},
        "spec": {
            "limits": {"nvidia.com/gpu": str(limit)},
            "template": {
                "metadata": {"labels": {"llmlz.io/pool": name}},
                "spec": {
                    "taints": [{"key": "nvidia.com/gpu", "effect": "NoSchedule"}],
                    "requirements": [
                        {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [type_]},
                        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(bought)},
                    ],
                },
            },
        },
    }


def claim(on: str, quiet: datetime) -> dict[str, Any]:
    """A NodeClaim, which keeps when a pod last came or went."""
    return {"metadata": {"name": on}, "status": {"nodeName": on, "lastPodEventTime": stamp(quiet)}}


def type_facts(asked: Any) -> dict[str, Any]:
    """What EC2 says of types; ``m7i.large`` has no accelerators."""
    told = []
    for name in asked["InstanceTypes"]:
        gpu, count, vcpus = TYPES.get(name, ("", 0, 2))
        one: dict[str, Any] = {"InstanceType": name, "VCpuInfo": {"DefaultVCpus": vcpus}}
        told.append(one | ({"GpuInfo": {"Gpus": [{"Name": gpu, "Count": count}]}} if count else {}))
    return {"InstanceTypes": told}


def base(account: str) -> Answers:
    """An account in which nothing is."""
    return {
        ("sts", "GetCallerIdentity"): {
            "Account": account,
            "Arn": f"arn:aws:iam::{account}:user/me",
            "UserId": "AIDAEXAMPLEEXAMPLE",
        },
        ("ec2", "DescribeInstances"): {"Reservations": []},
        ("ec2", "DescribeCapacityReservations"): {"CapacityReservations": []},
        ("ec2", "DescribeInstanceTypes"): type_facts,
        ("eks", "ListClusters"): {"clusters": []},
        ("service-quotas", "ListServiceQuotas"): {"Quotas": []},
        ("bedrock", "ListFoundationModels"): {"modelSummaries": []},
        ("bedrock", "ListInferenceProfiles"): {"inferenceProfileSummaries": []},
        ("bedrock", "ListProvisionedModelThroughputs"): {"provisionedModelSummaries": []},
        ("bedrock", "ListCustomModels"): {"modelSummaries": []},
        ("bedrock", "ListImportedModels"): {"modelSummaries": []},
        ("bedrock", "ListCustomModelDeployments"): {"modelDeploymentSummaries": []},
        ("bedrock", "ListTagsForResource"): {"tags": [{"key": "team", "value": "claims"}]},
        ("bedrock", "GetFoundationModelAvailability"): lambda asked: {
            "modelId": asked["modelId"],
            "agreementAvailability": {"status": "AVAILABLE"},
            "authorizationStatus": "AUTHORIZED",
            "entitlementAvailability": "AVAILABLE",
            "regionAvailability": "AVAILABLE",
        },
    }


def _managed(asked: Any) -> bool:
    """Whether managed resources are asked for: an account may hide nodes of EKS Auto Mode from who does not."""
    return bool(asked.get("IncludeManagedResources"))


@dataclass
class Planted:
    """The estate; tests change its parts before they take stock."""

    instances: list[dict[str, Any]] = field(
        default_factory=lambda: [
            instance("i-1", "g6.xlarge", Tags=tags(**{"eks:cluster-name": CLUSTER})),
            instance("i-2", "g6e.12xlarge", CapacityReservationId="cr-own", Tags=tags(**{"eks:cluster-name": CLUSTER})),
            instance("i-3", "g5.xlarge", Tags=tags(team="search")),
            instance("i-4", "m7i.large"),
        ]
    )
    reservations: list[dict[str, Any]] = field(
        default_factory=lambda: [
            reservation("cr-own", "g6e.12xlarge"),
            reservation(
                "cr-block", "p5.48xlarge", ReservationType="capacity-block", State="scheduled", StartDate=soon(days=20),
                EndDate=soon(days=40), Tags=tags(team="search"),
            ),
        ]
    )  # fmt: skip
    profiles: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {
                "inferenceProfileName": "claims-nova-lite",
                "inferenceProfileArn": f"arn:aws:bedrock:{REGION}:{A}:application-inference-profile/abc123",
                "inferenceProfileId": "abc123",
                "models": [{"modelArn": f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-lite-v1:0"}],
                "status": "ACTIVE",
                "type": "APPLICATION",
            }
        ]
    )
    objects: Objects = field(
        default_factory=lambda: {
            NODES: [
                node("node-1", "g6.xlarge", "inference", "i-1", 1),
                node("node-2", "g6e.12xlarge", "training", "i-2", 4),
                {"metadata": {"name": "node-3", "labels": {}, "creationTimestamp": stamp(ago(days=2))}, "spec": {}},
            ],
            PODS: [
                pod("serve", "team-claims", "node-1", 1),
                pod("tune", "team-claims", "node-2", 2),
                pod("tune", "team-search", "node-2", 1),
                {"metadata": {"name": "web", "namespace": "kube-system"}, "spec": {"containers": [{"name": "web"}]}},
            ],
            SPACES: [
                space("team-claims", "claims", ("inference", "training")),
                space("team-search", "search", ("training",)),
                space("kube-system"),
            ],
            QUOTAS: [quota("team-claims", 3), quota("team-search", 1)],
            POOLS: [
                pool("inference", "g6.xlarge", 4, "on-demand", "spot"),
                pool("training", "g6e.12xlarge", 4, "reserved"),
            ],
            CLAIMS: [claim("node-1", ago(hours=3)), claim("node-2", ago(hours=3))],
        }
    )
    more: Answers = field(default_factory=dict)
    """Answers of account A that differ."""

    other: Answers = field(default_factory=dict)
    """Answers of account B that differ."""

    brought: list[Objects] = field(default_factory=list)

    def node(self, name: str) -> Any:
        """A node of the cluster."""
        return next(one for one in self.listed(NODES) if one["metadata"]["name"] == name)

    def listed(self, path: str) -> list[dict[str, Any]]:
        """Objects of the cluster."""
        found = self.objects[path]
        assert isinstance(found, list)
        return found

    def reserved(self, id_: str) -> dict[str, Any]:
        """A reservation."""
        return next(one for one in self.reservations if one["CapacityReservationId"] == id_)

    def account(self) -> Answers:
        """What account A answers."""
        told: Answers = {
            ("ec2", "DescribeInstances"): lambda asked: {
                "Reservations": [
                    {"Instances": [one for one in self.instances if one["InstanceId"] != "i-2" or _managed(asked)]}
                ]
            },
            ("ec2", "DescribeCapacityReservations"): {"CapacityReservations": self.reservations},
            ("eks", "ListClusters"): {"clusters": [CLUSTER, "somebody-elses"]},
            ("eks", "DescribeCluster"): lambda asked: {
                "cluster": {
                    "name": asked["name"],
                    "endpoint": "https://cluster.example.com",
                    "certificateAuthority": {"data": "cGVt"},
                    "status": "ACTIVE",
                }
            },
            ("eks", "ListNodegroups"): {"nodegroups": []},
            ("service-quotas", "ListServiceQuotas"): {
                "Quotas": [
                    {"QuotaName": "Running On-Demand G and VT instances", "Value": 64.0},
                    {"QuotaName": "All G and VT Spot Instance Requests", "Value": 64.0},
                ]
            },
            ("bedrock", "ListInferenceProfiles"): {"inferenceProfileSummaries": self.profiles},
        }
        return base(A) | told | self.more

    def take(self, bounds: Bounds = BOUNDS, log: list[tuple[str, str]] | None = None) -> Inventory:
        """The inventory, through the same code as the command's."""
        answers = {A: self.account(), B: base(B) | self.other}
        return take_stock(
            [Place(account=A, region=REGION, models=("amazon.nova-lite-v1:0",)), Place(account=B, region=REGION)],
            enter=lambda place: clients(answers[place.account], REGION, log),
            reach=lambda _, __: cluster(self.objects),
            prices=PRICES,
            bounds=bounds,
            brought=[("brought", cluster(objects)) for objects in self.brought],
        )
