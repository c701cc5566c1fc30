"""The real provider accepts a unit of each shape with its real documents, the guardrail, and permission sets."""

from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from components._guardrail import GuardrailRules
from components.organization import (
    LIMITS,
    NewUnit,
    OrganizationGuardrail,
    OrganizationGuardrailArgs,
    OrganizationUnit,
    OrganizationUnitArgs,
    UnitRules,
    ai_opt_out,
    bedrock_policy,
    minified,
    pack,
    resource_control,
    service_control,
)
from components.organization.limits import RESOURCE_CONTROL, SERVICE_CONTROL
from components.permission_sets import (
    PermissionSets,
    PermissionSetsArgs,
    PermissionSetShape,
    auditor,
    developer,
    finance,
)
from llmlz.errors import ToolMissingError
from llmlz.graph.record import record
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from llmlz.rehearsal.unverified import Known, committed

pytestmark = pytest.mark.ring(2)

MANAGEMENT, REGION, ORGANIZATION = "999988887777", "eu-central-1", "o-a1b2c3d4e5"
GROUP = "0123456789-01234567-89ab-cdef-0123-456789abcdef"
RULES = UnitRules(
    guardrails=["arn:aws:bedrock:eu-central-1:111122223333:guardrail/g7h3k2:1"],
    models=["amazon.nova-micro-v1:0"],
    partition="aws",
    regions=[REGION],
    evidence=["arn:aws:logs:*:*:log-group:/llmlz-*"],
)
BEDROCK_POLICY = Known(
    "refused",
    "aws:organizations/policy:Policy",
    "type",
    "Bedrock policies came to the provider after 5.100.0.",
    value="BEDROCK_POLICY",
    use="AISERVICES_OPT_OUT_POLICY",
)


@pytest.fixture(scope="module")
def terraform() -> Terraform:
    """Terraform or OpenTofu with the real AWS provider; without them ring 2 is skipped, and says what it would prove."""
    try:
        return Terraform.find()
    except ToolMissingError as error:
        pytest.skip(f"ring 2: {error}")


def program() -> None:
    """Everything that these components make, on an explicit provider."""
    provider = aws.Provider("main", region=REGION, allowed_account_ids=[MANAGEMENT])
    opts = pulumi.ResourceOptions(provider=provider)
    guardrail = OrganizationGuardrail(
        "guardrail",
        OrganizationGuardrailArgs(
            name_prefix="llmlz-organization",
            organization_id=ORGANIZATION,
            rules=GuardrailRules(blocked_words=["nightingale"], harm_strength="HIGH", pii={"EMAIL": "ANONYMIZE"}),
        ),
        opts,
    )
    limits = LIMITS[SERVICE_CONTROL], LIMITS[RESOURCE_CONTROL]
    service = pack(service_control.statements(RULES), longest=limits[0].longest, most=limits[0].free)
    resource = pack(resource_control.statements(RULES, ORGANIZATION), longest=limits[1].longest, most=limits[1].free)
    OrganizationUnit(
        "production",
        OrganizationUnitArgs(
            name_prefix="llmlz-organization",
            unit="production",
            ai_opt_out=minified(ai_opt_out()),
            bedrock=guardrail.identifier.apply(lambda found: minified(bedrock_policy({REGION: found}, []))),
            new=NewUnit(accounts={"claims": "aws+claims@example.com"}, parent_id="r-ab12"),
            resource_control={name: minified(document) for name, document in resource.items()},
            service_control={name: minified(document) for name, document in service.items()},
        ),
        opts,
    )
    OrganizationUnit(
        "sandbox",
        OrganizationUnitArgs(
            name_prefix="llmlz-organization",
            unit="sandbox",
            existing="ou-ab12-11111111",
            service_control={"models": minified(service["models"])},
        ),
        opts,
    )
    look = {"Sid": "Look", "Effect": "Allow", "Action": ["s3:ListAllMyBuckets"], "Resource": ["*"]}
    bounded = PermissionSetShape(accounts=[], bounded=True, description="As a role", groups=[], statements=[look])
    accounts = ["111122223333"]
    PermissionSets(
        "people",
        PermissionSetsArgs(
            instance_arn="arn:aws:sso:::instance/ssoins-0123456789abcdef",
            name_prefix="llmlz",
            sets={
                "application": bounded,
                "auditor": auditor("aws", accounts, [GROUP]),
                "developer": developer(accounts, [GROUP]),
                "finance": finance(accounts, [GROUP]),
            },
        ),
        opts,
    )


def test_the_provider_accepts_everything_and_rests_after_deployment(terraform: Terraform, tmp_path: Path) -> None:
    """Real documents of a unit, as text and as JSON; only the newest type of policy is rehearsed as another one."""
    graph = record(program, project="llmlz", stack_name="test", account=MANAGEMENT, region=REGION)
    rehearsal = rehearse(graph, terraform, tmp_path, known=(*committed(), BEDROCK_POLICY))
    assert [str(finding) for finding in rehearsal.findings] == []
    assert [str(row) for row in rehearsal.unverified] == [
        "refused aws:organizations/policy:Policy type = BEDROCK_POLICY"
    ]
    assert rehearsal.plan is not None
    assert len(rehearsal.plan["resource_changes"]) == len(graph.custom())


def test_the_provider_knows_no_bedrock_policy_yet(terraform: Terraform, tmp_path: Path) -> None:
    """Once it does, the exception above has to go."""
    graph = record(program, project="llmlz", stack_name="test", account=MANAGEMENT, region=REGION)
    (finding,) = rehearse(graph, terraform, tmp_path, known=()).findings
    assert finding.summary.startswith("expected type to be one of")
    assert finding.summary.endswith("got BEDROCK_POLICY")
