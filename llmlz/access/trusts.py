"""Trust policies of roles: who may take a role, as gates on ``sts:AssumeRole``.

In the account of the role, too, its trust must name whoever takes it:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
(2026-11).
"""

import json
from collections.abc import Mapping

from llmlz.access.documents import Document, Origin, parse, unknown
from llmlz.access.layers import ROLE, output_of
from llmlz.access.world import Guard
from llmlz.graph.model import Graph, Resource

ACTIONS = ("sts:AssumeRole*",)

PODS = "pods.eks.amazonaws.com"
"""The service that gives pods of EKS their roles."""


def trusts(graph: Graph) -> tuple[Guard, ...]:
    """One gate per role that the graph makes."""
    return tuple(
        Guard(actions=ACTIONS, resources=(output_of(graph, role),), document=_document(role), gate=True)
        for role in graph.of_type(ROLE)
    )


def pod_roles(graph: Graph) -> frozenset[str]:
    """URNs of the roles that pods take."""
    return frozenset(role.urn for role in graph.of_type(ROLE) if PODS in str(role.inputs.get("assumeRolePolicy")))


def _document(role: Resource) -> Document:
    """The trust policy; it has no Resource element, as it can only be about its own role."""
    origin = Origin(layer="resource", name=f"trust of {role.name}", urn=role.urn, source=role.source)
    text = role.inputs.get("assumeRolePolicy")
    try:
        raw = json.loads(text) if isinstance(text, str) else text
    except json.JSONDecodeError as error:
        return unknown(origin, f"not JSON: {error}")
    if not isinstance(raw, Mapping):
        return unknown(origin, "the trust policy has no text")
    listed = raw.get("Statement")
    listed = [listed] if isinstance(listed, Mapping) else listed
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        return unknown(origin, "Statement of the trust policy must be statements")
    if any({"Resource", "NotResource"} & set(item) for item in listed):
        return unknown(origin, "a trust policy has no Resource element")
    return parse({**raw, "Statement": [{**item, "Resource": "*"} for item in listed]}, origin)
