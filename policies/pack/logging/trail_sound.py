"""The trail sees every region, proves that it was not edited, and can be searched."""

from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import flag, text

ON = ("isMultiRegionTrail", "enableLogFileValidation")
NOT_OFF = ("enableLogging", "includeGlobalServiceEvents")
SET = ("kmsKeyId", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn")


def decide(resource: Resource, context: Context) -> Result:
    """Multi-Region, validated, encrypted with a customer's key, and delivered to CloudWatch Logs."""
    inputs = resource.inputs
    return together(
        [
            *(require(flag(inputs, name) is True, f"{name} is not set") for name in ON),
            *(require(flag(inputs, name) is not False, f"{name} is off") for name in NOT_OFF),
            *(require(text(inputs, name) is not None, f"{name} is not set") for name in SET),
        ]
    )
