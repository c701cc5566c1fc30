"""VPC endpoints, and what each lets through."""

import json
from collections.abc import Callable
from typing import Any

import pulumi_aws as aws
import pytest

from llmlz.access.documents import Document
from llmlz.access.endpoints import endpoint_of, endpoints
from llmlz.access.layers import output_of
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph

Recorded = Callable[[Callable[[], None]], Graph]
MODELS = "com.amazonaws.eu-central-1.bedrock-runtime"


def text(**elements: Any) -> str:
    """A policy that lets one operation through."""
    statement = {"Sid": "Only", "Effect": "Allow", "Principal": "*", "Action": "bedrock:InvokeModel", "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": {**statement, **elements}})


def endpoint(name: str, service: str = MODELS, kind: str | None = "Interface", **inputs: Any) -> aws.ec2.VpcEndpoint:
    """One endpoint."""
    return aws.ec2.VpcEndpoint(name, vpc_id="vpc-1", service_name=service, vpc_endpoint_type=kind, **inputs)


def only(graph: Graph) -> Document:
    """The policy of the only endpoint."""
    (document,) = endpoints(graph).values()
    return document


def test_an_endpoint_is_known_by_its_id(recorded: Recorded) -> None:
    """The id is what a request names as ``aws:SourceVpce``; the policy keeps its line."""

    def program() -> None:
        endpoint("models", policy=text())

    graph = recorded(program)
    ((id_, document),) = endpoints(graph).items()
    assert id_ == output_of(graph, graph.named("models"), "id") == endpoint_of(graph, ".bedrock-runtime")
    assert (document.origin.layer, document.origin.name) == ("endpoint", "models")
    assert str(document.origin.source).startswith("tests/access/test_endpoints.py:")
    assert [statement.sid for statement in document.statements] == ["Only"]


def test_an_endpoint_without_a_policy_lets_everything_through(recorded: Recorded) -> None:
    """AWS gives it one that allows all; its name says so."""

    def program() -> None:
        endpoint("models")

    document = only(recorded(program))
    (statement,) = document.statements
    assert (statement.effect, statement.actions, statement.resources) == ("Allow", ("*",), ("*",))
    assert statement.principals is not None
    assert statement.principals.anyone
    assert document.origin.name == "models, full access"


def test_a_policy_may_be_a_resource_of_its_own(recorded: Recorded) -> None:
    """It counts instead of full access, for an endpoint of the graph and for one made elsewhere."""

    def program() -> None:
        made = endpoint("models")
        aws.ec2.VpcEndpointPolicy("limit", vpc_endpoint_id=made.id, policy=text())
        aws.ec2.VpcEndpointPolicy("far", vpc_endpoint_id="vpce-77", policy=text(Sid="Far"))

    graph = recorded(program)
    found = endpoints(graph)
    near = found[output_of(graph, graph.named("models"), "id")]
    assert [s.sid for s in (*near.statements, *found["vpce-77"].statements)] == ["Only", "Far"]
    assert near.origin.urn.endswith("VpcEndpointPolicy::limit")


def test_two_policies_of_one_endpoint_are_undecided(recorded: Recorded) -> None:
    """Whichever was written last would count, and nobody knows which that is."""

    def program() -> None:
        made = endpoint("models", policy=text())
        aws.ec2.VpcEndpointPolicy("limit", vpc_endpoint_id=made.id, policy=text())

    assert only(recorded(program)).undecided == "it has several policies: models, limit"


@pytest.mark.parametrize(("kind", "decided"), [("Gateway", False), (None, False), ("Interface", True)])
@pytest.mark.parametrize("who", ["111122223333", "arn:aws:iam::111122223333:role/app"])
def test_a_gateway_endpoint_names_nobody(recorded: Recorded, kind: str | None, decided: bool, who: str) -> None:
    """There an account means its root user alone, and a role means nothing; the default kind is a gateway."""

    def program() -> None:
        endpoint("s3", "com.amazonaws.eu-central-1.s3", kind, policy=text(Principal={"AWS": who}))

    document = only(recorded(program))
    assert (document.undecided is None) is decided
    assert decided or "a gateway endpoint takes * only" in (document.undecided or "")


def test_an_endpoint_is_found_by_the_end_of_its_service(recorded: Recorded) -> None:
    """One is found, none is ``None``, and two are refused: nobody knows which a request takes."""

    def program() -> None:
        endpoint("models")
        endpoint("control", "com.amazonaws.eu-central-1.bedrock")

    graph = recorded(program)
    assert endpoint_of(graph, ".bedrock") == output_of(graph, graph.named("control"), "id")
    assert endpoint_of(graph, ".s3") is None

    def twice() -> None:
        program()
        endpoint("more")

    with pytest.raises(BadInputError, match=r"several endpoints of \.bedrock-runtime: models, more"):
        endpoint_of(recorded(twice), ".bedrock-runtime")
