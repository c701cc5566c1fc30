"""The engine for full text beside vectors at scale: a collection of Amazon OpenSearch Serverless.

Owns: the collection, its key and its network (policies that must be there first), the endpoint in the data subnets, and
the function that makes indexes. Does not own: indexes, and who reads them; each team's stack does (``VectorSpace``,
``IndexAccess``).

The collection is of the generation that AWS calls classic: another generation needs a collection group, which the
provider of the rehearsal does not know, and no collection ever changes its generation:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scale-to-zero.html (2026-11).
How much it may scale up to is a setting of the whole account, 10 units for indexing and 10 for search unless somebody
changed it: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scaling.html (2026-11).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import Statement, allow, deny
from components.vector_store.data_plane.function import Attached, DataPlaneArgs, data_plane
from components.vector_store.search_network import search_network

KIND = "opensearch"
STEPS = Path(__file__).parent / "data_plane" / "index_handler.py"

INTERFACES: Sequence[str] = tuple(
    f"ec2:{verb}"
    for verb in (
        "AssignPrivateIpAddresses",
        "CreateNetworkInterface",
        "DeleteNetworkInterface",
        "UnassignPrivateIpAddresses",
    )
)
LOOK: Sequence[str] = ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets")
"""What Lambda does with a function's role to attach it to a network:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSearch:
    """Vectors in OpenSearch Serverless."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the role that makes indexes."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone letter to data subnet, in three zones."""

    vpc_id: pulumi.Input[str]
    """The VPC of these subnets; it must resolve names with the resolver of AWS."""

    client_cidrs: Mapping[str, str] = field(default_factory=dict)
    """Label to CIDR block that may connect; nobody but the function connects if this is left out."""

    log_retention_days: pulumi.Input[int] = field(default=90)
    """Days the function's log is kept; 90 if left out."""

    services: Sequence[str] = field(default=())
    """AWS services that come over the network of AWS, such as ``bedrock.amazonaws.com`` for knowledge bases; none if left
    out. A policy must let their roles in besides."""


def opensearch(
    name: str,
    engine: OpenSearch,
    *,
    account_id: str,
    kms_key_arn: pulumi.Input[str],
    name_prefix: str,
    partition: str,
    region: str,
    parent: pulumi.Resource,
) -> dict[str, pulumi.Output[str]]:
    """Make the collection; the outputs are ready when indexes can be made in it."""
    child = pulumi.ResourceOptions(parent=parent)
    physical = collection_name(name_prefix)
    steps_name = f"{name_prefix}-vectors-data-plane"

    way_in = search_network(
        name,
        physical,
        steps_name,
        vpc_id=engine.vpc_id,
        subnet_ids=engine.subnet_ids,
        cidrs=engine.client_cidrs,
        child=child,
    )
    # whose key it is cannot be changed later, and a collection without this policy is refused:
    # https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-encryption.html (2026-11)
    encryption = aws.opensearch.ServerlessSecurityPolicy(
        f"{name}-encryption",
        name=physical,
        type="encryption",
        description="The platform's key, from birth",
        policy=pulumi.Output.from_input(kms_key_arn).apply(lambda arn: json.dumps(encryption_policy(physical, arn))),
        opts=pulumi.ResourceOptions(parent=parent, protect=True),
    )
    network = aws.opensearch.ServerlessSecurityPolicy(
        f"{name}-network",
        name=physical,
        type="network",
        description="Through the endpoint in the data subnets alone",
        policy=way_in.endpoint_id.apply(lambda made: json.dumps(network_policy(physical, made, engine.services))),
        opts=child,
    )
    collection = aws.opensearch.ServerlessCollection(
        f"{name}-collection",
        name=physical,
        type="VECTORSEARCH",
        description="Vectors of all teams, an index for each",
        standby_replicas="ENABLED",  # for ever: neither can be changed later
        opts=pulumi.ResourceOptions(parent=parent, protect=True, depends_on=[encryption, network]),
    )
    function = data_plane(
        f"{name}-data-plane",
        DataPlaneArgs(
            after=[collection, network, way_in.rule],
            attached=Attached(group_id=way_in.group_id, subnet_ids=list(engine.subnet_ids.values())),
            boundary_arn=engine.boundary_arn,
            code=STEPS,
            description="Steps inside the vector collection: an index per team.",
            environment={"ENDPOINT": collection.collection_endpoint},
            kms_key_arn=kms_key_arn,
            name=steps_name,
            purpose="Makes the teams' indexes in the vector collection.",
            retention_days=engine.log_retention_days,
            statements=collection.arn.apply(
                lambda arn: index_maker_statements(
                    collection_arn=arn,
                    function_arn=f"arn:{partition}:lambda:{region}:{account_id}:function:{steps_name}",
                    network_arns=f"arn:{partition}:ec2:{region}:{account_id}:*/*",
                )
            ),
        ),
        child,
    )
    maker = f"arn:{partition}:iam::{account_id}:role/{steps_name}"
    running = pulumi.Output.all(collection.arn, collection.collection_endpoint, function.name)
    return {
        "collection_arn": running.apply(lambda made: str(made[0])),
        "collection_name": running.apply(lambda _: physical),
        "endpoint": running.apply(lambda made: str(made[1])),
        "function_name": function.name,
        "maker_arn": running.apply(lambda _: maker),
    }


def collection_name(name_prefix: str) -> str:
    """Name of the collection, its endpoint, and the two policies that it needs."""
    return physical_name("collection", name_prefix, "vectors")


def encryption_policy(collection: str, key_arn: str) -> dict[str, Any]:
    """One collection with a customer's key."""
    about = [{"ResourceType": "collection", "Resource": [f"collection/{collection}"]}]
    return {"Rules": about, "AWSOwnedKey": False, "KmsARN": key_arn}


def network_policy(collection: str, endpoint_id: str, services: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The data of one collection through one endpoint, and for services of AWS. There is no way to its dashboard.

    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html (2026-11)
    """
    about = [{"ResourceType": "collection", "Resource": [f"collection/{collection}"]}]
    inside = {"Rules": about, "AllowFromPublic": False, "SourceVPCEs": [endpoint_id]}
    return [
        inside,
        *([{"Rules": about, "AllowFromPublic": False, "SourceServices": list(services)}] if services else []),
    ]


def index_maker_statements(*, collection_arn: str, function_arn: str, network_arns: str) -> list[Statement]:
    """Calls to one collection, and interfaces that Lambda makes for the function; its own code may not touch them.

    Lambda refuses a role that names single interfaces, so account and region bound it:
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html (2026-11)
    """
    by_itself = {"ArnEquals": {"lambda:SourceFunctionArn": function_arn}}
    return [
        allow("CallTheCollection", ["aoss:APIAccessAll"], [collection_arn]),
        allow("AttachToTheNetwork", INTERFACES, [network_arns]),
        allow("LookAtTheNetwork", LOOK, ["*"]),
        deny("NotByOwnCode", [*INTERFACES, *LOOK], ["*"], by_itself),
    ]
