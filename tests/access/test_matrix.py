"""Who may call what in a small estate: two teams, two models, one guardrail."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.access.calls import checks, decide_call, guardrail_versions, targets
from llmlz.access.documents import Document, Layer, parse
from llmlz.access.layers import from_graph
from llmlz.access.matrix import Row, matrix
from llmlz.access.world import Guard, Surroundings
from llmlz.graph.model import Graph, Source

GUARDRAIL = "arn:aws:bedrock:eu-central-1:111122223333:guardrail/g7h3k2"
EU = {"eu.amazon.nova-lite-v1:0": ["eu-central-1", "eu-west-1", "eu-west-3"]}
INVOKE = "bedrock:InvokeModel"


def rows(graph: Graph, boundaries: dict[str, str], role: str, target: str) -> dict[str | None, Row]:
    """Guardrail to row, for one role, one target and plain InvokeModel."""
    accepted = [f"{GUARDRAIL}:1", f"{GUARDRAIL}:DRAFT", GUARDRAIL, f"{GUARDRAIL}:2"]
    found = matrix([graph], boundaries, destinations=EU, guardrails=accepted)
    return {r.guardrail: r for r in found if (r.role, r.target, r.action) == (role, target, INVOKE)}


def test_the_approved_call_is_allowed(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Own profile, guardrail version 1: allowed, by the statement that says so, with its line."""
    row = rows(estate, wide_boundary, "claims-app", "claims-lite")[f"{GUARDRAIL}:1"]
    assert (row.outcome, row.statement, row.team, row.direct) == ("allowed", "CallProfiles", "claims", False)
    assert str(row.source).startswith("tests/access/conftest.py:")


def test_an_approved_call_passes_all_its_checks(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Profile, model in the caller's region, model in every destination region, guardrail."""
    role, target = from_graph(estate, wide_boundary)[0], targets(estate, EU)[0]
    asked = checks(role, target, INVOKE, f"{GUARDRAIL}:1")
    model = "foundation-model/amazon.nova-lite-v1:0"
    assert [(r.action, r.resource) for r in asked] == [
        (INVOKE, target.profile),
        (INVOKE, f"arn:aws:bedrock:eu-central-1::{model}"),
        (INVOKE, f"arn:aws:bedrock:eu-west-1::{model}"),
        (INVOKE, f"arn:aws:bedrock:eu-west-3::{model}"),
        ("bedrock:ApplyGuardrail", GUARDRAIL),
    ]
    assert asked[2].context["bedrock:InferenceProfileArn"] == target.profile
    assert asked[2].context["aws:RequestedRegion"] == "eu-west-1"


@pytest.mark.parametrize("guardrail", [None, f"{GUARDRAIL}:DRAFT", GUARDRAIL, f"{GUARDRAIL}:2"])
def test_any_other_guardrail_is_refused(estate: Graph, wide_boundary: dict[str, str], guardrail: str | None) -> None:
    """No guardrail, the draft (written either way) and another version meet the Deny."""
    for role, target in (("claims-app", "claims-lite"), ("fraud-app", "fraud-lite")):
        row = rows(estate, wide_boundary, role, target)[guardrail]
        assert (row.outcome, row.statement) == ("denied", "OnlyGuarded")


def test_the_profile_of_another_team_is_refused(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Claims cannot spend through the profile of fraud, nor fraud through that of claims."""
    for role, target in (("claims-app", "fraud-lite"), ("fraud-app", "claims-lite")):
        row = rows(estate, wide_boundary, role, target)[f"{GUARDRAIL}:1"]
        assert (row.outcome, row.statement) == ("denied", None)


def test_a_model_without_a_profile_is_refused(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """A direct call would leave no trace of the team in the bill."""
    row = rows(estate, wide_boundary, "fraud-app", "amazon.titan-text-lite-v1")[f"{GUARDRAIL}:1"]
    assert (row.outcome, row.direct) == ("denied", True)


def test_streaming_has_its_own_rows(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Two roles, two profiles and four direct models, two actions, with and without the guardrail."""
    found = matrix([estate], wide_boundary, destinations=EU, guardrails=[f"{GUARDRAIL}:1"])
    allowed = {(r.role, r.target, r.action) for r in found if r.outcome == "allowed"}
    assert len(found) == 2 * 6 * 2 * 2
    assert allowed == {
        (f"{team}-app", f"{team}-lite", action)
        for team in ("claims", "fraud")
        for action in ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
    }


def test_a_boundary_that_forgets_an_action_refuses(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Without ApplyGuardrail in the boundary the whole call fails, although the model itself would be allowed."""
    narrow = {
        arn: text.replace("bedrock:ApplyGuardrail", "bedrock:GetGuardrail") for arn, text in wide_boundary.items()
    }
    row = rows(estate, narrow, "claims-app", "claims-lite")[f"{GUARDRAIL}:1"]
    assert row.outcome == "denied"
    assert row.reason == "check 5: implicit deny: no statement of the boundary layer allows it"


def test_a_boundary_that_is_not_given_is_indeterminate(estate: Graph) -> None:
    """Refused calls stay refused; the approved one cannot be promised."""
    found = rows(estate, {}, "claims-app", "claims-lite")
    assert found[f"{GUARDRAIL}:1"].outcome == "indeterminate"
    assert found[None].outcome == "denied"


def test_unknown_destinations_are_indeterminate(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Without its regions not all checks of a system-defined profile are known."""
    found = matrix([estate], wide_boundary, destinations={}, guardrails=[f"{GUARDRAIL}:1"])
    row = next(r for r in found if (r.role, r.target) == ("claims-app", "claims-lite") and r.guardrail)
    assert (row.outcome, row.reason) == (
        "indeterminate",
        "the regions of system-defined profile 'eu.amazon.nova-lite-v1:0' were not given",
    )


def test_another_account_is_out_of_reach(
    estate: Graph, wide_boundary: dict[str, str], recorded: Callable[[Callable[[], None]], Graph]
) -> None:
    """Identity policies alone never reach a profile of another account."""
    role = from_graph(estate, wide_boundary)[0]

    def program() -> None:
        aws.bedrock.InferenceProfile("far", name="far", model_source={"copy_from": "x"})

    graph = recorded(program)
    far = Graph(project="p", stack="s", resources=graph.resources, account="999988887777", region="eu-central-1")
    decision = decide_call(role, targets(far, EU)[0], INVOKE, None)
    assert decision.outcome == "denied"
    assert decision.layer == "resource"
    assert decision.reason.startswith("the profile is in account 999988887777")
    undecided = targets(graph, EU)[0].undecided
    assert undecided == "the profile is copied from 'x', which is not an ARN"


def test_the_published_versions_of_a_guardrail_are_known(recorded: Callable[[Callable[[], None]], Graph]) -> None:
    """A version is named by the guardrail's ARN and its own number, as a policy built from its outputs names it."""

    def program() -> None:
        made = aws.bedrock.Guardrail("g", name="g", blocked_input_messaging="no", blocked_outputs_messaging="no")
        version = aws.bedrock.GuardrailVersion("g-1", guardrail_arn=made.guardrail_arn)
        pulumi.export("accepted", pulumi.Output.concat(made.guardrail_arn, ":", version.version))

    graph = recorded(program)
    assert guardrail_versions(graph) == (graph.outputs["accepted"],)


def test_a_global_profile_is_checked_without_a_region(
    recorded: Callable[[Callable[[], None]], Graph], estate: Graph, wide_boundary: dict[str, str]
) -> None:
    """Its last check names the model without a region; nobody can call that name directly."""
    name = "global.anthropic.claude-x"
    copied = f"arn:aws:bedrock:eu-central-1:111122223333:inference-profile/{name}"

    def program() -> None:
        aws.bedrock.InferenceProfile("wide", name="wide", model_source={"copy_from": copied})

    wide, *direct = targets(recorded(program), {name: [""]})
    asked = checks(from_graph(estate, wide_boundary)[0], wide, INVOKE, None)
    assert [(r.resource, r.context["aws:RequestedRegion"]) for r in asked[1:]] == [
        ("arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-x", "eu-central-1"),
        ("arn:aws:bedrock:::foundation-model/anthropic.claude-x", "unspecified"),
    ]
    assert [t.region for t in direct] == ["eu-central-1"]


def test_doubt_about_one_check_is_doubt_about_the_call(
    make: Callable[..., Document], estate: Graph, wide_boundary: dict[str, str]
) -> None:
    """The profile alone would be allowed; whether a Deny holds for the model in another region is not known."""
    everything = {"Effect": "Allow", "Action": "bedrock:*", "Resource": "*"}
    variable = {"StringNotEquals": {"aws:PrincipalTag/zone": "${aws:PrincipalTag/home}"}}
    elsewhere = "arn:aws:bedrock:eu-west-1::foundation-model/*"
    doubtful = {"Effect": "Deny", "Action": "bedrock:*", "Resource": elsewhere, "Condition": variable}
    role = replace(from_graph(estate, wide_boundary)[0], tags={"zone": "a"}, identity=(make(everything, doubtful),))
    decision = decide_call(role, targets(estate, EU)[0], INVOKE, None)
    assert decision.outcome == "indeterminate"
    assert decision.reason.startswith("check 3: Deny #2")


INVOKING = {"Sid": "NoNova", "Effect": "Deny", "Action": "bedrock:Invoke*", "Resource": "*"}
UNRELATED = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    ("layer", "statement"),
    [
        ("service_control", INVOKING),
        ("service_control", UNRELATED),
        ("resource_control", {**INVOKING, "Principal": "*"}),
        ("endpoint", {**INVOKING, "Principal": "*"}),
        ("endpoint", {**UNRELATED, "Principal": "*"}),
        ("resource", {**INVOKING, "Principal": "*"}),
    ],
)
def test_a_row_names_the_layer_that_refuses(
    make: Callable[..., Document],
    estate: Graph,
    wide_boundary: dict[str, str],
    layer: Layer,
    statement: dict[str, Any],
) -> None:
    """A layer around the roles, by a Deny with its line or by not allowing, turns the approved call down."""
    found = make(statement, layer=layer)
    source = Source(file="stacks/organization.py", line=7)
    document = parse({"Version": "2012-10-17", "Statement": statement}, replace(found.origin, source=source))
    profiles = "arn:aws:bedrock:*:*:application-inference-profile/*"
    around = {
        "service_control": Surroundings(service_control=((document,),)),
        "resource_control": Surroundings(resource_control=((document,),)),
        "endpoint": Surroundings(endpoints={"vpce-1": document}, invoke_endpoint="vpce-1"),
        "resource": Surroundings(guards=(Guard(actions=("bedrock:*",), resources=(profiles,), document=document),)),
    }[layer]
    row = approved(estate, wide_boundary, around)
    assert (row.outcome, row.layer) == ("denied", layer)
    assert (row.statement, row.source) == (
        ("NoNova", source) if statement["Effect"] == "Deny" else (None, from_graph(estate, wide_boundary)[0].source)
    )


def approved(estate: Graph, boundaries: dict[str, str], around: Surroundings | None = None) -> Row:
    """The row of the call that the list approves."""
    guardrail = f"{GUARDRAIL}:1"
    found = matrix([estate], boundaries, destinations=EU, guardrails=[guardrail], around=around)
    wanted = ("claims-app", "claims-lite", INVOKE, guardrail)
    return next(r for r in found if (r.role, r.target, r.action, r.guardrail) == wanted)


def test_a_row_names_no_layer_where_doubt_decides(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """The layers of the role itself are named too; what is undecided names none."""
    narrow = {arn: text.replace("bedrock:InvokeModel", "bedrock:Nothing") for arn, text in wide_boundary.items()}
    assert (approved(estate, wide_boundary).outcome, approved(estate, wide_boundary).layer) == ("allowed", "identity")
    assert approved(estate, narrow).layer == "boundary"
    assert (approved(estate, {}).outcome, approved(estate, {}).layer) == ("indeterminate", "")
    found = matrix([estate], wide_boundary, destinations=EU, guardrails=[])
    assert {(row.outcome, row.layer) for row in found} == {("denied", "identity")}


def test_calls_carry_the_endpoint_and_the_keys_of_their_account(estate: Graph, wide_boundary: dict[str, str]) -> None:
    """Every check of a call names the endpoint it comes through, and the organization."""
    around = Surroundings(context={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}, invoke_endpoint="vpce-1")
    role = from_graph(estate, wide_boundary, around=around)[0]
    for asked in checks(role, targets(estate, EU)[0], INVOKE, f"{GUARDRAIL}:1"):
        assert asked.keys["aws:sourcevpce"] == "vpce-1"
        assert asked.keys["aws:principalorgid"] == "o-a1b2c3d4e5"
        assert asked.keys["aws:principalaccount"] == "111122223333"
    plain = from_graph(estate, wide_boundary)[0]
    assert "aws:sourcevpce" not in checks(plain, targets(estate, EU)[0], INVOKE, None)[0].keys
