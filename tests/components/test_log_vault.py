"""What the vault in the log-archive account promises."""

import json

import pytest

from components.log_vault import Copier, LogVault, LogVaultArgs, ObjectLock, bucket_policy, key_policy, vault_name
from components.organization_trail import OrganizationTrail, OrganizationTrailArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role

REGION, ORGANIZATION, MANAGEMENT = "eu-central-1", "o-exampleorg1", "999900001111"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{MANAGEMENT}:trail/llmlz-organization-trail"
COPIER = Copier(account_id=OTHER, role_arn=role("llmlz-prod-log-replica", OTHER))
BUCKET = f"arn:aws:s3:::llmlz-organization-log-vault-{ACCOUNT}-{REGION}"
OWN = f"{BUCKET}/cloudtrail/AWSLogs/{OTHER}/CloudTrail/x.json.gz"
INSIDE = {"aws:PrincipalOrgID": ORGANIZATION}
ARGS = LogVaultArgs(
    account_id=ACCOUNT,
    name_prefix="llmlz-organization",
    organization_id=ORGANIZATION,
    partition="aws",
    region=REGION,
    copiers=[COPIER],
    object_lock=ObjectLock(mode="GOVERNANCE", days=365),
    trail_arn=TRAIL,
)
ON_BUCKET = document("resource", *bucket_policy(BUCKET, ARGS))
ON_KEY = document("resource", *key_policy(ARGS))


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A vault, and the trail of the organization that delivers to it."""

    def program() -> None:
        vault = LogVault("vault", ARGS)
        OrganizationTrail(
            "trail",
            OrganizationTrailArgs(
                account_id=MANAGEMENT,
                boundary_arn=f"arn:aws:iam::{MANAGEMENT}:policy/llmlz-boundary",
                bucket_key_arn=vault.kms_key_arn,
                bucket_name=vault.bucket_name,
                log_group_key_arn=f"arn:aws:kms:{REGION}:{MANAGEMENT}:key/logs",
                name_prefix="llmlz-organization",
                retention_days=365,
            ),
        )

    return record(program, project="llmlz", stack_name="organization", account=MANAGEMENT, region=REGION)


def copies(resource: str, *, by: str = COPIER.role_arn, organization: str = ORGANIZATION) -> bool:
    """Whether an object can be copied there."""
    context = {"aws:PrincipalOrgID": organization}
    return allowed("s3:ReplicateObject", resource, by=by, context=context, on_resource=ON_BUCKET)


def test_a_platform_copies_below_its_own_account_and_nowhere_else() -> None:
    """What another account sent cannot be written over."""
    assert copies(OWN)
    assert copies(f"{BUCKET}/bedrock-large-data/AWSLogs/{OTHER}/BedrockModelInvocationLogs/x.json.gz")
    assert not copies(f"{BUCKET}/cloudtrail/AWSLogs/{ACCOUNT}/CloudTrail/x.json.gz")
    assert not copies(f"{BUCKET}/organization/AWSLogs/{ORGANIZATION}/x.json.gz")


def test_nobody_else_of_the_account_or_outside_the_organization_copies() -> None:
    """An administrator of the platform's account is not the role; an account that left is not inside."""
    assert not copies(OWN, by=role("admin", OTHER))
    assert not copies(OWN, organization="o-someoneelse")


@pytest.mark.parametrize("by", [COPIER.role_arn, role("admin"), role("admin", OTHER)])
@pytest.mark.parametrize(
    "action", ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ReplicateDelete", "s3:BypassGovernanceRetention"]
)
def test_nobody_deletes(by: str, action: str) -> None:
    """Not even an administrator of the log-archive account."""
    assert not allowed(action, OWN, by=by, context=INSIDE, on_resource=ON_BUCKET)
    assert not allowed("s3:DeleteBucket", BUCKET, by=by, context=INSIDE, on_resource=ON_BUCKET)


def test_copiers_read_nothing() -> None:
    """The way is one way."""
    assert not allowed("s3:GetObject", OWN, by=COPIER.role_arn, context=INSIDE, on_resource=ON_BUCKET)


def test_the_key_encrypts_for_copiers_through_s3_and_decrypts_for_none() -> None:
    """Nobody else of their accounts, and nobody outside the organization, uses it at all."""
    key, via = "arn:aws:kms:eu-central-1:1:key/k", {**INSIDE, "kms:ViaService": f"s3.{REGION}.amazonaws.com"}

    def uses(action: str, by: str, context: dict[str, str]) -> bool:
        return allowed(action, key, by=by, context=context, on_resource=ON_KEY, gate=True)

    assert uses("kms:Encrypt", COPIER.role_arn, via)
    assert not uses("kms:Encrypt", COPIER.role_arn, INSIDE)
    assert not uses("kms:Decrypt", COPIER.role_arn, via)
    assert not uses("kms:Encrypt", role("admin", OTHER), via)
    assert uses("kms:Decrypt", role("auditor"), INSIDE)
    assert not uses("kms:Decrypt", role("auditor"), {"aws:PrincipalOrgID": "o-someoneelse"})


def test_services_come_in_for_the_trail_of_the_organization_alone() -> None:
    """In bucket and key, every statement that lets a service in names the one trail."""
    statements = [*bucket_policy(BUCKET, ARGS), *key_policy(ARGS)]
    services = [s for s in statements if "Service" in (s["Principal"] if isinstance(s["Principal"], dict) else {})]
    assert {s["Sid"] for s in services} == {"TrailLooksAtBucket", "TrailDelivers", "TrailEncrypts"}
    assert all(s["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}} for s in services)


def test_the_bucket_is_born_with_object_lock_and_kept_by_the_engine(graph: Graph) -> None:
    """The retention is a resource beside it; key, bucket and lock are protected."""
    assert graph.named("vault-bucket").inputs["bucket"] == vault_name("llmlz-organization", ACCOUNT, REGION)
    assert graph.named("vault-bucket").inputs["objectLockEnabled"] is True
    retention = graph.named("vault-bucket-lock").inputs["rule"]["defaultRetention"]
    assert retention == {"mode": "GOVERNANCE", "days": 365}
    kept = {r.name for r in graph.custom() if r.options.protect}
    assert kept == {"trail-logs", "vault-bucket", "vault-bucket-lock", "vault-key"}


def test_a_vault_for_nobody_lets_nobody_in() -> None:
    """Without copiers and trail there is no Allow, and the account's IAM alone has the key."""
    empty = LogVaultArgs(
        account_id=ACCOUNT, name_prefix="p", organization_id=ORGANIZATION, partition="aws", region=REGION
    )
    assert {s["Sid"] for s in bucket_policy(BUCKET, empty)} == {"NobodyDeletes"}
    assert {s["Sid"] for s in key_policy(empty)} == {"AccountDecidesThroughIam", "NobodyFromOutside"}


def test_the_trail_is_of_the_whole_organization_and_sound(graph: Graph) -> None:
    """All accounts and regions, validated, encrypted with the vault's key, and searchable for a year."""
    trail = graph.named("trail-trail").inputs
    assert trail["isOrganizationTrail"] is trail["isMultiRegionTrail"] is trail["enableLogFileValidation"] is True
    assert trail["s3KeyPrefix"] == "organization"
    assert trail["name"] == TRAIL.rpartition("/")[2]
    assert graph.named("trail-logs").inputs["retentionInDays"] == 365
    assert json.loads(graph.named("trail-role").inputs["assumeRolePolicy"])["Statement"][0]["Principal"] == {
        "Service": ["cloudtrail.amazonaws.com"]
    }
