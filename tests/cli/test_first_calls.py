"""The refused call of a trial: judged offline, with the layer, the statement and the line that decided."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from llmlz.access.calls import decide_call, targets
from llmlz.access.documents import Document, Layer, Origin, parse
from llmlz.access.layers import Role
from llmlz.access.world import Surroundings
from llmlz.cli import accessing
from llmlz.cli.first_calls import decided, evaluator
from llmlz.graph.model import Source
from llmlz.local.callers import foreign_profile
from tests import estates

TEAM = "team-claims-sandbox"
EVERYTHING = {"Sid": "Everything", "Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}
LINE = Source(file="stacks/somewhere.py", line=7)


def document(layer: Layer, *statements: Mapping[str, Any]) -> Document:
    """A policy that a line of the project made."""
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return parse(text, Origin(layer=layer, name=f"some-{layer}", source=LINE))


def told(**changed: Any) -> str:
    """What decides a call of claims to its own profile without a guardrail, with other policies."""
    graphs = estates.recorded()
    (role, *_) = accessing.roles(estates.example(), graphs, TEAM)
    given: dict[str, Any] = {
        "identity": (document("identity", EVERYTHING),),
        "boundary": None,
        "around": Surroundings(),
    }
    changed_role: Role = replace(role, **(given | changed))
    target = targets(graphs[TEAM], accessing.destinations(estates.example()))[0]
    return decided(decide_call(changed_role, target, "bedrock:InvokeModel", None), changed_role)


def test_the_profile_of_another_team_is_refused_by_a_named_layer() -> None:
    """No stand-in is shown, and the line is one of the project's."""
    graphs = estates.recorded()
    judged = evaluator(estates.example(), graphs, TEAM)(graphs[TEAM], foreign_profile(TEAM, graphs))
    assert judged.outcome == "denied"
    assert judged.decided.startswith("the identity layer, where no statement allows it: ")
    assert "identity claims-role-policy (components/team_space.py:" in judged.decided


def test_the_own_profile_is_allowed_by_its_statement() -> None:
    """The same judge says yes to what the team is meant to call: the refusal above is no accident."""
    graphs = estates.recorded()
    own = next(t.profile for t in targets(graphs[TEAM], accessing.destinations(estates.example())) if t.profile)
    judged = evaluator(estates.example(), graphs, TEAM)(graphs[TEAM], own)
    assert judged.outcome == "allowed"
    assert judged.decided.startswith("Allow CallOwnProfiles of identity claims-role-policy (components/team_space.py:")


def test_an_explicit_deny_names_its_statement_and_line() -> None:
    """Layer, name of the policy, Sid, file and line."""
    deny = {"Sid": "NotThis", "Effect": "Deny", "Action": "bedrock:InvokeModel", "Resource": "*"}
    found = told(boundary=document("boundary", EVERYTHING, deny))
    assert found == "Deny NotThis of boundary some-boundary (stacks/somewhere.py:7)"


@pytest.mark.parametrize("layer", ["boundary", "identity", "service_control"])
def test_an_implicit_deny_names_the_layer_and_what_is_in_it(layer: Layer) -> None:
    """Whoever is refused sees which policies lack a statement."""
    narrow = document(layer, {"Sid": "Other", "Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    places: Mapping[Layer, Mapping[str, Any]] = {
        "boundary": {"boundary": narrow},
        "identity": {"identity": (narrow,)},
        "service_control": {"around": Surroundings(service_control=((narrow,),))},
    }
    assert told(**places[layer]) == (
        f"the {layer} layer, where no statement allows it: {layer} some-{layer} (stacks/somewhere.py:7)"
    )


def test_a_role_without_policies_is_named_itself() -> None:
    """An empty layer has no policy to name: the line is that of the role."""
    found = told(identity=())
    assert found.startswith(
        "the identity layer, where no statement allows it: role claims-role (components/team_space.py:"
    )


def test_doubt_keeps_its_reason() -> None:
    """What could not be decided was decided by nobody."""
    broken = parse("{}", Origin(layer="boundary", name="broken", source=LINE))
    assert "broken (stacks/somewhere.py:7)" in told(boundary=broken)
