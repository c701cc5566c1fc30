"""What a unit of an organization, and the organization's guardrail, promise."""

import json

import pulumi
import pytest

from components._guardrail import GuardrailRules
from components.organization import (
    LIMITS,
    NewUnit,
    OrganizationGuardrail,
    OrganizationGuardrailArgs,
    OrganizationUnit,
    OrganizationUnitArgs,
    PolicyTooLongError,
    ai_opt_out,
    minified,
)
from components.organization.limits import SERVICE_CONTROL
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from llmlz.graph.standins import cores

MANAGEMENT, REGION, ORGANIZATION = "999988887777", "eu-central-1", "o-a1b2c3d4e5"
POLICY = "aws:organizations/policy:Policy"
ATTACHMENT = "aws:organizations/policyAttachment:PolicyAttachment"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A new unit with one account and a document of each type, an existing one, and the guardrail between them."""

    def program() -> None:
        rules = GuardrailRules(blocked_words=[], harm_strength="HIGH", pii={"EMAIL": "ANONYMIZE"})
        guardrail = OrganizationGuardrail(
            "guardrail",
            OrganizationGuardrailArgs(
                name_prefix="llmlz-organization", organization_id=ORGANIZATION, rules=rules, versions=["v1", "v2"]
            ),
        )
        OrganizationUnit(
            "production",
            OrganizationUnitArgs(
                name_prefix="llmlz-organization",
                unit="production",
                ai_opt_out=minified(ai_opt_out()),
                bedrock=pulumi.Output.json_dumps({"bedrock": guardrail.identifier}),
                new=NewUnit(accounts={"claims": "aws+claims@example.com"}, parent_id="r-ab12"),
                resource_control={"perimeter": "{}"},
                service_control={"models": "{}", "calls": guardrail.identifier},
            ),
        )
        OrganizationUnit(
            "sandbox",
            OrganizationUnitArgs(
                name_prefix="llmlz-organization",
                unit="sandbox",
                existing="ou-ab12-11111111",
                service_control={"models": "{}"},
            ),
        )

    return record(program, project="llmlz", stack_name="test", account=MANAGEMENT, region=REGION)


def behind(graph: Graph, text: str) -> str:
    """The resource that a text comes from."""
    (core,) = cores(text)
    return graph.standins[core].urn


def test_names_are_the_identity(graph: Graph) -> None:
    """A change here detaches policies from live accounts, or moves accounts."""
    assert sorted(r.name for r in graph.custom()) == [
        "guardrail-guardrail",
        "guardrail-guardrail-v1",
        "guardrail-guardrail-v2",
        "production-account-claims",
        "production-ai-opt-out",
        "production-ai-opt-out-attachment",
        "production-bedrock",
        "production-bedrock-attachment",
        "production-resource-control-perimeter",
        "production-resource-control-perimeter-attachment",
        "production-service-control-calls",
        "production-service-control-calls-attachment",
        "production-service-control-models",
        "production-service-control-models-attachment",
        "production-unit",
        "sandbox-service-control-models",
        "sandbox-service-control-models-attachment",
    ]


def test_each_document_is_a_policy_of_its_type_on_the_unit(graph: Graph) -> None:
    """Attached exactly once, to the unit itself."""
    kinds = {r.name: r.inputs["type"] for r in graph.of_type(POLICY)}
    assert kinds == {
        "production-service-control-models": "SERVICE_CONTROL_POLICY",
        "production-service-control-calls": "SERVICE_CONTROL_POLICY",
        "production-resource-control-perimeter": "RESOURCE_CONTROL_POLICY",
        "production-ai-opt-out": "AISERVICES_OPT_OUT_POLICY",
        "production-bedrock": "BEDROCK_POLICY",
        "sandbox-service-control-models": "SERVICE_CONTROL_POLICY",
    }
    for name in kinds:
        attachment = graph.named(f"{name}-attachment").inputs
        assert behind(graph, attachment["policyId"]) == graph.named(name).urn
        if name.startswith("production"):
            assert behind(graph, attachment["targetId"]) == graph.named("production-unit").urn
        else:
            assert attachment["targetId"] == "ou-ab12-11111111"


def test_physical_names_say_unit_and_role(graph: Graph) -> None:
    """Names of policies are unique in an organization."""
    assert graph.named("production-bedrock").inputs["name"] == "llmlz-organization-production-bedrock"
    names = [r.inputs["name"] for r in graph.of_type(POLICY)]
    assert len(set(names)) == len(names)


def test_a_new_unit_and_its_accounts_are_there_to_stay(graph: Graph) -> None:
    """Protected, in their place, and never closed; what AWS does not tell again makes no difference."""
    unit, account = graph.named("production-unit"), graph.named("production-account-claims")
    assert unit.options.protect
    assert account.options.protect
    assert unit.inputs == {"name": "production", "parentId": "r-ab12"}
    assert account.inputs["closeOnDeletion"] is False
    assert account.inputs["email"] == "aws+claims@example.com"
    assert behind(graph, account.inputs["parentId"]) == unit.urn
    assert sorted(account.options.ignore_changes) == ["iamUserAccessToBilling", "roleName"]


def test_an_existing_unit_is_used_as_it_is(graph: Graph) -> None:
    """Nothing but policies is made for it."""
    made = [r.type for r in graph.custom() if r.name.startswith("sandbox-")]
    assert sorted(made) == [POLICY, ATTACHMENT]


def test_outputs_name_the_unit_its_accounts_and_its_policies(graph: Graph) -> None:
    """A policy counts once it is attached."""
    (production,) = [r for r in graph.resources if r.kind == "component" and r.name == "production"]
    assert behind(graph, production.outputs["unit_id"]) == graph.named("production-unit").urn
    (account,) = production.outputs["account_ids"].values()
    assert behind(graph, account) == graph.named("production-account-claims").urn
    assert sorted(production.outputs["policy_ids"]) == [
        "ai-opt-out",
        "bedrock",
        "resource-control-perimeter",
        "service-control-calls",
        "service-control-models",
    ]


@pytest.mark.parametrize(
    "place", [{}, {"existing": "ou-ab12-11111111", "new": NewUnit(accounts={}, parent_id="r-ab12")}]
)
def test_a_unit_is_either_new_or_existing(place: dict[str, object]) -> None:
    """Neither and both are refused, before anything is made."""
    with pytest.raises(ValueError, match="exactly one of existing and new"):
        OrganizationUnitArgs(name_prefix="llmlz", unit="production", **place)  # type: ignore[arg-type]


def test_more_documents_than_a_target_takes_are_refused() -> None:
    """With the numbers: AWS would attach the first ones and refuse the rest."""
    too_many = {f"models-{n}": "{}" for n in range(LIMITS[SERVICE_CONTROL].free + 1)}
    with pytest.raises(PolicyTooLongError, match="has 10 documents of type SERVICE_CONTROL_POLICY, 9 fit"):
        OrganizationUnitArgs(name_prefix="llmlz", unit="production", existing="ou-ab12-1", service_control=too_many)


def test_the_last_published_version_is_the_one_that_is_applied(graph: Graph) -> None:
    """By ARN and version, as a Bedrock policy wants it."""
    (component,) = [r for r in graph.resources if r.type == "llmlz:index:OrganizationGuardrail"]
    arn, _, version = component.outputs["identifier"].rpartition(":")
    assert arn == component.outputs["guardrail_arn"]
    assert behind(graph, version) == graph.named("guardrail-guardrail-v2").urn


def test_the_guardrail_is_opened_to_the_members_and_to_nobody_else(graph: Graph) -> None:
    """To apply and to read it; what Bedrock accepts of such a policy is little more."""
    (component,) = [r for r in graph.resources if r.type == "llmlz:index:OrganizationGuardrail"]
    (statement,) = json.loads(component.outputs["resource_policy"])["Statement"]
    assert statement["Principal"] == "*"
    assert statement["Action"] == ["bedrock:ApplyGuardrail", "bedrock:GetGuardrail"]
    assert statement["Resource"] == component.outputs["guardrail_arn"]
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": ORGANIZATION}}


def test_no_customer_key_stands_between_members_and_guardrail(graph: Graph) -> None:
    """A key of the management account would have to be open to every caller of every member."""
    assert "kmsKeyArn" not in graph.named("guardrail-guardrail").inputs
