"""Who talks to whom in Qdrant's namespace, as plain objects of Kubernetes."""

from typing import Any

HTTP, GRPC, PEERS = 6333, 6334, 6335
"""https://qdrant.tech/documentation/guides/installation (2026-11)"""

AGENT = "169.254.170.23/32"
"""Where pods get their credentials: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html (2026-11)"""

ADMITTED = {"llmlz.io/qdrant": "allowed"}
"""Label of a namespace whose pods may call; a token decides what they reach."""

PART_OF = {"app.kubernetes.io/part-of": "qdrant"}
SERVER = {"app.kubernetes.io/name": "qdrant", **PART_OF}


def denied() -> dict[str, Any]:
    """Nothing, both ways, for every pod."""
    return {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def to_server() -> dict[str, Any]:
    """Admitted namespaces call the API, jobs of the namespace too; nodes talk to each other."""
    return {
        "ingress": [
            {"from": [{"namespaceSelector": {"matchLabels": ADMITTED}}], "ports": _ports(HTTP, GRPC)},
            {"from": [{"podSelector": {"matchLabels": PART_OF}}], "ports": _ports(HTTP)},
            {"from": [{"podSelector": {"matchLabels": SERVER}}], "ports": _ports(PEERS)},
        ],
        "podSelector": {"matchLabels": SERVER},
        "policyTypes": ["Ingress"],
    }


def from_pods() -> dict[str, Any]:
    """Names, nodes, the agent with the credentials, and TLS to AWS."""
    return {
        "egress": [
            {"ports": [{"port": 53, "protocol": protocol} for protocol in ("TCP", "UDP")]},
            {"ports": _ports(HTTP, PEERS), "to": [{"podSelector": {"matchLabels": SERVER}}]},
            {"ports": _ports(80), "to": [{"ipBlock": {"cidr": AGENT}}]},
            {"ports": _ports(443)},
        ],
        "podSelector": {"matchLabels": PART_OF},
        "policyTypes": ["Egress"],
    }


def _ports(*numbers: int) -> list[dict[str, Any]]:
    return [{"port": number, "protocol": "TCP"} for number in numbers]
