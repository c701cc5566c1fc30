"""Whoever reads the log of model calls does not learn whom they are about, unless that is the role's purpose.

Data is masked as events arrive, so the policy has to be there with the log group; what was logged before stays readable:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html (2026-11). Nothing is masked in a
bucket. Prompts that are too large for a log event go to one by themselves, which its key keeps readers from.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._attachments import refuse
from policies.pack._grants import INLINE, PERMISSION_SET_POLICY, POLICY, ROLE, groups, is_boundary, statements
from policies.pack._places import in_account, region_of
from policies.pack._relations import sources, targets
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import from_json, mapping, mappings, text, texts
from policies.pack.logging._destinations import CONFIGURATION

OF_A_GROUP = "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy"
OF_THE_ACCOUNT = "aws:cloudwatch/logAccountPolicy:LogAccountPolicy"
GROUP_NAME = "loggingConfig.cloudwatchConfig.logGroupName"
UNMASK = "logs:Unmask"


def decide(resource: Resource, context: Context) -> Result:
    """Prompts go to a log group where ``needs.identifiers`` are masked; only roles in ``needs.may_unmask`` see more."""
    if resource.type == CONFIGURATION:
        return _masked(resource, context)
    if _principal(resource, context) in context.needs["may_unmask"]:
        return HOLDS
    if resource.type in (POLICY, PERMISSION_SET_POLICY, *INLINE):
        return _hides(resource, context)
    managed = refuse(resource, context.needs["unmasking_policies"])
    return together([managed, _hides(resource, context)]) if resource.type == ROLE else managed


def _masked(configuration: Resource, context: Context) -> Result:
    config = mapping(configuration.inputs, "loggingConfig") or {}
    if mapping(config, "s3Config"):
        return violated("prompts are delivered to a bucket, where nothing can be masked")
    name = text(mapping(config, "cloudwatchConfig") or {}, "logGroupName")
    if name is None:
        return HOLDS
    audited: set[str] = set()
    masked: set[str] = set()
    for policy in _policies(configuration, name, context):
        for statement in _statements(policy):
            operation = mapping(statement, "Operation") or {}
            named = {identifier.rpartition("/")[2] for identifier in texts(statement, "DataIdentifier")}
            audited |= named if mapping(operation, "Audit") is not None else set()
            masked |= named if mapping(operation, "Deidentify") is not None else set()
    wanted = set(context.needs["identifiers"])
    return together(
        require(wanted <= found, f"in {name}, {', '.join(sorted(wanted - found))} are not {what}")
        for what, found in (("masked", masked), ("looked for", audited))
    )


def _policies(configuration: Resource, name: str, context: Context) -> Iterator[Resource]:
    """What protects the log group: policies of its own, and those of the account, which add up."""
    made = set(sources(configuration, GROUP_NAME))
    for policy, there in in_account(context, OF_A_GROUP, OF_THE_ACCOUNT):
        if policy.type == OF_A_GROUP:
            reaches = made & set(sources(policy, "logGroupName")) or policy.inputs.get("logGroupName") == name
        else:
            reaches = text(policy.inputs, "policyType") == "DATA_PROTECTION_POLICY"
        if reaches and region_of(policy, there) == region_of(configuration, context):
            yield policy


def _statements(policy: Resource) -> tuple[Mapping[str, Any], ...]:
    document = from_json(policy.inputs.get("policyDocument"), f"policyDocument of {policy.name}")
    return mappings(mapping({"policyDocument": document}, "policyDocument") or {}, "Statement")


def _hides(resource: Resource, context: Context) -> Result:
    if is_boundary(resource, context) or not any(s.allows and s.covers(UNMASK) for s in statements(resource)):
        return HOLDS
    refused = all(
        any(not s.allows and s.covers(UNMASK) and "*" in s.resources and not s.conditions for s in group)
        for group in groups(resource, context)
    )
    return require(refused, f"{UNMASK} is allowed, which shows what is masked")


def _principal(resource: Resource, context: Context) -> str | None:
    """Name of the one role that the resource belongs to."""
    if resource.type == ROLE:
        return text(resource.inputs, "name")
    made = targets(resource, "role", context, ROLE)
    name = made[0].inputs.get("name") if made else resource.inputs.get("role")
    return name if isinstance(name, str) else None
