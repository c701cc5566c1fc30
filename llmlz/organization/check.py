"""Look at the guardrails that a Bedrock policy names, before the policy is attached.

Owns: one message per mistake. A wrong identifier makes every model call of the target fail:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_best_practices.html (2026-11).
Does not own: attaching, and whether the guardrail is a good one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llmlz.organization.deployed import Clients

IDENTIFIER = re.compile(
    r"(?P<arn>arn:[\w-]+:bedrock:(?P<region>[\w-]+):(?P<account>\d{12}):guardrail/[a-z0-9-]+):(?P<version>[^:]+)"
)
VERSION = re.compile(r"[1-9]\d{0,7}")
"""Both: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_bedrock_syntax.html (2026-11)"""

INHERITED = "@@operators_allowed_for_child_policies"


def check_bedrock(
    document: str | Mapping[str, Any], *, management_account: str, client_factory: Clients
) -> tuple[str, ...]:
    """Every mistake in a Bedrock policy, each in one line; empty when it may be attached.

    ``client_factory`` makes clients with credentials of the management account. What cannot be asked is a mistake too.
    """
    try:
        value = json.loads(document) if isinstance(document, str) else document
        regions = value["bedrock"]["guardrail_inference"]
        found = [
            (f"{region}.{name}", region, config["identifier"]["@@assign"])
            for region, configs in regions.items()
            if region != INHERITED
            for name, config in configs.items()
            if name != INHERITED
        ]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        return (
            f"the policy cannot be read: {error!r}; expected bedrock, guardrail_inference, region, name, identifier",
        )
    if not found:
        return ("the policy names no guardrail",)
    return tuple(
        f"{at}: {mistake}"
        for at, region, identifier in found
        for mistake in _mistakes(str(identifier), region, management_account, client_factory)
    )


def _mistakes(identifier: str, region: str, management_account: str, client_factory: Clients) -> Iterator[str]:
    parts = IDENTIFIER.fullmatch(identifier)
    if parts is None:
        yield f"{identifier!r} is not <ARN of a guardrail>:<version>"
        return
    wrong = []
    if parts["region"] != region:
        wrong.append(f"{identifier} is in region {parts['region']}, where calls in {region} cannot use it")
    if parts["account"] != management_account:
        wrong.append(
            f"{identifier} belongs to account {parts['account']}, not to management account {management_account}"
        )
    if not VERSION.fullmatch(parts["version"]):
        wrong.append(f"{identifier} has version {parts['version']}, expected the number of a published version")
    yield from wrong or _asked(client_factory("bedrock", region), parts["arn"], parts["version"])


def _asked(client: Any, arn: str, version: str) -> Iterator[str]:
    """What AWS says about a guardrail whose identifier is well formed."""
    try:
        found = client.get_guardrail(guardrailIdentifier=arn, guardrailVersion=version)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            yield f"{arn} does not exist, or has no version {version}"
        else:
            yield f"{arn} could not be looked at: {error}"
        return
    except BotoCoreError as error:
        yield f"{arn} could not be looked at: {error}"
        return
    if (found["guardrailArn"], found["version"]) != (arn, version):
        yield f"{arn} version {version} was asked for, and {found['guardrailArn']} version {found['version']} was found"
    if found["status"] != "READY":
        yield f"{arn} version {version} is {found['status']}, expected READY"
    if found.get("automatedReasoningPolicy"):
        yield f"{arn} version {version} has an automated reasoning policy, which an organization cannot enforce"
    yield from _opened(client, arn)


def _opened(client: Any, arn: str) -> Iterator[str]:
    """A member may apply the guardrail only if its own policy says so.

    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-resource-based-policies.html (2026-11)
    """
    try:
        client.get_resource_policy(resourceArn=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            yield f"{arn} has no resource policy, and without one no member may apply it"
        else:
            yield f"the resource policy of {arn} could not be looked at: {error}"
    except BotoCoreError as error:
        yield f"the resource policy of {arn} could not be looked at: {error}"
