"""Who acts as a team: services of the account that run its code, and its pods."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components._policy import document, pod_trust, service_trust


@dataclass(frozen=True, kw_only=True, slots=True)
class Pods:
    """Pods that act as the team."""

    cluster_arn: pulumi.Input[str]
    """The cluster that they run in."""

    namespace: str
    """The team's namespace there."""

    service_account: str
    """The account in it that they run under."""


def team_trust(services: Sequence[str], account_id: str, pods: Pods | None) -> pulumi.Output[str]:
    """The trust of the team's role, as JSON."""
    acting = service_trust(services, account_id)["Statement"]
    if pods is None:
        return pulumi.Output.from_input(json.dumps(document(acting)))
    return pulumi.Output.from_input(pods.cluster_arn).apply(
        lambda arn: json.dumps(
            document(
                [
                    *acting,
                    pod_trust(cluster_arn=arn, namespace=pods.namespace, service_account=pods.service_account),
                ]
            )
        )
    )
