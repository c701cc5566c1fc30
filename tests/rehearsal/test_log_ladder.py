"""The log archive on its way up, in front of the real provider: what comes with higher tiers is added in place."""

from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from components.log_archive import LogArchive, LogArchiveArgs, ObjectLock, ReplicaTarget, TrailBucket
from components.log_vault import Copier, LogVault, LogVaultArgs
from llmlz.graph.model import Graph
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.rehearse import changes, rehearse
from llmlz.rehearsal.render import render, write
from llmlz.rehearsal.terraform import Terraform
from tests.rehearsal.program import ACCOUNT, REGION, recorded

pytestmark = pytest.mark.ring(2)

VAULT = "999900003333"
ORGANIZATION = "o-exampleorg1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
THEIRS = TrailBucket(
    bucket_name="all-logs", kms_key_arn=f"arn:aws:kms:{REGION}:{VAULT}:key/11111111-2222-3333-4444-555555555555"
)
LOCK = ObjectLock(mode="GOVERNANCE", days=365)
TARGET = ReplicaTarget(
    account_id=VAULT,
    bucket_arn=f"arn:aws:s3:::llmlz-organization-log-vault-{VAULT}-{REGION}",
    key_alias="alias/llmlz-organization-log-vault",
    region=REGION,
)


def archive(step: int, trail_bucket: TrailBucket | None = None) -> Graph:
    """The archive after so many steps: days, then masking and data events, then lock and copy."""

    def program() -> None:
        provider = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT])
        args = LogArchiveArgs(
            account_id=ACCOUNT,
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            kms_key_arn=KEY,
            name_prefix="llmlz-prod",
            partition="aws",
            region=REGION,
            retention_days=365 if step else 90,
            data_events=["agents", "guardrails", "s3_objects", "vectors"] if step > 1 else [],
            masked=["Address", "EmailAddress"] if step > 1 else None,
            object_lock=LOCK if step > 2 else None,
            replica=TARGET if step > 2 else None,
            trail_bucket=trail_bucket,
        )
        LogArchive("logs", args, pulumi.ResourceOptions(provider=provider))

    return recorded(program)


STEPS: list[tuple[str, Callable[[], Graph]]] = [
    ("all at once", lambda: archive(3)),
    ("days", lambda: archive(1)),
    ("masking and data events", lambda: archive(2)),
    ("to a bucket that exists", lambda: archive(0, THEIRS)),
]


@pytest.mark.parametrize(("to", "graph"), STEPS, ids=[name for name, _ in STEPS])
def test_nothing_is_replaced_or_deleted_on_the_way_up(
    terraform: Terraform, tmp_path: Path, to: str, graph: Callable[[], Graph]
) -> None:
    """Over the settled state of the first archive the real provider plans to create and update, and nothing else."""
    assert rehearse(archive(0), terraform, tmp_path).findings == ()
    higher = graph()
    rendered = render(higher, ProviderBlock.offline(higher.region, higher.account))
    write(rendered, tmp_path)
    planned = terraform.plan(tmp_path)
    assert planned.errors == ()
    done = [(change["type"], change["change"]["actions"]) for change in changes(planned.plan)]
    assert done, to
    assert [item for item in done if item[1] not in (["create"], ["update"])] == []
    assert {actions[0] for type_, actions in done if type_ == "aws_cloudtrail"} <= {"update"}
    assert "aws_s3_bucket" not in dict(done)


def test_the_whole_archive_is_accepted_and_comes_to_rest(terraform: Terraform, tmp_path: Path) -> None:
    """Selectors, masking, retention and copies, with the trail in another account's bucket."""
    assert rehearse(archive(3, THEIRS), terraform, tmp_path).findings == ()


def test_a_vault_is_accepted_and_comes_to_rest(terraform: Terraform, tmp_path: Path) -> None:
    """With a platform that copies, and a retention that nobody can take back."""

    def program() -> None:
        taken = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{VAULT}:role/OrganizationAccountAccessRole")
        provider = aws.Provider("vault", region=REGION, allowed_account_ids=[VAULT], assume_roles=[taken])
        args = LogVaultArgs(
            account_id=VAULT,
            name_prefix="llmlz-organization",
            organization_id=ORGANIZATION,
            partition="aws",
            region=REGION,
            copiers=[Copier(account_id=ACCOUNT, role_arn=f"arn:aws:iam::{ACCOUNT}:role/llmlz-prod-log-replica")],
            object_lock=ObjectLock(mode="COMPLIANCE", days=30),
        )
        LogVault("vault", args, pulumi.ResourceOptions(provider=provider))

    rehearsal = rehearse(recorded(program), terraform, tmp_path)
    assert (rehearsal.findings, rehearsal.unverified) == ((), ())
