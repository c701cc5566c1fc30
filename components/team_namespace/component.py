"""One team's place in a cluster: what may run there, how much of it, with whom it talks, and as whom.

Owns: the namespace, its quota, its network policies, its accounts, and what the people of the team may do there.
Does not own: the team's role in AWS (``team_space``), and the guards that read the labels (``cluster_guards``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._kubernetes import ALLOWED, ALLOWED_POOL, ALLOWED_TO, TEAM
from components.team_namespace import _limits, _network, _people
from components.team_namespace._limits import PerContainer, Quota
from components.team_namespace._network import Egress

WORKLOAD = "workload"
"""Name of the account that pods of the team run as."""

PEOPLE = "people"
QUOTA = "set-in-team-file"
"""Name of the quota: all that Kubernetes says of a quota to somebody over it, so it says where the number is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PodIdentity:
    """As whom the pods of the team call AWS."""

    cluster_name: pulumi.Input[str]
    """The cluster that the pods run in."""

    role_arn: pulumi.Input[str]
    """The team's role; it must trust ``pods.eks.amazonaws.com``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamNamespaceArgs:
    """What a team's namespace is made of."""

    pod_security_version: str
    """Version of the pod security standard that is enforced, such as ``v1.36``: pinned, so that an upgrade of the cluster
    refuses nothing by surprise."""

    quota: Quota
    """The sum over all pods."""

    team: str
    """Name of the team; the namespace is called ``team-<team>``."""

    admitted_to: Sequence[str] = ()
    """Services of the cluster that let pods of this namespace in, such as ``qdrant``; none if left out."""

    each: PerContainer = field(default_factory=PerContainer)
    """What one container gets and may ask for; half a processor and 1 GiB where it says nothing, if left out."""

    egress: Mapping[str, Egress] = field(default_factory=dict)
    """Name of a place to how it is reached; DNS and the namespace itself are always open, nothing else."""

    people_group: str | None = None
    """Group of the access entries of the team's people; nobody but the platform rolls out if left out."""

    pod_identity: PodIdentity | None = None
    """Pods have no identity in AWS if left out."""

    pools: Sequence[str] = ()
    """Names of the pools that the team may use; none if left out."""

    resolver: str | None = None
    """Address of the cluster's DNS; needed where nodes answer themselves, as in EKS Auto Mode."""


class TeamNamespace(pulumi.ComponentResource):
    """A namespace in which one team's pods run, closed both ways, with a quota that counts GPUs."""

    namespace: pulumi.Output[str]
    """Name of the namespace; ready when its quota, its limits and its closed door are."""

    service_account: pulumi.Output[str]
    """Name of the account that pods run as; ready when its identity in AWS is, if it has one."""

    def __init__(self, name: str, args: TeamNamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the namespace under ``name``; ``opts`` brings the providers of the cluster and of AWS."""
        super().__init__("llmlz:index:TeamNamespace", name, {}, opts)

        here = namespace_name(args.team)
        space = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata={"name": here, "labels": labels(args)},
            opts=pulumi.ResourceOptions(parent=self),
        )
        inside = pulumi.ResourceOptions(parent=self, depends_on=[space])

        def meta(role: str) -> dict[str, Any]:
            return {"name": role, "namespace": here, "labels": {TEAM: args.team}}

        quota = kubernetes.core.v1.ResourceQuota(
            f"{name}-quota", metadata=meta(QUOTA), spec={"hard": _limits.hard(args.quota)}, opts=inside
        )
        limits = kubernetes.core.v1.LimitRange(
            f"{name}-limits", metadata=meta("limits"), spec={"limits": _limits.limits(args.each)}, opts=inside
        )
        doors = [
            kubernetes.networking.v1.NetworkPolicy(f"{name}-{role}", metadata=meta(role), spec=spec, opts=inside)
            for role, spec in network_specs(args).items()
        ]
        # Kubernetes makes this account by itself, so it is patched, not made.
        kubernetes.core.v1.ServiceAccountPatch(
            f"{name}-default", metadata=meta("default"), automount_service_account_token=False, opts=inside
        )
        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-{WORKLOAD}", metadata=meta(WORKLOAD), automount_service_account_token=False, opts=inside
        )
        identity = self._identity(name, here, args.pod_identity, account)
        if args.people_group is not None:
            self._people(name, meta(PEOPLE), args.people_group, inside)

        ready = pulumi.Output.all(space.id, quota.id, limits.id, *(door.id for door in doors))
        self.namespace = ready.apply(lambda _: here)
        self.service_account = identity.apply(lambda _: WORKLOAD)
        self.register_outputs({"namespace": self.namespace, "service_account": self.service_account})

    def _identity(
        self, name: str, namespace: str, identity: PodIdentity | None, account: pulumi.Resource
    ) -> pulumi.Output[str]:
        if identity is None:
            return pulumi.Output.from_input("")
        made = aws.eks.PodIdentityAssociation(
            f"{name}-identity",
            cluster_name=identity.cluster_name,
            namespace=namespace,
            role_arn=identity.role_arn,
            service_account=WORKLOAD,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account]),
        )
        return made.association_id

    @staticmethod
    def _people(name: str, metadata: dict[str, Any], group: str, opts: pulumi.ResourceOptions) -> None:
        role = kubernetes.rbac.v1.Role(f"{name}-{PEOPLE}", metadata=metadata, rules=_people.rules(), opts=opts)
        kubernetes.rbac.v1.RoleBinding(
            f"{name}-{PEOPLE}-binding",
            metadata=metadata,
            role_ref={"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": PEOPLE},
            subjects=[{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[role])),
        )


def namespace_name(team: str) -> str:
    """The namespace of a team."""
    return f"team-{team}"


def labels(args: TeamNamespaceArgs) -> dict[str, str]:
    """Whose namespace it is, which pools it may use, who lets it in, and that no pod gets the rights of its node.

    https://kubernetes.io/docs/concepts/security/pod-security-admission/ (2026-11)
    """
    security = {
        f"pod-security.kubernetes.io/{mode}{part}": value
        for mode in ("audit", "enforce", "warn")
        for part, value in (("", "restricted"), ("-version", args.pod_security_version))
    }
    pools = {f"{ALLOWED_POOL}{pool}": ALLOWED for pool in sorted(args.pools)}
    services = {f"{ALLOWED_TO}{service}": ALLOWED for service in sorted(args.admitted_to)}
    return {TEAM: args.team, **security, **pools, **services}


def network_specs(args: TeamNamespaceArgs) -> Mapping[str, dict[str, Any]]:
    """Role of each network policy to its spec; the role is identity."""
    return {
        "deny": _network.deny(),
        "among-themselves": _network.among_themselves(),
        "names": _network.names(args.resolver),
        **{f"to-{place}": _network.calls(egress) for place, egress in sorted(args.egress.items())},
    }
