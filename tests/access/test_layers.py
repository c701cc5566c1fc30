"""Which documents decide for the roles of a recorded stack."""

from collections.abc import Callable

import pulumi_aws as aws

from llmlz.access.layers import from_graph
from llmlz.graph.model import Graph

BOUNDARY = "arn:aws:iam::111122223333:policy/llmlz-boundary"


def test_inline_and_attached_policies_reach_their_role(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Team claims has an inline policy, team fraud a managed one; both keep the line that made them."""
    claims, fraud = from_graph(estate, wide_boundary)
    assert [(r.name, r.tags) for r in (claims, fraud)] == [
        ("claims-app", {"team": "claims"}),
        ("fraud-app", {"team": "fraud"}),
    ]
    assert [d.origin.urn.split("::")[2] for d in claims.identity] == ["aws:iam/rolePolicy:RolePolicy"]
    assert [d.origin.urn.split("::")[2] for d in fraud.identity] == ["aws:iam/policy:Policy"]
    assert [s.sid for s in fraud.identity[0].statements] == [
        "CallProfiles",
        "CallModels",
        "OnlyGuarded",
        "UseGuardrail",
    ]
    assert str(fraud.identity[0].origin.source).startswith("tests/access/conftest.py:")
    assert claims.boundary is not None
    assert claims.boundary.undecided is None


def test_a_boundary_without_its_text_is_undecided(estate: Graph) -> None:
    """The boundary is made outside Pulumi; nobody may guess what it says."""
    boundary = from_graph(estate, {})[0].boundary
    assert boundary is not None
    assert boundary.undecided == f"the text of {BOUNDARY} was not given"


def test_policies_that_nobody_can_read_stay_with_their_role(
    recorded: Callable[[Callable[[], None]], Graph], attach_elsewhere: Callable[[], None]
) -> None:
    """A managed policy of AWS is undecided until its text is given; so is everything else of a role made elsewhere."""
    graph = recorded(attach_elsewhere)
    own, elsewhere = from_graph(graph, {})
    arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert [d.undecided for d in own.identity] == [f"the text of {arn} was not given"]
    assert (elsewhere.urn, elsewhere.name) == ("", "made-elsewhere")
    assert "other policies are not known" in (elsewhere.identity[-1].undecided or "")
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}'
    assert from_graph(graph, {}, {arn: text})[0].identity[0].undecided is None


def test_a_boundary_that_the_stack_makes_is_read_from_it(recorded: Callable[[Callable[[], None]], Graph]) -> None:
    """Its document limits and never gives: it is one of the boundary layer."""
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}'

    def program() -> None:
        policy = aws.iam.Policy("limit", policy=text)
        aws.iam.Role("app", assume_role_policy="{}", permissions_boundary=policy.arn)

    (role,) = from_graph(recorded(program), {})
    assert role.boundary is not None
    assert (role.boundary.origin.layer, role.boundary.origin.name) == ("boundary", "limit")
    assert role.identity == ()
