"""The ingestion pipeline of a team, and the registry of what teams have made: settings to args."""

from typing import Any

import pulumi

from components._policy import Statement
from components.ingestion import Ingestion, IngestionArgs, MaskedCopies, QualityLines
from components.registry import Registry, RegistryArgs, registry_statements
from stacks.kinds import PlatformStack, TeamStack
from stacks.outputs import PlatformReference
from stacks.settings.base import DATA_CLASSES
from stacks.settings.team import TeamFile


def ingestion(stack: TeamStack, platform: PlatformReference, opts: pulumi.ResourceOptions) -> Ingestion | None:
    """The pipeline of the team file; ``None`` without one."""
    wish, team, settings = stack.team.documents, stack.team, stack.platform.settings
    if wish is None:
        return None
    args = IngestionArgs(
        accepted_classes=DATA_CLASSES[: DATA_CLASSES.index(team.data_class) + 1],
        account_id=stack.account,
        boundary_arn=platform.read("boundary_arn"),
        break_glass_arn=stack.platform.break_glass_arn,
        bucket_arn=platform.read("data_bucket_arn"),
        bucket_name=platform.read("data_bucket_name"),
        chunk_overlap=wish.chunk_overlap,
        chunk_size=wish.chunk_size,
        concurrency=wish.concurrency,
        data_key_arn=platform.read("data_key_arn"),
        defaults=defaults(team),
        shared_log_key_arn=_shared_log_key(platform) if settings.team_keys == "shared" else None,
        log_retention_days=settings.logs.retention_days,
        masked_copies=MaskedCopies() if wish.masked_copies else None,
        name_prefix=stack.platform.name_prefix,
        partition=stack.partition,
        quality=_quality(stack, platform),
        region=stack.region,
        run_schedule=wish.schedule,
        team=team.team,
    )
    return Ingestion(f"{team.team}-ingestion", args, opts)


def registry(stack: PlatformStack, kms_key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> dict[str, Any]:
    """The table of what teams have made, as a platform publishes it; empty without one."""
    if stack.settings.registry is None:
        return {}
    made = Registry("registry", RegistryArgs(kms_key_arn=kms_key_arn, name_prefix=stack.name_prefix), opts)
    return {"table_arn": made.table_arn, "table_name": made.table_name}


def registry_access(stack: TeamStack, platform: PlatformReference) -> pulumi.Output[list[Statement]]:
    """What the team's role may do there; nothing without one."""
    if stack.platform.settings.registry is None:
        return pulumi.Output.from_input([])
    team = stack.team.team
    return platform.read("registry").apply(lambda made: registry_statements(str(made["table_arn"]), team))


def defaults(team: TeamFile) -> dict[str, str]:
    """What is said of documents that say nothing of their own."""
    wish = team.documents
    said = {
        "lawful-basis": team.lawful_basis,
        "owner": (wish.owner if wish else None) or team.owner,
        "source": (wish.source if wish else None) or team.data_source,
    }
    return {name: value for name, value in said.items() if value is not None}


def _shared_log_key(platform: PlatformReference) -> pulumi.Output[str]:
    return platform.read("key_arns").apply(lambda arns: str(arns["logs"]))


def _quality(stack: TeamStack, platform: PlatformReference) -> QualityLines | None:
    """The platform's lines and its topic; ``None`` where it does not look at documents."""
    lines, alarms = stack.platform.settings.document_quality, stack.platform.settings.alarms
    if lines is None or alarms is None:
        return None
    return QualityLines(
        held_percent=lines.held_percent,
        runbooks=alarms.runbooks,
        stale_days=lines.stale_days,
        topic_arn=platform.read("alarm_topic").apply(lambda topic: str(topic["arn"])),
        unreadable_percent=lines.unreadable_percent,
    )
