"""A team's namespace in the cluster of its platform, and its pods as callers of AWS."""

import pulumi
import pulumi_aws as aws

from components._team_trust import Pods
from components.team_namespace import (
    WORKLOAD,
    Egress,
    PodIdentity,
    Quota,
    TeamNamespace,
    TeamNamespaceArgs,
    namespace_name,
)
from components.team_space import TeamSpace
from stacks.kinds import TeamStack
from stacks.outputs import RuntimeReference
from stacks.parts.qdrant import CALLS, SERVICE
from stacks.providers import kubernetes_provider

POD_SECURITY = "v1.35"
"""Version of the pod security standards that namespaces enforce; it rises with a release, never with a cluster."""

PODS = 200
"""Most pods of a namespace: what a quota of processors leaves small ones."""

AWS = Egress(cidrs=("0.0.0.0/0",))
"""AWS, over TLS. S3 has public addresses even behind its gateway; where else packets get is up to routes and DNS firewall."""


def pods(stack: TeamStack, cluster: RuntimeReference | None) -> Pods | None:
    """The pods that act as the team; ``None`` without a namespace."""
    if cluster is None:
        return None
    return Pods(
        cluster_arn=cluster.read("cluster_arn"),
        namespace=namespace_name(stack.team.team),
        service_account=WORKLOAD,
    )


def team_namespace(
    stack: TeamStack, cluster: RuntimeReference, space: TeamSpace, provider: aws.Provider
) -> pulumi.Output[str]:
    """Make the namespace; its name, ready when it is closed. Raises ``ValueError`` for a team that wants none."""
    wish, runtime = stack.team.cluster, stack.runtime
    if wish is None or runtime is None:
        raise ValueError(f"{stack.team.team} has no place in a cluster")
    inside = kubernetes_provider(
        stack,
        arn=cluster.read("cluster_arn"),
        certificate_authority=cluster.read("cluster_certificate_authority"),
        endpoint=cluster.read("cluster_endpoint"),
        name=cluster.read("cluster_name"),
    )
    made = TeamNamespace(
        f"{stack.team.team}-cluster",
        TeamNamespaceArgs(
            admitted_to=[SERVICE] if stack.collection else [],
            egress={"aws": AWS, **({SERVICE: CALLS} if stack.collection else {})},
            pod_identity=PodIdentity(cluster_name=cluster.read("cluster_name"), role_arn=space.role_arn),
            pod_security_version=POD_SECURITY,
            pools=runtime.pools_of(stack),
            quota=Quota(
                cpu=str(wish.cpus),
                gpus=wish.gpus,
                memory=f"{wish.memory_gib}Gi",
                pods=PODS,
                storage=f"{wish.storage_gib}Gi",
            ),
            resolver=runtime.resolver,
            team=stack.team.team,
        ),
        pulumi.ResourceOptions(providers=[provider, inside]),
    )
    return made.namespace
