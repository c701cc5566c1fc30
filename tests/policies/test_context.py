"""What rules find in a stack: by type and by URN, as it lies there."""

import re
from collections.abc import Mapping

import pytest

from llmlz.graph.model import Graph
from policies.pack._relations import names, pointing_at
from policies.pack._rule import Context
from policies.pack._values import UnreadableError


def test_the_index_finds_what_a_search_finds(graphs: Mapping[str, Graph]) -> None:
    """Every type, two types at once in the stack's order, a type named twice, every URN, and nothing that is not there."""
    for stack in graphs.values():
        context = Context(stack=stack, level=1)
        types = sorted({resource.type for resource in stack.resources})
        for tokens in [(token,) for token in types] + list(zip(types[::-1], types, strict=True)):
            assert context.of_type(*tokens) == tuple(r for r in stack.resources if r.type in tokens)
        assert all(context.by_urn(resource.urn) is resource for resource in stack.resources)
        assert (context.of_type("none"), context.of_type(), context.by_urn("none")) == ((), (), None)


@pytest.mark.parametrize(
    ("target", "token", "at", "own_name"),
    [
        ("aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy", "bucket", "bucket"),
        ("aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "role", "name"),
        ("aws:ec2/subnet:Subnet", "aws:ec2/routeTableAssociation:RouteTableAssociation", "subnetId", "id"),
        ("aws:kms/key:Key", "aws:s3/bucket:Bucket", "tags", "description"),
    ],
)
def test_what_points_at_a_resource_is_what_names_it(
    graphs: Mapping[str, Graph], target: str, token: str, at: str, own_name: str
) -> None:
    """The answer that is worked out once for a stack is that of asking each resource; errors too."""
    for stack in graphs.values():
        context = Context(stack=stack, level=1)
        for resource in context.of_type(target):
            try:
                one_by_one = tuple(each for each in context.of_type(token) if names(each, at, resource, own_name))
            except UnreadableError as error:
                with pytest.raises(UnreadableError, match=re.escape(str(error))):
                    pointing_at(context, resource, token, at, own_name)
            else:
                assert pointing_at(context, resource, token, at, own_name) == one_by_one
