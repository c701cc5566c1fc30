"""The state machine as a document: plan, then every batch, then the end; pure functions of the function's ARN."""

from __future__ import annotations

from typing import Any

RETRIES: list[dict[str, Any]] = [
    {
        # What passes by itself; an error of the program or of a document's bytes would only come again.
        "ErrorEquals": [
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.SdkClientException",
            "Lambda.ServiceException",
            "Lambda.TooManyRequestsException",
            "ClientError",
        ],
        "IntervalSeconds": 5,
        "MaxAttempts": 3,
        "BackoffRate": 2,
        "JitterStrategy": "FULL",
    }
]
"""https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html (2026-11)"""


def definition(function_arn: str, partition: str, concurrency: int, *, masked: bool) -> dict[str, Any]:
    """No document passes through the state machine, only numbers of batches and counts."""
    batch = {"run.$": "$.run", "batch.$": "$.batch"}
    # After a null ResultPath the output is the input again, so that the next step knows its batch.
    after = {"ResultPath": None, "Next": "Mask"} if masked else {"OutputPath": "$.Payload", "End": True}
    states = {"Take": _call(function_arn, partition, "take", batch) | after}
    if masked:
        states["Mask"] = _call(function_arn, partition, "mask", batch) | {"OutputPath": "$.Payload", "End": True}
    run = {"run.$": "$.run"}
    return {
        "Comment": "Documents of one team become chunks with provenance.",
        "StartAt": "Plan",
        "TimeoutSeconds": 6 * 3600,
        "States": {
            "Plan": {
                **_call(function_arn, partition, "plan", {"run.$": "$$.Execution.Name"}),
                "OutputPath": "$.Payload",
                "Next": "Batches",
            },
            "Batches": {
                "Type": "Map",
                "ItemsPath": "$.batches",
                "ItemSelector": {"run.$": "$.run", "batch.$": "$$.Map.Item.Value"},
                "MaxConcurrency": concurrency,
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Take", "States": states},
                "ResultPath": None,
                "Next": "Finish",
            },
            "Finish": {**_call(function_arn, partition, "finish", run), "OutputPath": "$.Payload", "End": True},
        },
    }


def _call(function_arn: str, partition: str, step: str, given: dict[str, str]) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": f"arn:{partition}:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, "Payload": {"step": step, **given}},
        "Retry": RETRIES,
    }
