"""One request against one document under test, as IAM would decide it; whatever is not under test allows everything."""

from collections.abc import Mapping
from typing import Any

from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import Guard, World

ACCOUNT, OTHER = "111122223333", "444455556666"
ENDPOINT = "vpce-1"
EVERYTHING: Mapping[str, str] = {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}


def role(name: str, account: str = ACCOUNT) -> str:
    """ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def document(layer: Layer, *statements: Mapping[str, Any]) -> Document:
    """A document of a layer; a part that is not understood fails the test."""
    found = parse({"Version": "2012-10-17", "Statement": list(statements)}, Origin(layer=layer, name="under test"))
    assert found.undecided is None, found.undecided
    return found


WIDE = document("identity", EVERYTHING)


def allowed(
    action: str,
    resource: str,
    *,
    by: str = role("app"),
    context: Mapping[str, str] | None = None,
    identity: Document = WIDE,
    on_resource: Document | None = None,
    gate: bool = False,
    at_endpoint: Document | None = None,
) -> bool:
    """Whether ``by`` may do it to a resource of ``ACCOUNT``; doubt fails the test.

    ``on_resource`` is the policy of the resource, and ``gate`` says that nobody gets in whom it does not let in;
    ``at_endpoint`` is the policy of the endpoint that the request comes through.
    """
    account = by.split(":")[4]
    world = World(
        account=account,
        resource_account=ACCOUNT if on_resource else account,
        identity=(identity,),
        guards=(Guard(actions=("*",), resources=("*",), document=on_resource, gate=gate),) if on_resource else (),
        endpoints={ENDPOINT: at_endpoint} if at_endpoint else {},
    )
    sent = {
        "aws:PrincipalAccount": account,
        "aws:PrincipalIsAWSService": "false",
        "aws:SecureTransport": "true",
        **({"aws:SourceVpce": ENDPOINT} if at_endpoint else {}),
        **(context or {}),
    }
    decision = decide(Request(by, action, resource, sent), world)
    assert decision.outcome != "indeterminate", decision.reason
    return decision.outcome == "allowed"
