"""Who administers which AWS service for the organization."""

from collections.abc import Mapping

import pulumi

from components.delegation import Delegation, DelegationArgs


def delegate(services: Mapping[str, str], opts: pulumi.ResourceOptions) -> None:
    """Register every delegated administrator; nothing is made without one."""
    if services:
        Delegation("delegated", DelegationArgs(administrators=services), opts)
