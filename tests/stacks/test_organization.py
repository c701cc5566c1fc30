"""The organization stack: each unit gets what its tier asks for, from the models of its own accounts alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.organization import PolicyTooLongError
from llmlz.graph.model import Graph, Resource
from stacks.kinds import OrganizationStack
from stacks.parts.unit_policies import service_control
from stacks.tier import TIERS, load_tier
from tests import generated

POLICY, ATTACHMENT = "aws:organizations/policy:Policy", "aws:organizations/policyAttachment:PolicyAttachment"
TYPES = {
    "service_control": "SERVICE_CONTROL_POLICY",
    "resource_control": "RESOURCE_CONTROL_POLICY",
    "ai_opt_out": "AISERVICES_OPT_OUT_POLICY",
    "bedrock": "BEDROCK_POLICY",
}


def graph() -> Graph:
    """The recorded organization with a unit per tier."""
    return generated.recorded(4)[generated.ORGANIZATION]


def policies(tier: str) -> list[Resource]:
    """Policies on the unit of a tier."""
    return [policy for policy in graph().of_type(POLICY) if policy.name.startswith(f"unit-{tier}-")]


def content(tier: str, name: str) -> Any:
    """One document of a unit."""
    (found,) = [policy for policy in policies(tier) if policy.name == f"unit-{tier}-{name}"]
    return json.loads(found.inputs["content"])


@pytest.mark.parametrize("tier", TIERS)
def test_a_unit_has_exactly_the_policies_of_its_tier(tier: str) -> None:
    """And each of them is attached to the unit."""
    asked = {TYPES[kind] for kind in load_tier(tier).unit_policies}
    assert {policy.inputs["type"] for policy in policies(tier)} == asked
    attached = {r.name.removesuffix("-attachment") for r in graph().of_type(ATTACHMENT)}
    assert {policy.name for policy in policies(tier)} <= attached


def test_policies_of_a_unit_name_the_guardrails_of_its_own_platforms() -> None:
    """A guardrail of another unit is none of its business."""
    for tier in TIERS[1:]:
        account, region = generated.PLACES[tier]
        (statement,) = [
            s for s in content(tier, "service-control-calls")["Statement"] if s["Sid"] == "OnlyAcceptedGuardrails"
        ]
        accepted = statement["Condition"]["StringNotEquals"]["bedrock:GuardrailIdentifier"]
        assert accepted
        assert all(text.startswith(f"arn:aws:bedrock:{region}:{account}:guardrail/") for text in accepted)


def test_the_guardrail_of_the_organization_is_of_the_management_account() -> None:
    """AWS takes no other: with one of a platform every call would fail."""
    configs = content("scaled", "bedrock")["bedrock"]["guardrail_inference"]
    assert list(configs) == [generated.PLACES["scaled"][1]]
    (config,) = configs.values()
    text = config["config_1"]["identifier"]["@@assign"]
    assert f":{generated.MANAGEMENT}:guardrail/" in text


def test_every_provider_is_pinned_to_one_account() -> None:
    """The management account, in two regions, and the log-archive account, which is entered by a role there."""
    providers = {r.name: r.inputs for r in graph().resources if r.kind == "provider"}
    pinned = {name: json.loads(inputs["allowedAccountIds"]) for name, inputs in providers.items()}
    assert pinned == {
        "aws": [generated.MANAGEMENT],
        "aws-us-east-1": [generated.MANAGEMENT],
        "aws-log-archive-eu-central-1": [generated.LOG_ARCHIVE],
        "aws-log-archive-us-east-1": [generated.LOG_ARCHIVE],
    }
    (role,) = json.loads(providers["aws-log-archive-us-east-1"]["assumeRoles"])
    assert role["roleArn"] == f"arn:aws:iam::{generated.LOG_ARCHIVE}:role/OrganizationAccountAccessRole"
    assert "assumeRoles" not in providers["aws"]


def test_only_the_vaults_are_in_the_log_archive_account() -> None:
    """Each in its region, with the trail delivering to the one at home; the trail is in the management account."""
    urns = {r.urn: r.name for r in graph().resources if r.kind == "provider"}
    made = {r.name: urns[str(r.provider)] for r in graph().custom() if r.name.startswith("vault-")}
    assert set(made.values()) == {"aws-log-archive-eu-central-1", "aws-log-archive-us-east-1"}
    assert all(
        provider == f"aws-log-archive-{name[6:].split('-b')[0].split('-k')[0]}" for name, provider in made.items()
    )
    trail = graph().named("trail-trail")
    assert urns[str(trail.provider)] == "aws"
    assert trail.inputs["isOrganizationTrail"] is True
    home = json.loads(graph().named("vault-eu-central-1-bucket-policy").inputs["policy"])["Statement"]
    away = json.loads(graph().named("vault-us-east-1-bucket-policy").inputs["policy"])["Statement"]
    assert "TrailDelivers" in {s["Sid"] for s in home}
    assert "TrailDelivers" not in {s["Sid"] for s in away}


def test_platforms_that_ask_for_copies_are_let_into_the_vault_of_their_region() -> None:
    """By the name that their role has, below the paths of their own account; nobody else is."""
    account, region = generated.PLACES["scaled"]
    role = generated.recorded(4)[generated.platform_of("scaled")].named("logs-bucket-replica-role").inputs["name"]
    policy = json.loads(graph().named(f"vault-{region}-bucket-policy").inputs["policy"])["Statement"]
    (copies,) = [s for s in policy if s["Sid"].startswith("Copies")]
    assert copies["Condition"]["ArnEquals"]["aws:PrincipalArn"] == f"arn:aws:iam::{account}:role/{role}"
    assert all(f"/AWSLogs/{account}/*" in resource for resource in copies["Resource"])
    home = json.loads(graph().named("vault-eu-central-1-bucket-policy").inputs["policy"])["Statement"]
    assert not [s for s in home if s["Sid"].startswith("Copies")]


def test_people_come_into_accounts_of_the_tier_that_says_so() -> None:
    """Permission sets are assigned in the accounts of that tier's units, and in no other."""
    assigned = {r.inputs["targetId"] for r in graph().of_type("aws:ssoadmin/accountAssignment:AccountAssignment")}
    assert assigned == {generated.PLACES[tier][0] for tier in TIERS if load_tier(tier).people}


def test_policies_that_do_not_fit_are_refused_with_the_numbers() -> None:
    """Before anything is deployed, and with what to do."""
    stack = generated.generated(4).stack(generated.ORGANIZATION)
    assert isinstance(stack, OrganizationStack)
    plan = stack.units["unit-repeatable"]
    platform = plan.platforms[0]
    labels = [f"v{number}" for number in range(200)]
    rules = platform.settings.guardrail.model_copy(update={"versions": labels})
    crowded = replace(platform, settings=platform.settings.model_copy(update={"guardrail": rules}))
    with pytest.raises(PolicyTooLongError, match=r"takes \d+ characters, \d+ are allowed"):
        service_control(stack, replace(plan, platforms=(crowded,)))


def test_the_program_is_the_same_however_often_it_runs() -> None:
    """Nothing in it is taken from a clock or from chance."""
    from llmlz.cli.recording import record_stack  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    again = record_stack(generated.generated(4).stack(generated.ORGANIZATION), generated.recorded(4))
    assert again.to_json() == graph().to_json()
