"""Who may connect to the store: a security group without an open rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """What stands behind a front door."""

    description: str
    """What the group is for; AWS never changes it."""

    port: int
    """The one TCP port that is open."""

    protocol: str
    """What is spoken there, for the descriptions of rules."""


POSTGRESQL = Door(
    description="The vector database: starts no connection, takes those of named clients",
    port=5432,
    protocol="PostgreSQL",
)
SEARCH = Door(
    description="The endpoint of the vector collection: starts no connection, takes those of named clients",
    port=443,
    protocol="HTTPS",
)


def front_door(
    name: str,
    physical: str,
    door: Door,
    *,
    vpc_id: pulumi.Input[str],
    cidrs: Mapping[str, str],
    groups: Mapping[str, pulumi.Input[str]],
    child: pulumi.ResourceOptions,
) -> aws.ec2.SecurityGroup:
    """The group, and one rule per client: ``cidrs`` and ``groups`` are label to CIDR block and to security group."""
    made = aws.ec2.SecurityGroup(
        f"{name}-group",
        name=physical,
        description=door.description,
        vpc_id=vpc_id,
        tags={"Name": physical},
        opts=child,
    )
    clients: dict[str, dict[str, pulumi.Input[str]]] = {
        **{label: {"cidr_ipv4": cidr} for label, cidr in cidrs.items()},
        **{label: {"referenced_security_group_id": group} for label, group in groups.items()},
    }
    for label, client in clients.items():
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-from-{label}",
            description=f"{door.protocol} from {label}",
            security_group_id=made.id,
            cidr_ipv4=client.get("cidr_ipv4"),
            referenced_security_group_id=client.get("referenced_security_group_id"),
            ip_protocol="tcp",
            from_port=door.port,
            to_port=door.port,
            opts=child,
        )
    return made
