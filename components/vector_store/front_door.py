"""Who may connect to the database: a security group without an open rule."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

PORT = 5432


def front_door(
    name: str,
    physical: str,
    *,
    vpc_id: pulumi.Input[str],
    cidrs: Mapping[str, str],
    groups: Mapping[str, pulumi.Input[str]],
    child: pulumi.ResourceOptions,
) -> aws.ec2.SecurityGroup:
    """The group, and one rule per client: ``cidrs`` and ``groups`` are label to CIDR block and to security group."""
    door = aws.ec2.SecurityGroup(
        f"{name}-group",
        name=physical,
        description="The vector database: starts no connection, takes those of named clients",
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
            description=f"PostgreSQL from {label}",
            security_group_id=door.id,
            cidr_ipv4=client.get("cidr_ipv4"),
            referenced_security_group_id=client.get("referenced_security_group_id"),
            ip_protocol="tcp",
            from_port=PORT,
            to_port=PORT,
            opts=child,
        )
    return door
