"""VPC endpoints of a graph, and the policy of each.

https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (2026-11)
"""

from collections.abc import Mapping

from llmlz.access.documents import Document, Origin, parse, unknown
from llmlz.access.follow import named_at
from llmlz.access.layers import output_of
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource

ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"

GATEWAY = "Gateway"
"""Kind of an endpoint that names none."""

FULL_ACCESS = {
    "Version": "2012-10-17",
    "Statement": {"Sid": "Everything", "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"},
}
"""What AWS lets through an endpoint that has no policy of its own."""


def endpoints(graph: Graph) -> Mapping[str, Document]:
    """Id of every endpoint to its policy; one without a policy lets everything through."""
    separate: dict[str, list[Resource]] = {}
    for policy in graph.of_type(POLICY):
        endpoint = named_at(graph, policy, "vpcEndpointId", (ENDPOINT,))
        key = endpoint.urn if endpoint else str(policy.inputs.get("vpcEndpointId"))
        separate.setdefault(key, []).append(policy)
    found = {output_of(graph, e, "id"): _document(e, separate.pop(e.urn, [])) for e in graph.of_type(ENDPOINT)}
    for key, policies in separate.items():  # endpoints made elsewhere, which this graph gives a policy
        found[key] = _one(policies, policies[0].name)
    return found


def endpoint_of(graph: Graph, service_suffix: str) -> str | None:
    """Id of the endpoint whose service ends so, such as ``.bedrock-runtime``; ``None`` where there is none.

    Raises ``BadInputError`` where there are several: nobody could say which one a request comes through.
    """
    found = [e for e in graph.of_type(ENDPOINT) if str(e.inputs.get("serviceName")).endswith(service_suffix)]
    if len(found) > 1:
        names = ", ".join(endpoint.name for endpoint in found)
        raise BadInputError(f"stack {graph.stack!r} has several endpoints of {service_suffix}: {names}; keep one")
    return output_of(graph, found[0], "id") if found else None


def _document(endpoint: Resource, separate: list[Resource]) -> Document:
    carriers = [*([endpoint] if endpoint.inputs.get("policy") is not None else []), *separate]
    if not carriers:
        name = f"{endpoint.name}, full access"
        return parse(FULL_ACCESS, Origin(layer="endpoint", name=name, urn=endpoint.urn, source=endpoint.source))
    document = _one(carriers, endpoint.name)
    named = [s for s in document.statements if s.principals and (s.principals.accounts or s.principals.arns)]
    if named and (endpoint.inputs.get("vpcEndpointType") or GATEWAY) == GATEWAY:
        why = f"{named[0].sid} names a principal, and a gateway endpoint takes * only; use aws:PrincipalArn"
        return unknown(document.origin, why)
    return document


def _one(carriers: list[Resource], name: str) -> Document:
    """The policy of the only resource that carries one."""
    carrier = carriers[0]
    origin = Origin(layer="endpoint", name=name, urn=carrier.urn, source=carrier.source)
    if len(carriers) > 1:
        return unknown(origin, f"it has several policies: {', '.join(c.name for c in carriers)}")
    text = carrier.inputs.get("policy")
    return unknown(origin, "the policy has no text") if text is None else parse(text, origin)
