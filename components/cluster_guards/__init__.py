"""What no pod, Service, namespace or pool of a cluster may be, judged by the API server itself."""

from components.cluster_guards.component import ClusterGuards, ClusterGuardsArgs, guard_specs

__all__ = ["ClusterGuards", "ClusterGuardsArgs", "guard_specs"]
