"""The platform stack: the slow, stateful base of one account and region."""

import pulumi

from components.cost_control import CostControl, CostControlArgs
from components.dashboard import Dashboard, DashboardArgs
from components.data_bucket import DataBucket, DataBucketArgs
from components.key_ring import KeyRing
from components.log_archive import LogArchive, LogArchiveArgs
from components.model_access import ModelAccess, ModelAccessArgs
from stacks.access_list import guarded
from stacks.kinds import PlatformStack
from stacks.outputs import PlatformOutputs
from stacks.parts.emergencies import emergencies
from stacks.parts.guardrail import guardrail_rules
from stacks.parts.keys import key_ring_args
from stacks.parts.network import network_places
from stacks.parts.published import publish_platform
from stacks.parts.vectors import vector_store
from stacks.providers import aws_provider


def platform(stack: PlatformStack) -> None:
    """Build everything that teams stand on, and publish what they need to know."""
    settings = stack.settings
    opts = pulumi.ResourceOptions(providers=[aws_provider(stack)])

    keys = KeyRing("keys", key_ring_args(stack), opts)
    logs = LogArchive(
        "logs",
        LogArchiveArgs(
            account_id=stack.account,
            boundary_arn=stack.boundary_arn,
            kms_key_arn=keys.arns["logs"],
            name_prefix=stack.name_prefix,
            partition=stack.partition,
            region=stack.region,
            retention_days=settings.logs.retention_days,
            archive_days=settings.logs.archive_days,
        ),
        opts,
    )
    models = ModelAccess(
        "models",
        ModelAccessArgs(
            account_id=stack.account,
            archive_bucket_name=logs.bucket_name,
            boundary_arn=stack.boundary_arn,
            invocation_log_group_arn=logs.invocation_log_group_arn,
            invocation_log_group_name=logs.invocation_log_group_name,
            kms_key_arn=keys.arns["guardrail"],
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
    data = DataBucket(
        "data",
        DataBucketArgs(
            account_id=stack.account,
            kms_key_arn=keys.arns["data"],
            name_prefix=stack.name_prefix,
            region=stack.region,
        ),
        opts,
    )
    store = vector_store(stack, keys.arns["vectors"], network, opts)
    CostControl(
        "cost",
        CostControlArgs(
            budget_usd=settings.budget_usd,
            emails=sorted({settings.owner, *settings.alerts}),
            name_prefix=stack.name_prefix,
        ),
        opts,
    )
    emergencies(stack, keys.arns["logs"], opts)
    Dashboard("dashboard", DashboardArgs(name_prefix=stack.name_prefix, region=stack.region), opts)

    outputs = PlatformOutputs(
        boundary_arn=stack.boundary_arn,
        data_bucket_arn=data.bucket_arn,
        data_bucket_name=data.bucket_name,
        data_key_arn=keys.arns["data"],
        endpoint_ids=network.endpoint_ids,
        guardrail_arn=models.guardrail_arn,
        guardrail_id=models.guardrail_id,
        guardrail_key_arn=keys.arns["guardrail"],
        guardrail_versions=models.guardrail_versions,
        invocation_log_group_name=logs.invocation_log_group_name,
        secrets_key_arn=keys.arns["secrets"],
        subnet_ids=network.subnet_ids,
        trail_arn=logs.trail_arn,
        vector_store=store,
        vpc_id=network.vpc_id,
    )
    outputs.export()
    publish_platform(stack, outputs, opts)
