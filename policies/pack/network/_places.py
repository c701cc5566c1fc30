"""Where subnets, tables and endpoints belong: by reference, or by the literal id where there is none."""

from collections.abc import Iterator
from typing import Any

from policies.pack._rule import Context, Resource, Stack
from policies.pack._values import text

VPC, ENDPOINT = "aws:ec2/vpc:Vpc", "aws:ec2/vpcEndpoint:VpcEndpoint"


def region_of(resource: Resource, stack: Stack) -> str:
    """The resource's own region, or its stack's."""
    return text(resource.inputs, "region") or stack.region


def inside(context: Context, target: Resource, token: str, at: str) -> tuple[Resource, ...]:
    """Resources of this type whose input ``at`` comes from ``target``."""
    return tuple(
        r for r in context.of_type(token) if any(ref.at == at and ref.to == target.urn for ref in r.references)
    )


def targets(resource: Resource, at: str, context: Context) -> tuple[Resource, ...]:
    """What the input ``at``, or a member of the list there, comes from."""
    urns = [r.to for r in resource.references if r.at == at or r.at.startswith(f"{at}[")]
    return tuple(found for urn in urns if (found := context.by_urn(urn)) is not None)


def known(context: Context, region: str) -> Iterator[Resource]:
    """Resources of this stack and the other known ones of its account, in one region."""
    for stack in (context.stack, *context.others):
        if stack.account == context.stack.account:
            for resource in stack.resources:
                own: Any = resource.inputs.get("region")
                if (own or stack.region) == region:
                    yield resource
