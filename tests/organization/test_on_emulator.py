"""A recorded organization on the emulator: deployed as planned, then changed behind its back, and read back."""

import json
from dataclasses import replace
from typing import Any

import boto3
import pytest

from llmlz.access.documents import Origin, parse
from llmlz.access.evaluate import decide
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.graph.model import Graph
from llmlz.graph.standins import CORE
from llmlz.local.emulator import Emulator
from llmlz.organization.check import check_bedrock
from llmlz.organization.compare import compare
from llmlz.organization.deployed import Clients, read_deployed
from llmlz.organization.planned import LONGEST, planned
from llmlz.organization.snapshot import Snapshot, snapshot_documents
from tests.generated import ORGANIZATION, PLACES, recorded
from tests.local.conftest import ACCOUNT, REGION
from tests.organization.graphs import FULL

pytestmark = pytest.mark.ring(5)


@pytest.fixture
def clients(emulator: Emulator) -> Clients:
    """Clients of the emulator, with credentials of the management account."""
    session = boto3.Session("test", "test", region_name=REGION)

    def make(service: str, region: str | None = None) -> Any:
        return session.client(service, region_name=region, endpoint_url=emulator.endpoint)

    return make


def plan() -> Graph:
    """The generated organization as a live graph has it: texts in the place of stand-ins inside policies."""
    graph = recorded(1)[ORGANIZATION]

    def settled(inputs: dict[str, Any]) -> dict[str, Any]:
        return {**inputs, "content": CORE.sub(lambda core: f"id{core[0][3:-1]}", inputs["content"])}

    return replace(
        graph,
        resources=tuple(
            replace(r, inputs=settled(dict(r.inputs))) if "content" in r.inputs else r for r in graph.resources
        ),
    )


@pytest.fixture
def deployed(clients: Clients) -> tuple[Graph, Any, str]:
    """The graph, the service and the root, after every unit and policy of the graph was made."""
    graph, service = plan(), clients("organizations")
    (root,) = service.list_roots()["Roots"]
    for kind in LONGEST.keys() - {k["Type"] for k in root["PolicyTypes"]}:
        service.enable_policy_type(RootId=root["Id"], PolicyType=kind)
    units: dict[str, str] = {}
    for tier in PLACES:
        made = service.create_organizational_unit(ParentId=root["Id"], Name=f"unit-{tier}")["OrganizationalUnit"]
        service.attach_policy(PolicyId=FULL.id, TargetId=made["Id"])  # AWS does so by itself, the emulator does not
        units[made["Name"]] = made["Id"]
        account = service.create_account(Email=f"{tier}@example.com", AccountName=f"account-{tier}")
        moved = {"SourceParentId": root["Id"], "DestinationParentId": made["Id"]}
        service.move_account(AccountId=account["CreateAccountStatus"]["AccountId"], **moved)
    for policy in planned(graph):
        given = {"Name": policy.name, "Type": policy.type, "Content": policy.content, "Description": ""}
        made = service.create_policy(**given)["Policy"]["PolicySummary"]["Id"]
        for place in policy.places:
            service.attach_policy(PolicyId=made, TargetId=units[place.name])
    return graph, service, root["Id"]


def ids(service: Any, kind: str) -> dict[str, str]:
    """Name of a policy to its id."""
    return {p["Name"]: p["Id"] for p in service.list_policies(Filter=kind)["Policies"] if not p["AwsManaged"]}


def test_what_was_deployed_is_what_was_planned(deployed: tuple[Graph, Any, str], clients: Clients) -> None:
    """No difference over all units, accounts and the root; and the snapshot survives its file."""
    graph, _, root = deployed
    found = read_deployed(clients, [root])
    assert compare(graph, found) == ()
    assert {target.kind for target in found.targets} == {"root", "unit", "account"}
    assert sum(len(target.policies) for target in found.targets) > len(planned(graph)) >= 14
    assert Snapshot.from_json(found.to_json()) == found


def test_every_change_behind_our_back_is_seen(deployed: tuple[Graph, Any, str], clients: Clients) -> None:
    """One policy detached, one emptied, one moved to the root, one added by somebody."""
    graph, service, root = deployed
    prefix = "llmlz-organization-unit"
    control, learning = ids(service, "SERVICE_CONTROL_POLICY"), ids(service, "AISERVICES_OPT_OUT_POLICY")
    units = units_of(service, root)
    lost = control[f"{prefix}-scaled-service-control-doors"]
    service.detach_policy(PolicyId=lost, TargetId=units["unit-scaled"])
    harmless = {"Sid": "Nothing", "Effect": "Deny", "Action": "s3:CreateBucket", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [harmless]})
    service.update_policy(PolicyId=control[f"{prefix}-reliable-service-control-tamper"], Content=text)
    moved = learning[f"{prefix}-repeatable-ai-opt-out"]
    service.detach_policy(PolicyId=moved, TargetId=units["unit-repeatable"])
    service.attach_policy(PolicyId=moved, TargetId=root)
    given = {"Name": "theirs", "Type": "SERVICE_CONTROL_POLICY", "Content": text, "Description": ""}
    added = service.create_policy(**given)["Policy"]["PolicySummary"]["Id"]
    service.attach_policy(PolicyId=added, TargetId=ids_of_accounts(service, units["unit-foundation"])[0])

    found = {(d.what, d.policy) for d in compare(graph, read_deployed(clients, units.values()))}
    assert found == {
        ("missing", f"{prefix}-scaled-service-control-doors"),
        ("changed", f"{prefix}-reliable-service-control-tamper"),
        ("wrong target", f"{prefix}-repeatable-ai-opt-out"),
        ("additional", "theirs"),
    }


def units_of(service: Any, root: str) -> dict[str, str]:
    """Name of a unit right below the root to its id."""
    return {
        u["Name"]: u["Id"] for u in service.list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    }


def ids_of_accounts(service: Any, unit: str) -> list[str]:
    """Accounts right below a unit."""
    return [account["Id"] for account in service.list_accounts_for_parent(ParentId=unit)["Accounts"]]


def test_the_evaluator_judges_what_is_deployed(deployed: tuple[Graph, Any, str], clients: Clients) -> None:
    """With the policies as read back, the side door is closed in a unit that has them, and open where none is."""
    _, service, root = deployed
    units = units_of(service, root)
    layers = snapshot_documents(read_deployed(clients, [root]))
    outcomes = {}
    for tier, (_, region) in PLACES.items():
        name, unit = f"unit-{tier}", units[f"unit-{tier}"]
        (account,) = ids_of_accounts(service, unit)
        world = World(
            account=account,
            identity=(parse(FULL.content, Origin(layer="identity", name="administrator")),),
            service_control=layers[account].service_control,
            resource_control=layers[account].resource_control,
        )
        request = Request(
            f"arn:aws:iam::{account}:role/admin", "bedrock-mantle:CreateInference", "*", {"aws:RequestedRegion": region}
        )
        decision = decide(request, world)
        outcomes[name] = (
            decision.statement.sid if decision.outcome == "denied" and decision.statement else decision.outcome
        )
    assert outcomes == {
        "unit-foundation": "allowed",
        "unit-repeatable": "NoMantle",
        "unit-reliable": "NoMantle",
        "unit-scaled": "NoMantle",
    }
    levels = [level for found in layers.values() for level in (*found.service_control, *found.resource_control)]
    assert {document.undecided for level in levels for document in level} == {None}
    assert layers[ACCOUNT].service_control == ()


def test_guardrails_are_asked_for_at_the_service(clients: Clients) -> None:
    """A published version is found and a draft, a lost version and another account's are not. The emulator knows no
    resource policies, and that is said.
    """
    bedrock = clients("bedrock", REGION)
    words = {"blockedInputMessaging": "no", "blockedOutputsMessaging": "no"}
    made = bedrock.create_guardrail(name="organization", **words)
    bedrock.create_guardrail_version(guardrailIdentifier=made["guardrailId"])
    arn = made["guardrailArn"]

    def checked(identifier: str) -> list[str]:
        inference = {REGION: {"config_1": {"identifier": {"@@assign": identifier}}}}
        found = check_bedrock(
            {"bedrock": {"guardrail_inference": inference}}, management_account=ACCOUNT, client_factory=clients
        )
        return [said.removeprefix(f"{REGION}.config_1: ") for said in found]

    (only,) = checked(f"{arn}:1")
    assert only.startswith(f"the resource policy of {arn} could not be looked at: ")
    assert checked(f"{arn}:2") == [f"{arn} does not exist, or has no version 2"]
    assert len(checked(f"{arn}:DRAFT")) == 1
    assert len(checked(f"{arn.replace(ACCOUNT, '123456789012')}:DRAFT")) == 2
