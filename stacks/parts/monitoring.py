"""Alarms, the dashboard that shows them, and what is unusual about spending: settings to args."""

import pulumi

from components._alarm_rules import Objectives, Thresholds
from components.alarms import Alarms, AlarmsArgs
from components.cost_control import UnusualSpending
from components.dashboard import Dashboard, DashboardArgs
from components.log_archive import LogArchive
from components.model_access import ModelAccess
from components.vector_store.pgvector import database_identifier
from stacks.kinds import PlatformStack
from stacks.settings.platform import PgVector


def monitoring(
    stack: PlatformStack,
    kms_key_arn: pulumi.Input[str],
    *,
    logs: LogArchive,
    models: ModelAccess,
    opts: pulumi.ResourceOptions,
) -> dict[str, pulumi.Output[str]]:
    """The alarms, where the settings have any, and the one dashboard; where alarms are reported, empty without any."""
    wish = stack.settings.alarms
    made = _alarms(stack, kms_key_arn, logs=logs, models=models, opts=opts)
    Dashboard(
        "dashboard",
        DashboardArgs(
            name_prefix=stack.name_prefix,
            region=stack.region,
            alarm_arns=made.alarm_arns if made else None,
            tokens_per_minute=wish.tokens_per_minute if wish else None,
        ),
        opts,
    )
    return {"arn": made.topic_arn} if made else {}


def _alarms(
    stack: PlatformStack,
    kms_key_arn: pulumi.Input[str],
    *,
    logs: LogArchive,
    models: ModelAccess,
    opts: pulumi.ResourceOptions,
) -> Alarms | None:
    settings, wish = stack.settings, stack.settings.alarms
    if wish is None:
        return None
    levels = wish.service_levels
    args = AlarmsArgs(
        account_id=stack.account,
        cluster_identifier=_database(stack),
        emails=sorted({settings.owner, *settings.alerts}),
        guardrail_arn=models.guardrail_arn,
        counted_versions=[_version(models, number) for number in range(len(settings.guardrail.versions))],
        kms_key_arn=kms_key_arn,
        name_prefix=stack.name_prefix,
        objectives=Objectives(availability_percent=levels.availability_percent, latency_seconds=levels.latency_seconds)
        if levels
        else None,
        partition=stack.partition,
        region=stack.region,
        runbooks=wish.runbooks,
        thresholds=Thresholds(
            client_error_percent=wish.client_error_percent,
            guardrail_percent=wish.guardrail_percent,
            latency_seconds=wish.latency_seconds,
            server_error_percent=wish.server_error_percent,
            throttle_percent=wish.throttle_percent,
            tokens_per_minute=wish.tokens_per_minute * wish.quota_percent / 100,
        ),
        trail_log_group_name=logs.trail_log_group_name,
    )
    return Alarms("alarms", args, opts)


def _version(models: ModelAccess, number: int) -> pulumi.Output[str]:
    return models.guardrail_versions.apply(lambda versions: versions[number])


def _database(stack: PlatformStack) -> str | None:
    """The cluster by the name that the vector store gives it."""
    if not isinstance(stack.settings.vector_store, PgVector):
        return None
    return database_identifier(stack.name_prefix)


def unusual_spending(stack: PlatformStack) -> UnusualSpending | None:
    """What is reported of it; ``None`` where nothing is."""
    wish = stack.settings.anomalies
    return UnusualSpending(threshold_usd=wish.threshold_usd, monitor_arn=wish.monitor_arn) if wish else None
