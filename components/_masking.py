"""Masking of personal data in a log group: the policy document, as a pure function.

Data is found and masked as events arrive. What was logged before the policy was there stays readable, and so does what
goes elsewhere, such as prompts that are too large for a log event:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html (2026-11).
"""

from collections.abc import Sequence
from typing import Any


def masking_policy(partition: str, identifiers: Sequence[str]) -> dict[str, Any]:
    """Find these kinds of data, count the findings, and mask them for everyone without ``logs:Unmask``.

    Both statements must name the same identifiers. Findings are counted as a metric, and kept nowhere: a log of what was
    found, and where, would be one more place to protect.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch-logs-data-protection-policies.html (2026-11)
    """
    arns = [f"arn:{partition}:dataprotection::aws:data-identifier/{name}" for name in sorted(identifiers)]
    return {
        "Name": "mask-personal-data",
        "Description": "Masks personal data and credentials in model calls",
        "Version": "2021-06-01",
        "Statement": [
            {"Sid": "Find", "DataIdentifier": arns, "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"Sid": "Mask", "DataIdentifier": arns, "Operation": {"Deidentify": {"MaskConfig": {}}}},
        ],
    }
