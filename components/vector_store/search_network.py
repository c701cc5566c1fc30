"""The way to a collection of OpenSearch Serverless: an endpoint in the data subnets, and who may connect to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.vector_store.front_door import SEARCH, front_door


@dataclass(frozen=True, kw_only=True, slots=True)
class WayIn:
    """What came of it."""

    endpoint_id: pulumi.Output[str]
    """The endpoint, as network policies name it."""

    group_id: pulumi.Output[str]
    """Security group of the function that makes indexes."""

    rule: pulumi.Resource
    """What lets the function out; before it nothing answers."""


def search_network(
    name: str,
    physical: str,
    steps_name: str,
    *,
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    cidrs: Mapping[str, str],
    child: pulumi.ResourceOptions,
) -> WayIn:
    """The endpoint, with a front door, and a group for the function ``steps_name`` that reaches it and nothing else.

    One endpoint serves every collection of the region, and makes their names resolve to itself in this VPC:
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-vpc.html (2026-11)
    """
    group = aws.ec2.SecurityGroup(
        f"{name}-data-plane-group",
        name=steps_name,
        description="The function that makes indexes: takes no connection, starts those to the collection",
        vpc_id=vpc_id,
        tags={"Name": steps_name},
        opts=child,
    )
    door = front_door(name, physical, SEARCH, vpc_id=vpc_id, cidrs=cidrs, groups={"data-plane": group.id}, child=child)
    rule = aws.vpc.SecurityGroupEgressRule(
        f"{name}-data-plane-to-collection",
        description="HTTPS to the endpoint of the collection",
        security_group_id=group.id,
        referenced_security_group_id=door.id,
        ip_protocol="tcp",
        from_port=SEARCH.port,
        to_port=SEARCH.port,
        opts=child,
    )
    endpoint = aws.opensearch.ServerlessVpcEndpoint(
        f"{name}-endpoint",
        name=physical,
        vpc_id=vpc_id,
        subnet_ids=list(subnet_ids.values()),
        security_group_ids=[door.id],
        opts=child,
    )
    return WayIn(endpoint_id=endpoint.id, group_id=group.id, rule=rule)
