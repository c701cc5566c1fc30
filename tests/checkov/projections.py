"""Some resources as a plan, and what is doubtful about them."""

from typing import Any

from llmlz.checkov.projection import Projection, project
from llmlz.graph.model import Resource
from tests.checkov.parts import catalogue, graph

TYPES = ("aws_security_group", "aws_s3_bucket", "aws_iam_role_policy", "aws_s3_bucket_versioning", "aws_kms_key")


def projected(*resources: Resource) -> Projection:
    """Some resources as a plan."""
    return project(graph(*resources), catalogue(TYPES))


def values(*resources: Resource) -> dict[str, Any]:
    """The values of the only resource, about which there is no doubt."""
    found = projected(*resources)
    assert found.doubts == ()
    (one,) = found.plan["planned_values"]["root_module"]["resources"]
    inner: dict[str, Any] = one["values"]
    return inner


def doubts(*resources: Resource) -> str:
    """All doubts as one text."""
    return "\n".join(doubt.message for doubt in projected(*resources).doubts)
