"""How documents of one team become chunks with provenance: a state machine, and the one function that does its steps.

Owns: both, their roles and logs, the key of pseudonyms, the schedule, and the alarms about quality.
Does not own: the bucket and its prefixes (``DataBucket``), or vectors of the chunks: whoever embeds them reads ``chunks/``.
"""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components._alarm import queries
from components._naming import physical_name
from components._policy import document, service_trust
from components.ingestion.alarms import quality_alarms
from components.ingestion.args import IngestionArgs, QualityLines
from components.ingestion.definition import definition
from components.ingestion.logs import own_log_key
from components.ingestion.policy import machine_statements, schedule_statements, work_statements
from components.ingestion.pseudonyms import pseudonym_key

# Names do not begin with the team's: a team's own pipeline may change every function that does.
CODE = Path(__file__).with_name("ingest")
RUNTIME, MEMORY_MB, TIMEOUT_SECONDS = "python3.13", 512, 900
"""The longest that Lambda offers: a batch of large documents takes minutes."""


class Ingestion(pulumi.ComponentResource):
    """The ingestion pipeline of one team."""

    function_arn: pulumi.Output[str]
    """The function that does the steps; ready when its role may do them."""

    machine_arn: pulumi.Output[str]
    """The state machine; one execution is one run."""

    def __init__(self, name: str, args: IngestionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the pipeline of ``args.team``."""
        super().__init__("llmlz:index:Ingestion", name, {}, opts)
        shared = args.shared_log_key_arn
        self._log_key = own_log_key(f"{name}-logs-key", args, self) if shared is None else shared
        function = self._function(name, args)
        machine = self._machine(name, args, function)
        if args.run_schedule is not None:
            self._schedule(name, args, args.run_schedule, machine)
        if args.quality is not None:
            self._alarms(name, args, args.quality, machine)
        self.function_arn = function.arn
        self.machine_arn = machine.arn
        self.register_outputs({"function_arn": self.function_arn, "machine_arn": self.machine_arn})

    def _role(self, name: str, args: IngestionArgs, what: str, service: str, says: str) -> aws.iam.Role:
        return aws.iam.Role(
            name,
            name=physical_name("role", args.name_prefix, what, args.team),
            description=says,
            assume_role_policy=json.dumps(service_trust([f"{service}.amazonaws.com"], args.account_id)),
            permissions_boundary=args.boundary_arn,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _log(self, name: str, args: IngestionArgs, physical: str) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            name,
            name=physical,
            kms_key_id=self._log_key,
            retention_in_days=args.log_retention_days,
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )

    def _function(self, name: str, args: IngestionArgs) -> aws.lambda_.Function:
        child = pulumi.ResourceOptions(parent=self)
        physical = physical_name("function", args.name_prefix, "ingestion", args.team)
        log = self._log(f"{name}-log", args, f"/aws/lambda/{physical}")
        role = self._role(f"{name}-role", args, "ingestion", "lambda", f"Takes documents of {args.team} in.")
        mask_key = pseudonym_key(f"{name}-pseudonyms", args, role, parent=self) if args.masked_copies else None
        arns = {"bucket": args.bucket_arn, "key": args.data_key_arn, "log": log.arn}
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=pulumi.Output.all(**arns, **({"mask_key": mask_key} if mask_key is not None else {})).apply(
                lambda got: json.dumps(document(work_statements(got, args.team, args.region)))
            ),
            opts=child,
        )
        return aws.lambda_.Function(
            f"{name}-steps",
            name=physical,
            description=f"Steps of {args.team}'s ingestion: plan, take, mask, finish.",
            architectures=["arm64"],
            code=pulumi.AssetArchive(
                {f"ingest/{file.name}": pulumi.FileAsset(str(file)) for file in sorted(CODE.glob("*.py"))}
            ),
            environment={
                "variables": {
                    "ACCEPTED_CLASSES": " ".join(sorted(args.accepted_classes)),
                    "BUCKET": args.bucket_name,
                    "CHUNK_OVERLAP": str(args.chunk_overlap),
                    "CHUNK_SIZE": str(args.chunk_size),
                    "DEFAULTS": json.dumps(dict(args.defaults), sort_keys=True),
                    "TEAM": args.team,
                    **({"MASK_KEY_ARN": mask_key} if mask_key is not None else {}),
                }
            },
            handler="ingest.main.handle",
            kms_key_arn=args.data_key_arn,
            logging_config={"log_format": "JSON", "log_group": log.name},
            memory_size=MEMORY_MB,
            role=role.arn,
            runtime=RUNTIME,
            timeout=TIMEOUT_SECONDS,
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
        )

    def _machine(self, name: str, args: IngestionArgs, function: aws.lambda_.Function) -> aws.sfn.StateMachine:
        physical = physical_name("state-machine", args.name_prefix, "ingestion", args.team)
        log = self._log(f"{name}-runs-log", args, f"/aws/vendedlogs/states/{physical}")
        role = self._role(f"{name}-runs-role", args, "ingest-run", "states", f"Runs the ingestion of {args.team}.")
        policy = aws.iam.RolePolicy(
            f"{name}-runs-role-policy",
            role=role.name,
            policy=function.arn.apply(lambda arn: json.dumps(document(machine_statements(arn)))),
            opts=pulumi.ResourceOptions(parent=self),
        )
        return aws.sfn.StateMachine(
            f"{name}-runs",
            name=physical,
            definition=function.arn.apply(
                lambda arn: json.dumps(
                    definition(arn, args.partition, args.concurrency, masked=args.masked_copies is not None)
                )
            ),
            logging_configuration={
                "include_execution_data": False,  # keys of documents may name people
                "level": "ERROR",
                "log_destination": log.arn.apply(lambda arn: f"{arn}:*"),
            },
            role_arn=role.arn,
            type="STANDARD",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _schedule(self, name: str, args: IngestionArgs, schedule: str, machine: aws.sfn.StateMachine) -> None:
        physical = physical_name("schedule", args.name_prefix, "ingestion", args.team)
        role = self._role(
            f"{name}-schedule-role", args, "ingest-at", "scheduler", f"Starts the ingestion of {args.team}."
        )
        policy = aws.iam.RolePolicy(
            f"{name}-schedule-role-policy",
            role=role.name,
            policy=pulumi.Output.all(machine=machine.arn, key=args.data_key_arn).apply(
                lambda arns: json.dumps(document(schedule_statements(arns, args.region)))
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.scheduler.Schedule(
            f"{name}-schedule",
            name=physical,
            description=f"Takes documents of {args.team} in.",
            flexible_time_window={"mode": "FLEXIBLE", "maximum_window_in_minutes": 15},  # teams share the hour
            kms_key_arn=args.data_key_arn,
            schedule_expression=schedule,
            schedule_expression_timezone="UTC",
            target={"arn": machine.arn, "role_arn": role.arn, "input": "{}"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )

    def _alarms(self, name: str, args: IngestionArgs, lines: QualityLines, machine: aws.sfn.StateMachine) -> None:
        for alarm in quality_alarms(
            args.team,
            machine.arn,
            held_percent=lines.held_percent,
            stale_days=lines.stale_days,
            unreadable_percent=lines.unreadable_percent,
        ):
            aws.cloudwatch.MetricAlarm(
                f"{name}-{alarm.name}",
                name=physical_name("alarm", args.name_prefix, args.team, alarm.name),
                alarm_actions=[lines.topic_arn],
                alarm_description=f"{args.team}: {alarm.says} Runbook: {lines.runbooks}/{alarm.name}.md",
                comparison_operator=alarm.comparison,
                datapoints_to_alarm=alarm.datapoints,
                evaluation_periods=alarm.evaluations,
                metric_queries=queries(alarm),
                threshold=alarm.threshold,
                treat_missing_data=alarm.silence,
                opts=pulumi.ResourceOptions(parent=self),
            )
