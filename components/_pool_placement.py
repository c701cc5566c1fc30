"""How pods find their pool of nodes: one label, one taint for every GPU, and one taint for each pool.

One key for every GPU, so that what must run on all such nodes tolerates one thing:
https://github.com/aws/containers-roadmap/issues/2567 (2026-11).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components._kubernetes import GPU, POOL

PURPOSE = "llmlz.io/purpose"
"""Label of nodes: what their pool is for."""

NO_SCHEDULE = "NoSchedule"


def taints(pool: str, *, gpus: bool, closed: bool) -> list[dict[str, str]]:
    """What keeps pods away: from GPUs, and from a ``closed`` pool those that do not name it."""
    own = [{"key": POOL, "value": pool, "effect": NO_SCHEDULE}] if closed else []
    return [*([{"key": GPU, "effect": NO_SCHEDULE}] if gpus else []), *own]


def placement(pool: str) -> Mapping[str, Any]:
    """The part of a pod that brings it to this pool and to no other: ``nodeSelector`` and ``tolerations``."""
    tolerations: Sequence[Mapping[str, str]] = (
        {"key": GPU, "operator": "Exists", "effect": NO_SCHEDULE},
        {"key": POOL, "operator": "Equal", "value": pool, "effect": NO_SCHEDULE},
    )
    return {"nodeSelector": {POOL: pool}, "tolerations": [dict(one) for one in tolerations]}
