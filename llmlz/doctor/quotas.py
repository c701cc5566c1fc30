"""Whether the account has room for what a graph adds to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import jmespath  # type: ignore[import-untyped]  # comes with boto3 and has no types
from botocore.exceptions import ClientError

from llmlz.doctor.finding import ApiError, Finding, code, ok, permission, problem, refused, undecided
from llmlz.doctor.quota_measures import UnknownNeedError
from llmlz.doctor.quota_table import Call, Quota, everywhere, need, quotas
from llmlz.graph.model import Graph
from llmlz.organization.deployed import Clients

ABSENT = "NoSuchResourceException"
"""Service Quotas has no value of the account's own, or does not know the code; the default is asked for then.

https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html (2026-11)
"""


def examine_quotas(clients: Clients, graph: Graph, deployed: Graph | None) -> tuple[Finding, ...]:
    """A finding for each quota that the graph needs any of.

    ``deployed`` is the graph of the stack's own state, whose resources are among those that AWS counts; without it the
    stack counts as new.
    """
    return tuple(_findings(clients, graph, deployed))


def _findings(clients: Clients, graph: Graph, deployed: Graph | None) -> Iterator[Finding]:
    for quota in quotas():
        name, where = f"quota:{quota.id}", f"{graph.account} {graph.region}"
        try:
            needed = need(quota, graph)
            held = 0 if deployed is None else need(quota, deployed)
        except UnknownNeedError as error:
            yield undecided(name, f"{quota.what}: {error}", where, f"compare it by hand: {quota.source}")
            continue
        if needed == 0:
            continue
        try:
            limit, used = _limit_and_used(clients, quota, graph.region)
        except ApiError as error:
            yield refused(
                name,
                error,
                where,
                f"servicequotas:GetServiceQuota and {_permissions(quota)}",
            )
            continue
        except _OddAnswerError as error:
            yield undecided(name, str(error), where, f"compare it by hand: {quota.source}")
            continue
        judge = _apart if quota.apart else _bounded if quota.loose else _judged
        yield judge(name, where, quota, limit, _Count(needed, used, held, deployed))


def _permissions(quota: Quota) -> str:
    calls = [call for call in (quota.used, quota.limit_from) if call is not None]
    return " and ".join(permission(call.service, call.operation) for call in calls)


class _OddAnswerError(Exception):
    """AWS answered something else than was asked for."""


@dataclass(frozen=True, slots=True)
class _Count:
    """How many a graph needs, how many there are and its state has, and the stack's own graph if its state was given."""

    needed: int
    used: int
    held: int
    deployed: Graph | None


def _judged(name: str, where: str, quota: Quota, limit: float, count: _Count) -> Finding:
    """For a call that counts what the quota counts."""
    new = max(count.needed - count.held, 0)
    told = f"{quota.what}: {count.used} there and {new} to come, of {limit:g}"
    short = count.used + new - limit
    if short <= 0:
        return ok(name, told, where)
    return problem(name, told, where, f"{_more(quota, limit + short)}{_own(count)}")


def _bounded(name: str, where: str, quota: Quota, limit: float, count: _Count) -> Finding:
    """For a call that counts more: all that it counts, but the stack's own, may be in the part with the greatest need.

    What a deployment takes away goes last, so that the greater of need and possession counts.
    """
    if count.needed > limit:
        told = f"{quota.what}: {count.needed} needed, of {limit:g}"
        return problem(name, told, where, _more(quota, count.needed))
    own = 0 if count.deployed is None else everywhere(quota, count.deployed)
    others = max(count.used - own, 0)
    told = (
        f"{quota.what}: {count.needed} needed of {limit:g}, and at most {others} of others, counted in the whole region"
    )
    most = others + max(count.needed, count.held)
    if most <= limit:
        return ok(name, told, where)
    fix = f"count by hand those that the quota counts ({quota.source}); if there is no room, {_more(quota, most)}"
    return undecided(name, told, where, fix if quota.measure else f"{fix}{_own(count)}")


def _apart(name: str, where: str, quota: Quota, limit: float, count: _Count) -> Finding:
    """For a call that says who else there is, and not how much they take."""
    told = f"{quota.what}: {count.needed} needed of {limit:g}"
    if count.needed > limit:
        return problem(name, told, where, f"raise it, and know what it costs: {quota.source}")
    own = 0 if count.deployed is None else len(count.deployed.of_type(quota.type))
    if count.needed <= count.held or count.used <= own:
        return ok(name, f"{told}, and nobody else has any or nothing is to come", where)
    others = f"{count.used - own} others share it, and no call says how much they take"
    return undecided(name, f"{told}, {others}", where, f"look at their use in CloudWatch: {quota.source}")


def _more(quota: Quota, wanted: float) -> str:
    return (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} --quota-code {quota.code}"
        f" --desired-value {wanted:g}"
    )


def _own(count: _Count) -> str:
    if count.deployed is not None:
        return ""
    return "; if this stack is deployed already, name its state with --state: its own are counted twice without"


def _limit_and_used(clients: Clients, quota: Quota, region: str) -> tuple[float, int]:
    answers = list(_answers(clients(quota.used.service, region), quota.used))
    used = _count(quota.used.field, answers)
    if quota.limit_from is not None:
        (answer,) = _answers(clients(quota.limit_from.service, region), quota.limit_from)
        return _count(quota.limit_from.field, [answer]), used
    if quota.limit is None:
        return _asked(clients("service-quotas", region), quota), used
    limit = jmespath.search(quota.limit, answers[0])
    if limit is None:
        raise _OddAnswerError(f"{quota.used.operation} says no {quota.limit}")
    return float(limit), used


def _asked(client: Any, quota: Quota) -> float:
    asked = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    try:
        found = client.get_service_quota(**asked)["Quota"]
    except ClientError as error:
        if code(error) != ABSENT:
            raise
        found = client.get_aws_default_service_quota(**asked)["Quota"]
    name = str(found.get("QuotaName", ""))
    if not all(word in name.lower() for word in quota.words):
        raise _OddAnswerError(
            f"{quota.service} {quota.code} is the quota {name!r}, expected one about {', '.join(quota.words)}"
        )
    return float(found["Value"])


def _answers(client: Any, call: Call) -> Iterator[dict[str, Any]]:
    if client.can_paginate(call.operation):
        yield from client.get_paginator(call.operation).paginate(**call.arguments)
    else:
        answer = getattr(client, call.operation)(**call.arguments)
        if answer.get("nextToken"):
            raise _OddAnswerError(f"{call.operation} answers in parts, so that not all are counted")
        yield answer


def _count(field: str, answers: list[dict[str, Any]]) -> int:
    total = 0
    for answer in answers:
        found = jmespath.search(field, answer)
        if not isinstance(found, int | list):
            raise _OddAnswerError(f"the answer has no {field}")
        total += sum(map(_worth, found)) if isinstance(found, list) else found
    return total


def _worth(one: Any) -> int:
    """One, or the product of numbers: cores, and threads of each."""
    if not isinstance(one, list):
        return 1
    if not all(isinstance(number, int) for number in one):
        raise _OddAnswerError(f"the answer has {one}, expected numbers")
    return prod(one)
