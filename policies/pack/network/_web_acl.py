"""What a web ACL refuses by rate, and what it stands in front of."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mapping, mappings, number, text

ACL, ASSOCIATION = "aws:wafv2/webAcl:WebAcl", "aws:wafv2/webAclAssociation:WebAclAssociation"
RULE = "aws:wafv2/webAclRule:WebAclRule"


def limits_rate(resource: Resource, context: Context) -> bool:
    """A web ACL in front of the resource blocks whoever calls too often, without a condition that leaves somebody out."""
    return any(
        _blocks_by_rate(rule, context.needs["requests"])
        for association in pointing_at(context, resource, ASSOCIATION, "resourceArn")
        for acl in targets(association, "webAclArn", context)
        for rule in _rules(acl, context)
    )


def _rules(acl: Resource, context: Context) -> Iterator[Mapping[str, Any]]:
    if text(acl.inputs, "ruleJson") is not None:
        raise UnreadableError(f"the rules of {acl.name} stand in ruleJson; rules are expected")
    yield from mappings(acl.inputs, "rules")
    yield from (rule.inputs for rule in pointing_at(context, acl, RULE, "webAclArn"))


def _blocks_by_rate(rule: Mapping[str, Any], most: float) -> bool:
    rate = mapping(mapping(rule, "statement") or {}, "rateBasedStatement")
    action = mapping(rule, "action") or {}
    if rate is None or mapping(action, "block") is None:
        return False
    limit = number(rate, "limit")
    return limit is not None and 0 < limit <= most and mapping(rate, "scopeDownStatement") is None
