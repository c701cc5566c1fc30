"""What components can make and no stack of the example estate has yet: with it, the lists speak of the whole project."""

from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components._alarm_rules import Objectives, Thresholds
from components._budget import BudgetStop
from components.alarms import Alarms, AlarmsArgs
from components.backup import Backup, BackupArgs, ComplianceLock, CopyTarget, Database
from components.break_glass import BreakGlass, BreakGlassArgs
from components.cost_control import CostControl, CostControlArgs, UnusualSpending
from components.cost_tags import CostTags, CostTagsArgs
from components.data_bucket import DataBucket, DataBucketArgs
from components.detectors import Detectors, DetectorsArgs, Recording
from components.dns_firewall import DnsFirewall, DnsFirewallArgs
from components.flow_logs import FlowLogs, FlowLogsArgs
from components.key_ring import KeyRing, KeyRingArgs, alarms_use, config_use, events_use, logs_use, vector_indexing_use
from components.model_access import GuardrailRules, ModelAccess, ModelAccessArgs
from components.network import Network, NetworkArgs
from components.network.endpoint_policy import model_calls, policy_text
from components.spending_stop import SpendingStop, SpendingStopArgs
from components.team_pipeline import TeamPipeline, TeamPipelineArgs
from components.team_space import ModelRoute, TeamSpace, TeamSpaceArgs
from components.vector_store import S3Vectors, VectorStore, VectorStoreArgs
from components.watch import Watch, WatchArgs, findings, keys_switched_off, role_taken, tampering
from llmlz.graph.model import Graph
from tests.rehearsal import parts_of_data
from tests.rehearsal.knowledge_parts import knowledge
from tests.rehearsal.program import ACCOUNT, REGION, recorded

PREFIX = "llmlz-parts"
PLACE = ("aws", REGION, ACCOUNT)
ZONES = {letter: f"{REGION}{letter}" for letter in "abc"}
SERVICES = ["bedrock-runtime", "kms", "secretsmanager", "sts"]
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/llmlz-break-glass"
NOVA = f"arn:aws:bedrock:{REGION}::foundation-model/amazon.nova-micro-v1:0"


def parts() -> Graph:
    """The graph of ``program``."""
    return recorded(program)


def program() -> None:
    """Every layer of access, each with all that it can have, on an explicit provider."""
    tags = {"owner": "platform@example.com", "team": "claims"}
    provider = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT], default_tags={"tags": tags})
    opts = pulumi.ResourceOptions(provider=provider)
    logs = logs_use(*PLACE)
    uses = {
        "data": [],
        "guardrail": [],
        "logs": [logs, events_use(*PLACE), config_use(ACCOUNT), alarms_use(*PLACE)],
        "vectors": [vector_indexing_use(*PLACE)],
    }
    keys = KeyRing(
        "keys",
        KeyRingArgs(account_id=ACCOUNT, alias_prefix=PREFIX, partition="aws", uses=uses, break_glass_arn=BREAK_GLASS),
        opts,
    ).arns
    models = _models(keys["guardrail"], opts)
    network = _network(models, opts)
    _operations(network, keys["logs"], opts)
    _backup(keys["data"], opts)
    parts_of_data.pools(network, keys["data"], opts)
    _money(models, keys["logs"], opts)
    bucket = DataBucket(
        "data",
        DataBucketArgs(account_id=ACCOUNT, kms_key_arn=keys["data"], name_prefix=PREFIX, region=REGION),
        opts,
    )
    store = VectorStoreArgs(
        account_id=ACCOUNT,
        engine=S3Vectors(),
        kms_key_arn=keys["vectors"],
        name_prefix=PREFIX,
        partition="aws",
        region=REGION,
    )
    VectorStore("vectors", store, opts)
    knowledge(keys, bucket.bucket_arn, opts)
    parts_of_data.collection(network, replace(store, name_prefix=f"{PREFIX}-c"), opts)
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary"
    parts_of_data.cluster(keys, opts)
    stop = SpendingStop(
        "spending",
        SpendingStopArgs(account_id=ACCOUNT, boundary_arn=boundary, name_prefix=PREFIX, partition="aws"),
        opts,
    )
    team = TeamSpace(
        "claims",
        TeamSpaceArgs(
            account_id=ACCOUNT,
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            budget_usd=200,
            data_bucket_arn=bucket.bucket_arn,
            data_key_arn=keys["data"],
            emails=["claims@example.com"],
            guardrail_arn=models.guardrail_arn,
            guardrail_key_arn=keys["guardrail"],
            guardrail_versions=models.guardrail_versions,
            name_prefix=PREFIX,
            routes={"nova-micro-regional": ModelRoute(copy_from=NOVA, foundation_models=[NOVA])},
            secrets_key_arn=keys["data"],
            services=["lambda.amazonaws.com"],
            team="claims",
            break_glass_arn=BREAK_GLASS,
            invoke_endpoint_ids=["vpce-0123456789abcdef0"],
            secret_key="own",
            stop=BudgetStop(policy_arn=stop.policy_arn, role_arn=stop.role_arn),
        ),
        opts,
    )
    TeamPipeline(
        "claims-pipeline",
        TeamPipelineArgs(
            account_id=ACCOUNT,
            boundary_arn=boundary,
            environment="live",
            name_prefix=PREFIX,
            partition="aws",
            region=REGION,
            repository="example/claims",
            team="claims",
            team_role_arn=team.role_arn,
            workflow_ref="example/landing-zone/.github/workflows/team.yml@refs/tags/v0.1.0",
        ),
        opts,
    )
    parts_of_data.ingestion(bucket, keys, opts)
    on_call = [f"arn:aws:iam::{ACCOUNT}:user/on-call"]
    BreakGlass("break-glass", BreakGlassArgs(boundary_arn=boundary, principals=on_call), opts)
    Watch(
        "watch",
        WatchArgs(
            account_id=ACCOUNT,
            emails=["platform@example.com"],
            kms_key_arn=keys["logs"],
            name_prefix=PREFIX,
            patterns={
                "break-glass": role_taken("llmlz-break-glass", "aws", ACCOUNT),
                "findings": findings(),
                "keys": keys_switched_off(),
                "tamper": tampering([f"{PREFIX}-logs-{ACCOUNT}-{REGION}"]),
            },
        ),
        opts,
    )
    Detectors(
        "detectors",
        DetectorsArgs(
            account_id=ACCOUNT,
            name_prefix=PREFIX,
            partition="aws",
            region=REGION,
            analyzer="ACCOUNT",
            protections=["S3_DATA_EVENTS", "RDS_LOGIN_EVENTS", "LAMBDA_NETWORK_LOGS"],
            recording=Recording(kms_key_arn=keys["logs"], archive_days=365),
            standards={"best-practices": "aws-foundational-security-best-practices/v/1.0.0"},
        ),
        opts,
    )


def _money(models: ModelAccess, key: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    """Alarms about everything, unusual spending through a monitor that is there, tags of bills."""
    args = AlarmsArgs(
        account_id=ACCOUNT,
        cluster_identifier=f"{PREFIX}-vectors",
        emails=["platform@example.com"],
        guardrail_arn=models.guardrail_arn,
        counted_versions=[models.guardrail_versions.apply(lambda versions: versions[0])],
        kms_key_arn=key,
        name_prefix=PREFIX,
        objectives=Objectives(availability_percent=99.5, latency_seconds=20),
        partition="aws",
        region=REGION,
        runbooks="https://example.com/runbooks",
        thresholds=Thresholds(
            client_error_percent=20,
            guardrail_percent=20,
            latency_seconds=30,
            server_error_percent=5,
            throttle_percent=5,
            tokens_per_minute=160_000,
        ),
        trail_log_group_name=f"/{PREFIX}/cloudtrail",
    )
    Alarms("alarms", args, opts)
    monitor = f"arn:aws:ce::{ACCOUNT}:anomalymonitor/01234567-89ab-cdef-0123-456789abcdef"
    unusual = UnusualSpending(threshold_usd=100, monitor_arn=monitor)
    cost = CostControlArgs(budget_usd=500, emails=["platform@example.com"], name_prefix=PREFIX, unusual=unusual)
    CostControl("cost", cost, opts)
    CostTags("cost-tags", CostTagsArgs(keys=["team", "cost-centre"]), opts)


def _models(key: pulumi.Output[str], opts: pulumi.ResourceOptions) -> ModelAccess:
    rules = GuardrailRules(
        blocked_words=["nightingale"], harm_strength="HIGH", pii={"EMAIL": "ANONYMIZE"}, grounding_threshold=0.7
    )
    args = ModelAccessArgs(
        account_id=ACCOUNT,
        archive_bucket_name=f"{PREFIX}-logs",
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        invocation_log_group_arn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/{PREFIX}/calls",
        invocation_log_group_name=f"/{PREFIX}/calls",
        kms_key_arn=key,
        name_prefix=PREFIX,
        partition="aws",
        region=REGION,
        rules=rules,
        enforce="all_content",
        versions=["v1", "v2"],
    )
    return ModelAccess("models", args, opts)


def _network(models: ModelAccess, opts: pulumi.ResourceOptions) -> Network:
    approved = pulumi.Output.all(models.guardrail_arn, models.guardrail_versions).apply(
        lambda made: policy_text(
            model_calls(
                account_id=ACCOUNT,
                partition="aws",
                foundation_models=[NOVA],
                guardrail_arn=made[0],
                guardrail_versions=made[1],
            )
        )
    )
    args = NetworkArgs(
        cidr="10.20.0.0/16",
        name_prefix=PREFIX,
        region=REGION,
        zones=ZONES,
        account_id=ACCOUNT,
        egress_kinds=["private"],
        endpoint_policies={"bedrock-runtime": approved},
        interface_endpoints=SERVICES,
        transit_gateway_id="tgw-0123456789abcdef0",
    )
    return Network("network", args, opts)


def _backup(key_arn: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
    """Backups with all that they can have, and the lock that no stack has unless it asks for it."""
    args = BackupArgs(
        account_id=ACCOUNT,
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary",
        bucket_arn=f"arn:aws:s3:::{PREFIX}-documents",
        bucket_key_arn=key_arn,
        kms_key_arn=key_arn,
        name_prefix=PREFIX,
        partition="aws",
        region=REGION,
        retention_days=35,
        schedule="cron(0 3 * * ? *)",
        break_glass_arn=BREAK_GLASS,
        copy_to=CopyTarget(
            key_alias="alias/elsewhere", vault_arn=f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:elsewhere"
        ),
        database=Database(
            cluster_arn=f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:vectors", kms_key_arn=key_arn, subnet_group="vectors"
        ),
        lock=ComplianceLock(changeable_for_days=3, min_retention_days=7),
        restore_schedule="cron(0 5 1 * ? *)",
    )
    Backup("backup", args, opts)


def _operations(network: Network, key: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    flows = FlowLogsArgs(
        account_id=ACCOUNT,
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        kms_key_arn=key,
        name_prefix=PREFIX,
        partition="aws",
        region=REGION,
        retention_days=180,
        traffic="all",
        vpc_id=network.vpc_id,
    )
    FlowLogs("flow-logs", flows, opts)
    names = DnsFirewallArgs(
        account_id=ACCOUNT,
        allowed_domains=["api.example.com", "*.example.org"],
        kms_key_arn=key,
        name_prefix=PREFIX,
        otherwise="block",
        partition="aws",
        region=REGION,
        retention_days=180,
        vpc_id=network.vpc_id,
        fail_open=True,
    )
    DnsFirewall("dns-firewall", names, opts)
