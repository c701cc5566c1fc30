"""The emulator's Organizations takes every type of policy that an organization stack makes, and gives it back whole.

It looks at types, names and targets, not at what a policy says; that AWS accepts the text is what sizes and syntax are
tested for elsewhere.
"""

import json
from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from llmlz.local.emulator import Emulator
from llmlz.organization.planned import LONGEST, planned
from tests.generated import ORGANIZATION, recorded
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)


def documents() -> Mapping[str, tuple[str, str]]:
    """Type to name and text of one policy of it, from the unit of a recorded organization that has them all."""
    found = {p.type: (p.name, p.content) for p in planned(recorded(1)[ORGANIZATION]) if p.unit == "unit-scaled"}
    assert set(found) == set(LONGEST)
    return found


@pytest.fixture
def organizations(emulator: Emulator) -> Any:
    """The service, as the management account sees it."""
    session = boto3.Session("test", "test", region_name=REGION)
    return session.client("organizations", endpoint_url=emulator.endpoint)


def refused(call: Any, **asked: str) -> str:
    """The code of the refusal."""
    with pytest.raises(ClientError) as error:
        call(**asked)
    return str(error.value.response["Error"]["Code"])


def test_every_type_is_enabled_attached_and_read_back(organizations: Any) -> None:
    """A type that is not enabled cannot be attached; after that, the unit has the policies, letter for letter."""
    assert organizations.describe_organization()["Organization"]["MasterAccountId"] == ACCOUNT
    (root,) = organizations.list_roots()["Roots"]
    made = organizations.create_organizational_unit(ParentId=root["Id"], Name="unit")["OrganizationalUnit"]["Id"]
    enabled = {kind["Type"] for kind in root["PolicyTypes"]}
    for kind, (name, content) in documents().items():
        given = {"Type": kind, "Name": name, "Description": "made by a test", "Content": content}
        policy = organizations.create_policy(**given)["Policy"]["PolicySummary"]["Id"]
        target = {"PolicyId": policy, "TargetId": made}
        if kind not in enabled:
            assert refused(organizations.attach_policy, **target) == "PolicyTypeNotEnabledException"
            organizations.enable_policy_type(RootId=root["Id"], PolicyType=kind)
        organizations.attach_policy(**target)
        assert refused(organizations.attach_policy, **target) == "DuplicatePolicyAttachmentException"

        (listed,) = organizations.list_policies_for_target(TargetId=made, Filter=kind)["Policies"]
        found = organizations.describe_policy(PolicyId=listed["Id"])["Policy"]
        assert (listed["Id"], listed["Name"], listed["Type"], listed["AwsManaged"]) == (policy, name, kind, False)
        assert found["Content"] == content
        assert json.loads(found["Content"]) == json.loads(content)
    (after,) = organizations.list_roots()["Roots"]
    assert {kind["Type"] for kind in after["PolicyTypes"] if kind["Status"] == "ENABLED"} == set(LONGEST)


def test_what_is_no_policy_is_refused(organizations: Any) -> None:
    """The emulator's answers can be told apart: it does not take everything."""
    kind, (name, content) = next(iter(documents().items()))
    given = {"Type": kind, "Name": name, "Description": "made by a test", "Content": content}
    assert refused(organizations.create_policy, **{**given, "Content": "{"}) == "MalformedPolicyDocumentException"
    assert refused(organizations.create_policy, **{**given, "Type": "NO_POLICY"}) == "InvalidInputException"
    policy = organizations.create_policy(**given)["Policy"]["PolicySummary"]["Id"]
    assert refused(organizations.create_policy, **given) == "DuplicatePolicyException"
    nowhere = {"PolicyId": policy, "TargetId": "ou-ab12-nothing01"}
    assert refused(organizations.attach_policy, **nowhere) == "TargetNotFoundException"
