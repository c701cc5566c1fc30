"""The platform stack: the slow, stateful base of one account and region."""

import pulumi

from components.cost_control import CostControl, CostControlArgs
from components.data_bucket import DataBucket, DataBucketArgs
from components.model_access import ModelAccess, ModelAccessArgs
from components.vended_logs import VendedLogs, VendedLogsArgs
from stacks.access_list import guarded
from stacks.kinds import PlatformStack
from stacks.outputs import PlatformOutputs, PlatformReference
from stacks.parts.detectors import detectors
from stacks.parts.documents import registry
from stacks.parts.emergencies import emergencies
from stacks.parts.guardrail import guardrail_rules
from stacks.parts.keys import platform_keys
from stacks.parts.logs import log_archive
from stacks.parts.monitoring import monitoring, unusual_spending
from stacks.parts.network import network_operations, network_places
from stacks.parts.published import publish_platform
from stacks.parts.recovery import backup, backup_role_arns
from stacks.parts.spending import spending_stop
from stacks.parts.vectors import vector_store
from stacks.parts.weights import weight_store
from stacks.providers import aws_provider
from stacks.singleton_claims import of_the_account


def platform(stack: PlatformStack) -> None:
    """Build everything that teams stand on, and publish what they need to know."""
    settings = stack.settings
    opts = pulumi.ResourceOptions(providers=[aws_provider(stack)])
    primary = PlatformReference(stack.primary.name) if stack.primary else None

    keys = platform_keys(stack, primary, opts)
    logs = log_archive(stack, keys["logs"], primary, opts)
    models = ModelAccess(
        "models",
        ModelAccessArgs(
            account_id=stack.account,
            archive_bucket_name=logs.bucket_name,
            boundary_arn=stack.boundary_arn,
            invocation_log_group_arn=logs.invocation_log_group_arn,
            invocation_log_group_name=logs.invocation_log_group_name,
            kms_key_arn=keys["guardrail"],
            name_prefix=stack.name_prefix,
            partition=stack.partition,
            region=stack.region,
            rules=guardrail_rules(settings.guardrail),
            unguarded_models=sorted(m.model_id for m in stack.catalogue.models.values() if not guarded(m)),
            enforce="all_content" if settings.guardrail.applies_to == "account" else "no",
            versions=settings.guardrail.versions,
        ),
        opts,
    )
    network = network_places(stack, models, opts)
    network_operations(stack, network.vpc_id, keys["logs"], opts)
    data = DataBucket(
        "data",
        DataBucketArgs(
            account_id=stack.account,
            kms_key_arn=keys["data"],
            name_prefix=stack.name_prefix,
            region=stack.region,
            reader_role_arns=backup_role_arns(stack),
        ),
        opts,
    )
    VendedLogs(
        "vended-logs",
        VendedLogsArgs(
            account_id=stack.account, name_prefix=stack.name_prefix, partition=stack.partition, region=stack.region
        ),
        opts,
    )
    store = vector_store(stack, keys["vectors"], network, opts)
    backup(stack, keys, data.bucket_arn, store, opts)
    if of_the_account(stack):  # the budget is the account's
        CostControl(
            "cost",
            CostControlArgs(
                budget_usd=settings.budget_usd,
                emails=sorted({settings.owner, *settings.alerts}),
                name_prefix=stack.name_prefix,
                unusual=unusual_spending(stack),
            ),
            opts,
        )
    detectors(stack, keys["logs"], opts)
    emergencies(stack, keys["logs"], opts)
    alarm_topic = monitoring(stack, keys["logs"], logs=logs, models=models, opts=opts)

    outputs = PlatformOutputs(
        alarm_topic=alarm_topic,
        boundary_arn=stack.boundary_arn,
        data_bucket_arn=data.bucket_arn,
        data_bucket_name=data.bucket_name,
        data_key_arn=keys["data"],
        endpoint_ids=network.endpoint_ids,
        guardrail_arn=models.guardrail_arn,
        guardrail_id=models.guardrail_id,
        guardrail_key_arn=keys["guardrail"],
        guardrail_versions=models.guardrail_versions,
        invocation_log_group_name=logs.invocation_log_group_name,
        key_arns=dict(keys),
        registry=registry(stack, keys["data"], opts),
        secrets_key_arn=keys["secrets"],
        spending_stop=spending_stop(stack, opts),
        subnet_ids=network.subnet_ids,
        trail_arn=logs.trail_arn,
        vector_store=store,
        vpc_id=network.vpc_id,
        weight_store=weight_store(stack, keys, opts),
    )
    outputs.export()
    publish_platform(stack, outputs, opts)
