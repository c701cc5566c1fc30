"""Names that pools, namespaces, pods and guards of one cluster share; a guard is only as good as their agreement."""

TEAM = "llmlz.io/team"
"""Label of a namespace and of every pod in it: whose they are."""

POOL = "llmlz.io/pool"
"""Label and taint of the nodes of a pool."""

ALLOWED_POOL = "pool.llmlz.io/"
"""Start of a namespace's label that lets it use a pool: ``pool.llmlz.io/<pool>: allowed``."""

ALLOWED_TO = "llmlz.io/"
"""Start of a namespace's label that a service of the cluster lets its pods in by: ``llmlz.io/<service>: allowed``."""

ALLOWED = "allowed"

GPU = "nvidia.com/gpu"
"""Taint of every node with GPUs, and the resource that pods ask for and quotas count."""

PRIVATE_PREFIXES = ("llmlz.io/", ALLOWED_POOL, "pod-security.kubernetes.io/")
"""Labels of a namespace that decide what may run there."""
