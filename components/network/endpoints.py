"""Private ways to AWS services: interface endpoints with their security group, and the S3 gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.network.args import GATEWAY, NetworkArgs
from components.network.endpoint_policy import default_policy, fitting, policy_text

HTTPS = 443


def s3_gateway(
    name: str,
    args: NetworkArgs,
    *,
    vpc: aws.ec2.Vpc,
    tables: Sequence[aws.ec2.RouteTable],
    child: pulumi.ResourceOptions,
) -> aws.ec2.VpcEndpoint:
    """S3 without NAT, and without cost, for everything that uses ``tables``."""
    return aws.ec2.VpcEndpoint(
        f"{name}-s3-gateway",
        service_name=f"com.amazonaws.{args.region}.{GATEWAY}",
        vpc_endpoint_type="Gateway",
        policy=_policy(GATEWAY, args),
        vpc_id=vpc.id,
        route_table_ids=[table.id for table in tables],
        tags={"Name": f"{args.name_prefix}-s3-gateway"},
        opts=child,
    )


def interface_endpoints(
    name: str,
    args: NetworkArgs,
    *,
    vpc: aws.ec2.Vpc,
    subnets: Mapping[str, aws.ec2.Subnet],
    child: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """Service to endpoint id. The group lets the whole network in on HTTPS and starts no connection itself."""
    if not args.interface_endpoints:
        return {}
    group = aws.ec2.SecurityGroup(
        f"{name}-endpoints",
        name=f"{args.name_prefix}-endpoints",
        description="HTTPS from the network to AWS services",
        vpc_id=vpc.id,
        tags={"Name": f"{args.name_prefix}-endpoints"},
        opts=child,
    )
    rule = aws.vpc.SecurityGroupIngressRule(
        f"{name}-endpoints-https",
        description="HTTPS from the network",
        security_group_id=group.id,
        cidr_ipv4=args.cidr,
        ip_protocol="tcp",
        from_port=HTTPS,
        to_port=HTTPS,
        opts=child,
    )
    endpoints = {
        service: aws.ec2.VpcEndpoint(
            f"{name}-endpoint-{service.replace('.', '-')}",
            service_name=f"com.amazonaws.{args.region}.{service}",
            vpc_endpoint_type="Interface",
            policy=_policy(service, args),
            vpc_id=vpc.id,
            subnet_ids=[subnets[zone].id for zone in args.endpoint_zones or args.zones],
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags={"Name": f"{args.name_prefix}-{service}"},
            opts=child,
        )
        for service in args.interface_endpoints
    }
    return {
        service: pulumi.Output.all(endpoint.id, rule.id).apply(lambda made: str(made[0]))
        for service, endpoint in endpoints.items()
    }


def _policy(service: str, args: NetworkArgs) -> pulumi.Input[str] | None:
    """The policy of one endpoint, which AWS would accept; ``None`` lets everybody through."""
    given = args.endpoint_policies.get(service)
    if given is not None:
        return pulumi.Output.from_input(given).apply(lambda text: fitting(service, text))
    if not args.account_id:
        return None
    return policy_text(
        default_policy(service, account_id=args.account_id, partition=args.partition, region=args.region)
    )
