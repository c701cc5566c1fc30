"""The way into an EKS cluster with the credentials of AWS: no kubeconfig and no other program is needed."""

import base64
import binascii
import time
from collections.abc import Callable
from typing import Any

from llmlz.inventory.connection import ClusterError, Endpoint
from llmlz.inventory.read_clusters import EksCluster

TOKEN_START, CLUSTER_HEADER, SIGNED_SECONDS = "k8s-aws-v1.", "x-k8s-aws-id", 60
"""What EKS takes for a token: the address of a question to STS, signed for this cluster and for a minute.

https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html (2026-11)
"""

RENEWED_SECONDS = 600
"""A cluster takes a token for fifteen minutes.

https://github.com/kubernetes-sigs/aws-iam-authenticator#how-does-it-work (2026-11)
"""


def endpoint_of(cluster: EksCluster, sts: Callable[[], Any]) -> Endpoint:
    """Where a cluster is; ``sts`` makes a new STS client of its region. Raises ``ClusterError`` for an odd certificate."""
    try:
        authority = base64.b64decode(cluster.authority, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ClusterError(f"cluster {cluster.name}: its certificate is no base64 of PEM") from None
    return Endpoint(server=cluster.endpoint, authority=authority, token=renewed(lambda: eks_token(sts(), cluster.name)))


def eks_token(sts: Any, cluster: str) -> str:
    """A bearer token for a cluster, with the identity of an STS client that nothing else uses. Never print it."""
    sts.meta.events.register(
        "before-sign.sts.GetCallerIdentity",
        lambda request, **_: request.headers.add_header(CLUSTER_HEADER, cluster),
    )
    url = sts.generate_presigned_url("get_caller_identity", ExpiresIn=SIGNED_SECONDS, HttpMethod="GET")
    return TOKEN_START + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")


def renewed(make: Callable[[], str], now: Callable[[], float] = time.monotonic) -> Callable[[], str]:
    """The same token for some minutes, then another."""
    kept: list[tuple[float, str]] = []

    def token() -> str:
        if not kept or now() - kept[0][0] >= RENEWED_SECONDS:
            kept[:] = [(now(), make())]
        return kept[0][1]

    return token
