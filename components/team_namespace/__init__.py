"""One team's place in a cluster: what may run there, how much of it, with whom it talks, and as whom."""

from components.team_namespace._limits import PerContainer, Quota
from components.team_namespace._network import Egress
from components.team_namespace.component import WORKLOAD, PodIdentity, TeamNamespace, TeamNamespaceArgs, namespace_name

__all__ = [
    "WORKLOAD",
    "Egress",
    "PerContainer",
    "PodIdentity",
    "Quota",
    "TeamNamespace",
    "TeamNamespaceArgs",
    "namespace_name",
]
