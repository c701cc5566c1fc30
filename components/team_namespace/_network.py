"""With whom the pods of one namespace talk: nobody, until a policy here says so.

Pure functions: each gives the spec of one NetworkPolicy.
https://kubernetes.io/docs/concepts/services-networking/network-policies/ (2026-11)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

DNS_PORT = 53
HTTPS = 443

EVERYTHING: Mapping[str, Any] = {"podSelector": {}}
"""Every pod of the namespace that the policy is in; of that namespace alone, where it stands as a peer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Egress:
    """One place outside the cluster, or in another namespace, that the pods may call."""

    ports: Sequence[int] = field(default=(HTTPS,))
    """TCP ports."""

    cidrs: Sequence[str] = ()
    """Address blocks, such as the subnets of the endpoints."""

    namespace: str | None = None
    """A namespace of the cluster, such as that of the gateway; none if left out."""


def deny() -> dict[str, Any]:
    """Both ways, for every pod."""
    return {**EVERYTHING, "policyTypes": ["Ingress", "Egress"]}


def among_themselves() -> dict[str, Any]:
    """Pods of one namespace talk to one another."""
    return {
        **EVERYTHING,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [EVERYTHING]}],
        "egress": [{"to": [EVERYTHING]}],
    }


def names(resolver: str | None) -> dict[str, Any]:
    """Name look-ups: the DNS pods, and the address of the cluster's resolver where nodes answer themselves.

    In EKS Auto Mode CoreDNS is a service of the node, not a pod, so only the address can be named.
    """
    pods = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    blocks = [] if resolver is None else [{"ipBlock": {"cidr": f"{resolver}/{128 if ':' in resolver else 32}"}}]
    ports = [{"port": DNS_PORT, "protocol": protocol} for protocol in ("TCP", "UDP")]
    return {**EVERYTHING, "policyTypes": ["Egress"], "egress": [{"to": [pods, *blocks], "ports": ports}]}


def calls(egress: Egress) -> dict[str, Any]:
    """The way out to one listed place; raises ``ValueError`` for a place that is nowhere: no peer means everywhere."""
    peers: list[dict[str, Any]] = [{"ipBlock": {"cidr": cidr}} for cidr in egress.cidrs]
    if egress.namespace is not None:
        peers.append({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": egress.namespace}}})
    if not peers or not egress.ports:
        raise ValueError(
            "an egress rule without addresses or ports opens everything: name cidrs or a namespace, and ports"
        )
    ports = [{"port": port, "protocol": "TCP"} for port in egress.ports]
    return {**EVERYTHING, "policyTypes": ["Egress"], "egress": [{"to": peers, "ports": ports}]}
