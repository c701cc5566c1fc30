"""What is left when a store is lost: copies in a vault that nobody empties, made on a schedule and tried.

Owns: the vault with its policy and its lock, the plan, what it covers, the two roles, the restore test.
Does not own: the key of the vault (``KeyRing``), the mail on a failed job (``Watch``), what is backed up.

AWS Backup knows S3 buckets and Aurora clusters. It does not know S3 Vectors, log groups and secrets:
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_GetSupportedResourceTypes.html (2026-11)
"""

from __future__ import annotations

import json

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components.backup.args import BackupArgs, ComplianceLock
from components.backup.names import BACKUP_ROLE, vault_name
from components.backup.policy import BackedUp, backs_up, vault_policy
from components.backup.restore_test import restore_test
from components.backup.service_role import service_role

STARTS_WITHIN_MINUTES, ENDS_WITHIN_MINUTES = 8 * 60, 24 * 60
"""How long a job may wait for its turn, and how long it may take."""


class Backup(pulumi.ComponentResource):
    """A vault, a plan, and a test that what is in the vault can be restored."""

    vault_arn: pulumi.Output[str]
    """The vault; ready when its policy is."""

    def __init__(self, name: str, args: BackupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the vault, and what fills and tries it."""
        super().__init__("llmlz:index:Backup", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=vault_name(args.name_prefix),
            kms_key_arn=args.kms_key_arn,
            force_destroy=False,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        policy = aws.backup.VaultPolicy(
            f"{name}-vault-policy",
            backup_vault_name=vault.name,
            policy=json.dumps(vault_policy(args.break_glass_arn)),
            opts=child,
        )
        if args.lock:
            # without days of grace the lock is in governance mode:
            # https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html (2026-11)
            grace = args.lock.changeable_for_days if isinstance(args.lock, ComplianceLock) else None
            aws.backup.VaultLockConfiguration(
                f"{name}-vault-lock",
                backup_vault_name=vault.name,
                changeable_for_days=grace,
                min_retention_days=args.lock.min_retention_days,
                # every change is a replacement whose deletion would take the new lock off the same vault
                opts=pulumi.ResourceOptions(parent=self, retain_on_delete=True),
            )
        plan = aws.backup.Plan(
            f"{name}-plan",
            name=physical_name("backup-plan", args.name_prefix, "state"),
            rules=[_rule(args, vault)],
            opts=child,
        )
        aws.backup.Selection(
            f"{name}-selection",
            name=physical_name("backup-plan", args.name_prefix, "state"),
            iam_role_arn=service_role(f"{name}-jobs", args, role=BACKUP_ROLE, policy=_policy(args, vault), parent=self),
            plan_id=plan.id,
            # by ARN, since a tag can be taken off
            resources=[args.bucket_arn, *([args.database.cluster_arn] if args.database else [])],
            opts=child,
        )
        if args.restore_schedule:
            restore_test(name, args, vault.arn, args.restore_schedule, self)

        self.vault_arn = pulumi.Output.all(vault.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"vault_arn": self.vault_arn})


def _policy(args: BackupArgs, vault: aws.backup.Vault) -> pulumi.Output[str]:
    """What the role that makes backups may do, once everything has its ARN."""
    known: dict[str, pulumi.Input[str]] = {
        "vault_arn": vault.arn,
        "vault_key_arn": args.kms_key_arn,
        "bucket_arn": args.bucket_arn,
        "bucket_key_arn": args.bucket_key_arn,
    }
    if args.database:
        known |= {"database_arn": args.database.cluster_arn, "database_key_arn": args.database.kms_key_arn}
    place = {"partition": args.partition, "region": args.region, "account": args.account_id}
    if args.copy_to:
        place |= {
            "copy_vault_arn": args.copy_to.vault_arn,
            "copy_key_alias": args.copy_to.key_alias,
            **({"copy_key_arn": args.copy_to.key_arn} if args.copy_to.key_arn else {}),
        }
    return pulumi.Output.all(**known).apply(lambda got: json.dumps(backs_up(BackedUp(**place, **got))))


def _rule(args: BackupArgs, vault: aws.backup.Vault) -> aws.backup.PlanRuleArgsDict:
    lifecycle: aws.backup.PlanRuleLifecycleArgsDict = {"delete_after": args.retention_days}
    rule: aws.backup.PlanRuleArgsDict = {
        "rule_name": "state",
        "target_vault_name": vault.name,
        "schedule": args.schedule,
        "start_window": STARTS_WITHIN_MINUTES,
        "completion_window": ENDS_WITHIN_MINUTES,
        "lifecycle": lifecycle,
    }
    if args.copy_to is None:
        return rule
    copy: aws.backup.PlanRuleCopyActionArgsDict = {
        "destination_vault_arn": args.copy_to.vault_arn,
        "lifecycle": {"delete_after": args.retention_days},
    }
    return {**rule, "copy_actions": [copy]}
