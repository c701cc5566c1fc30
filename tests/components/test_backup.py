"""What backups promise."""

import json
from typing import Any

import pytest

from components.backup import Backup, BackupArgs, ComplianceLock, CopyTarget, Database, GovernanceLock
from components.backup.names import restore_test_name, role_arn, vault_arn
from components.backup.policy import DELETES, BackedUp, Restored, backs_up, restores, vault_policy
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, allowed, document, role

REGION, OTHER_REGION = "eu-central-1", "eu-west-1"
BUCKET = f"arn:aws:s3:::llmlz-test-data-{ACCOUNT}-{REGION}"
CLUSTER = f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:llmlz-test-vectors"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/data"
VAULT_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/backup"
VAULT = vault_arn("aws", REGION, ACCOUNT, "llmlz-test")
COPY = CopyTarget(
    key_alias="alias/llmlz-test-euw1-backup", vault_arn=vault_arn("aws", OTHER_REGION, ACCOUNT, "llmlz-test-euw1")
)
BREAK_GLASS = role("llmlz-break-glass")


def recorded(**more: Any) -> Graph:
    """Backups with the least that they need, and what is given."""

    def program() -> None:
        args = BackupArgs(
            account_id=ACCOUNT,
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary",
            bucket_arn=BUCKET,
            bucket_key_arn=KEY,
            kms_key_arn=VAULT_KEY,
            name_prefix="llmlz-test",
            partition="aws",
            region=REGION,
            retention_days=14,
            schedule="cron(0 3 * * ? *)",
            **more,
        )
        Backup("backup", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def least() -> Graph:
    """A vault, a plan and what it covers."""
    return recorded()


@pytest.fixture(scope="module")
def whole() -> Graph:
    """Everything that backups can have."""
    return recorded(
        break_glass_arn=BREAK_GLASS,
        copy_to=COPY,
        database=Database(cluster_arn=CLUSTER, kms_key_arn=KEY, subnet_group="llmlz-test-vectors"),
        lock=GovernanceLock(min_retention_days=7),
        restore_schedule="cron(0 5 1 * ? *)",
    )


def test_what_is_left_out_is_not_made(least: Graph) -> None:
    """No lock, no second role and no test; a higher tier adds them beside what is there."""
    assert sorted(resource.name for resource in least.custom()) == [
        "backup-jobs-role",
        "backup-jobs-role-policy",
        "backup-plan",
        "backup-selection",
        "backup-vault",
        "backup-vault-policy",
    ]


def test_everything_of_the_least_stays_in_the_whole(least: Graph, whole: Graph) -> None:
    """Moving up adds resources; the vault itself is the same to the last input."""
    assert {r.name for r in least.custom()} < {r.name for r in whole.custom()}
    assert least.named("backup-vault").inputs == whole.named("backup-vault").inputs


def test_the_vault_is_kept_and_encrypted(least: Graph) -> None:
    """Protected in the engine, with a customer key, a name that is known, and no way to lose it with its backups."""
    vault = least.named("backup-vault")
    assert vault.options.protect
    assert vault.inputs["kmsKeyArn"] == VAULT_KEY
    assert vault.inputs["forceDestroy"] is False
    assert VAULT.endswith(f":backup-vault:{vault.inputs['name']}")


def test_the_role_has_the_name_that_policies_of_stores_know(least: Graph) -> None:
    """The bucket lets it in before it exists; no team can have a role of this name."""
    name = least.named("backup-jobs-role").inputs["name"]
    assert role_arn("aws", ACCOUNT, "llmlz-test").endswith(f":role/{name}")
    assert "_" in name


def test_only_aws_backup_acts_as_the_roles(whole: Graph) -> None:
    """For this account alone, under the boundary."""
    for name in ("backup-jobs-role", "backup-restores-role"):
        inputs = whole.named(name).inputs
        (statement,) = json.loads(inputs["assumeRolePolicy"])["Statement"]
        assert statement["Principal"] == {"Service": ["backup.amazonaws.com"]}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
        assert inputs["permissionsBoundary"].endswith("policy/llmlz-platform-boundary")


def test_the_plan_keeps_and_copies_as_long_as_it_is_told(least: Graph, whole: Graph) -> None:
    """One rule; the copy lives as long as the original, and there is none unless it is asked for."""
    (alone,), (rule,) = least.named("backup-plan").inputs["rules"], whole.named("backup-plan").inputs["rules"]
    assert alone["lifecycle"] == rule["lifecycle"] == {"deleteAfter": 14}
    assert "copyActions" not in alone
    assert rule["copyActions"] == [{"destinationVaultArn": COPY.vault_arn, "lifecycle": {"deleteAfter": 14}}]


def test_stores_are_covered_by_name(least: Graph, whole: Graph) -> None:
    """A tag could be taken off by whoever may change the store."""
    assert least.named("backup-selection").inputs["resources"] == [BUCKET]
    assert whole.named("backup-selection").inputs["resources"] == [BUCKET, CLUSTER]
    assert "selectionTags" not in whole.named("backup-selection").inputs


def test_a_governance_lock_has_no_days_of_grace(whole: Graph) -> None:
    """With days of grace AWS takes the lock for one that can never be removed."""
    assert whole.named("backup-vault-lock").inputs == {"backupVaultName": "llmlz-test-backup", "minRetentionDays": 7}


def test_a_compliance_lock_is_another_type() -> None:
    """Nobody gets it by leaving something out."""
    graph = recorded(lock=ComplianceLock(changeable_for_days=3, min_retention_days=7))
    assert graph.named("backup-vault-lock").inputs["changeableForDays"] == 3


def test_each_store_is_restored_as_it_is(whole: Graph) -> None:
    """The newest backup, under the same key, and in a place that exists."""
    plan = whole.named("backup-restore-test").inputs
    assert plan["recoveryPointSelection"]["algorithm"] == "LATEST_WITHIN_WINDOW"
    assert plan["name"] == restore_test_name("llmlz-test") == "llmlz_test_restore"
    bucket = whole.named("backup-restore-test-bucket").inputs
    database = whole.named("backup-restore-test-database").inputs
    assert bucket["protectedResourceType"] == "S3"
    assert bucket["restoreMetadataOverrides"] == {"encryptionType": "SSE-KMS", "kmsKey": KEY}
    assert database["protectedResourceType"] == "Aurora"
    assert database["restoreMetadataOverrides"] == {"dbSubnetGroupName": "llmlz-test-vectors"}


@pytest.mark.parametrize("action", DELETES)
def test_nobody_deletes_a_backup_but_break_glass(action: str) -> None:
    """Whatever their own policies allow; without such a role nobody does."""
    kept, sealed = (
        document("resource", *vault_policy(BREAK_GLASS)["Statement"]),
        document("resource", *vault_policy(None)["Statement"]),
    )
    for by in (role("app"), role("llmlz-apply")):
        assert not allowed(action, VAULT, by=by, on_resource=kept)
    assert allowed(action, VAULT, by=BREAK_GLASS, on_resource=kept)
    assert not allowed(action, VAULT, by=BREAK_GLASS, on_resource=sealed)
    assert allowed("backup:StartBackupJob", VAULT, on_resource=sealed)


PLACE = BackedUp(
    partition="aws",
    region=REGION,
    account=ACCOUNT,
    vault_arn=VAULT,
    vault_key_arn=VAULT_KEY,
    bucket_arn=BUCKET,
    bucket_key_arn=KEY,
    database_arn=CLUSTER,
    database_key_arn=KEY,
    copy_vault_arn=COPY.vault_arn,
    copy_key_alias=COPY.key_alias,
)


def jobs(action: str, resource: str, **context: str) -> bool:
    """Whether the role that makes backups may do it."""
    return allowed(action, resource, identity=document("identity", *backs_up(PLACE)["Statement"]), context=context)


def restoring(action: str, resource: str) -> bool:
    """Whether the role that tries restores may do it."""
    place = Restored(partition="aws", region=REGION, account=ACCOUNT, key_arns=[KEY, VAULT_KEY], database=True)
    return allowed(action, resource, identity=document("identity", *restores(place)["Statement"]))


def test_backups_read_their_stores_and_no_others() -> None:
    """The bucket and the cluster that are meant, in full; the archive of evidence and other teams' clusters not."""
    assert jobs("s3:GetObjectVersion", f"{BUCKET}/teams/claims/a")
    assert jobs("rds:CreateDBClusterSnapshot", CLUSTER)
    assert not jobs("s3:GetObject", f"arn:aws:s3:::llmlz-test-logs-{ACCOUNT}-{REGION}/a")
    assert not jobs("rds:CreateDBClusterSnapshot", f"{CLUSTER}-of-others")


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy"])
def test_backups_change_no_store(action: str) -> None:
    """A role that could write could put back what it has changed."""
    assert not jobs(action, f"{BUCKET}/a")
    assert not jobs(action, BUCKET)


def test_keys_are_lent_to_aws_services_only() -> None:
    """A grant to anybody else would be a way around the key's policy."""
    assert jobs("kms:CreateGrant", VAULT_KEY, **{"kms:GrantIsForAWSResource": "true"})
    assert not jobs("kms:CreateGrant", VAULT_KEY, **{"kms:GrantIsForAWSResource": "false"})
    assert not jobs("kms:CreateGrant", VAULT_KEY)


def test_a_restore_makes_its_own_things_and_touches_no_store() -> None:
    """Under the names that AWS Backup gives to what it restores for a test."""
    restored = "arn:aws:s3:::awsbackup-restore-test-1a2b"
    assert restoring("s3:CreateBucket", restored)
    assert restoring("s3:PutObject", f"{restored}/teams/claims/a")
    assert restoring("rds:DeleteDBCluster", f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:awsbackup-restore-test-1a2b")
    for action in ("s3:GetObject", "s3:PutObject", "s3:DeleteObject"):
        assert not restoring(action, f"{BUCKET}/teams/claims/a")
    assert not restoring("rds:DeleteDBCluster", CLUSTER)


def test_neither_role_reads_the_state_of_the_stacks() -> None:
    """Both carry the boundary of the platform, which does not say so; their own policies do."""
    for statements in (
        backs_up(PLACE),
        restores(Restored(partition="aws", region=REGION, account=ACCOUNT, key_arns=[KEY], database=False)),
    ):
        (denied,) = [s for s in statements["Statement"] if s["Effect"] == "Deny"]
        assert denied["Action"] == ["kms:*"]
        assert "alias/llmlz-secrets" in json.dumps(denied["Condition"])
