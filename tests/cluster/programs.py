"""Small programs whose recorded objects the tests apply: guards, two teams, pools."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.cluster_guards import ClusterGuards, ClusterGuardsArgs
from components.gpu_pool import Flavour, GpuPool, GpuPoolArgs, Pool
from components.team_namespace import Egress, PodIdentity, Quota, TeamNamespace, TeamNamespaceArgs
from llmlz.cluster.manifests import manifests
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
ADMINS = "llmlz-platform"
PEOPLE = "llmlz-team-claims"
GUARDS = ClusterGuardsArgs(
    registries=[REGISTRY],
    system_namespaces=["kube-system", "llmlz-system"],
    admin_groups=[ADMINS],
    priority_classes=["llmlz-serving"],
)
CLAIMS = TeamNamespaceArgs(
    team="claims",
    pod_security_version="v1.36",
    quota=Quota(cpu="32", gpus=2, memory="128Gi", pods=20),
    pools=["serving"],
    people_group=PEOPLE,
    egress={"endpoints": Egress(cidrs=["10.0.16.0/20"])},
    resolver="172.20.0.10",
)
SEARCH = TeamNamespaceArgs(
    team="search",
    pod_security_version="v1.36",
    quota=Quota(cpu="8", gpus=0, memory="32Gi", pods=5),
)


def recorded() -> Graph:
    """The graph of ``program``."""
    return record(program, project="llmlz", stack_name="cluster", account=ACCOUNT, region=REGION)


def program() -> None:
    """Guards for the cluster, a team with GPUs and a role in AWS, and a team without."""
    cluster = kubernetes.Provider("cluster", kubeconfig="{}")
    cloud = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT])
    opts = pulumi.ResourceOptions(providers=[cluster, cloud])
    ClusterGuards("guards", GUARDS, opts)
    role = "arn:aws:iam::111122223333:role/llmlz-team-claims"
    identity = PodIdentity(cluster_name="llmlz", role_arn=role)
    claims = {name: getattr(CLAIMS, name) for name in CLAIMS.__dataclass_fields__}
    TeamNamespace("claims", TeamNamespaceArgs(**{**claims, "pod_identity": identity}), opts)
    TeamNamespace("search", SEARCH, opts)


def pool_objects(described: Pool, flavour: Flavour) -> tuple[dict[str, Any], ...]:
    """The objects of a pool: its NodePool and the class of its nodes."""

    def program() -> None:
        opts = pulumi.ResourceOptions(providers=[kubernetes.Provider("cluster", kubeconfig="{}")])
        GpuPool("pool", GpuPoolArgs(pool=described, flavour=flavour, tags={"team": "claims"}), opts)

    return manifests(record(program, project="llmlz", stack_name="pool", account=ACCOUNT, region=REGION))
