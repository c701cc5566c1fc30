"""Graphs of a few resources, and a catalogue without checkov."""

from collections.abc import Mapping, Sequence
from typing import Any

from llmlz.checkov.answers import Catalogue, Check
from llmlz.graph.model import Graph, Reference, Resource

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
BUCKET = "aws:s3/bucket:Bucket"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
OPEN_SSH = {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrBlocks": ["0.0.0.0/0"]}


def resource(token: str, name: str, inputs: Mapping[str, Any], **more: Any) -> Resource:
    """One resource of a stack."""
    urn = f"urn:pulumi:dev::shop::{token}::{name}"
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, **more)


def graph(*resources: Resource) -> Graph:
    """A stack of some resources."""
    ordered = tuple(sorted(resources, key=lambda r: r.urn))
    return Graph(project="shop", stack="dev", resources=ordered, account="111122223333", region="eu-central-1")


def refers(at: str, to: Resource, output: str | None = "id") -> Reference:
    """A reference to another resource."""
    return Reference(at=at, to=to.urn, output=output)


def catalogue(types: Sequence[str], sees: Sequence[str] = (), kinds: Sequence[str] = ()) -> Catalogue:
    """One check that judges some types."""
    judged, seen, manifests = frozenset(types), frozenset(sees), frozenset(kinds)
    check = Check("X_1", "Some check", frozenset({"python"}), judged, seen, manifests, skipped=False)
    return Catalogue("3", {"X_1": check}, {"aws_iam_role_policy": "policy"})


OPEN = resource(SECURITY_GROUP, "open", {"ingress": [OPEN_SSH], "vpcId": "vpc-1"})
"""A security group that lets everybody in."""
