"""What the roles of a pipeline may do, as pure functions of ARNs."""

from __future__ import annotations

from collections.abc import Mapping

from components._policy import Statement, allow

READ, RESULTS = "documents/", ("chunks/", "held/", "index/", "masked/", "runs/")
"""Below the team's prefix: what is read, and what is read and written."""


def work_statements(arns: Mapping[str, str], team: str, region: str) -> list[Statement]:
    """The team's documents, read only; the results, which may also be removed; counts and lines in one log group.

    ``arns`` holds ``bucket``, ``key``, ``log`` and, with masked copies, ``mask_key``.
    """
    prefix = f"teams/{team}/"
    places = [f"{prefix}{folder}*" for folder in (READ, *RESULTS)]
    results = [f"{arns['bucket']}/{prefix}{folder}*" for folder in RESULTS]
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}
    read = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
    own_metrics = {"StringEquals": {"cloudwatch:namespace": "LLMLZ/Ingestion"}}
    statements = [
        allow("ListOwnFolders", ["s3:ListBucket"], [arns["bucket"]], {"StringLike": {"s3:prefix": places}}),
        allow("ReadDocuments", read, [f"{arns['bucket']}/{prefix}{READ}*"]),
        allow("KeepResults", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"], results),
        allow("UseDataKeyThroughS3", ["kms:Decrypt", "kms:GenerateDataKey"], [arns["key"]], through_s3),
        # CloudWatch knows no resources of metrics; the namespace is the bound:
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html (2026-11)
        allow("CountInOwnNamespace", ["cloudwatch:PutMetricData"], ["*"], own_metrics),
        allow("WriteOwnLog", ["logs:CreateLogStream", "logs:PutLogEvents"], [f"{arns['log']}:*"]),
    ]
    if "mask_key" in arns:
        statements.append(allow("MakePseudonyms", ["kms:GenerateMac"], [arns["mask_key"]]))
    return statements


DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:UpdateLogDelivery",
)
"""What Step Functions asks of the role to deliver logs; these actions know no resources. ``logs:PutResourcePolicy`` is not
among them, since the platform has the policy already (``VendedLogs``):
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html (2026-11)"""


def machine_statements(function_arn: str) -> list[Statement]:
    """Call one function, and have the logs delivered."""
    return [
        allow("CallTheSteps", ["lambda:InvokeFunction"], [function_arn]),
        allow("DeliverLogs", DELIVERY, ["*"]),
    ]


def schedule_statements(arns: Mapping[str, str], region: str) -> list[Statement]:
    """Start one state machine, and open the schedule's own settings: ``arns`` holds ``machine`` and ``key``.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html (2026-11)
    """
    through = {"StringEquals": {"kms:ViaService": f"scheduler.{region}.amazonaws.com"}}
    return [
        allow("StartRuns", ["states:StartExecution"], [arns["machine"]]),
        allow("OpenTheSchedule", ["kms:Decrypt"], [arns["key"]], through),
    ]
