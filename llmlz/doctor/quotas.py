"""Whether the account has room for what a graph adds to it."""

from collections.abc import Iterator
from typing import Any

import jmespath  # type: ignore[import-untyped]  # comes with boto3 and has no types
from botocore.exceptions import ClientError

from llmlz.doctor.finding import ApiError, Finding, code, ok, problem, refused, undecided
from llmlz.doctor.quota_table import Call, Quota, need, quotas
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
        needed = need(quota, graph)
        if needed == 0:
            continue
        name, where = f"quota:{quota.id}", f"{graph.account} {graph.region}"
        try:
            limit, used = _limit_and_used(clients, quota, graph.region)
        except ApiError as error:
            yield refused(name, error, where, f"servicequotas:GetServiceQuota{_question(quota.used)}")
            continue
        except _OddAnswerError as error:
            yield undecided(name, str(error), where, f"compare it by hand: {quota.source}")
            continue
        yield _judged(name, where, quota, needed=needed, limit=limit, used=used, held=_held(quota, deployed))


class _OddAnswerError(Exception):
    """AWS answered something else than was asked for."""


def _judged(
    name: str, where: str, quota: Quota, *, needed: int, limit: float, used: int | None, held: int | None
) -> Finding:
    """``used`` is ``None`` where nobody counts, ``held`` where no state was given."""
    if used is None:
        told = f"{quota.what}: {needed} needed of {limit:g}; what is there already is not counted by one call"
        short = needed - limit
    else:
        new = needed if held is None else max(needed - held, 0)
        told = f"{quota.what}: {used} there and {new} to come, of {limit:g}"
        short = used + new - limit
    if short <= 0:
        return ok(name, told, where)
    ask = (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} --quota-code {quota.code}"
        f" --desired-value {limit + short:g}"
    )
    if used is not None and held is None:
        ask += "; if this stack is deployed already, name its state with --state: its own are counted twice without"
    return problem(name, told, where, ask)


def _held(quota: Quota, deployed: Graph | None) -> int | None:
    return None if deployed is None else need(quota, deployed)


def _limit_and_used(clients: Clients, quota: Quota, region: str) -> tuple[float, int | None]:
    used = None
    if quota.used:
        answers = list(_answers(clients(quota.used.service, region), quota.used))
        used = _count(quota.used.field, answers)
        if quota.limit:
            limit = jmespath.search(quota.limit, answers[0])
            if limit is None:
                raise _OddAnswerError(f"{quota.used.operation} says no {quota.limit}")
            return float(limit), used
    return _asked(clients("service-quotas", region), quota), used


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
        yield getattr(client, call.operation)(**call.arguments)


def _count(field: str, answers: list[dict[str, Any]]) -> int:
    total = 0
    for answer in answers:
        found = jmespath.search(field, answer)
        if not isinstance(found, int | list):
            raise _OddAnswerError(f"the answer has no {field}")
        total += len(found) if isinstance(found, list) else found
    return total


def _question(call: Call | None) -> str:
    words = call.operation.split("_") if call else []
    return f" and {call.service}:{''.join(word.title() for word in words)}" if call else ""
