"""What ``llmlz doctor`` asks of an account and of a state, for a stack of an estate."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from llmlz.cli.recording import record_with_platform
from llmlz.cli.singletons import known_singletons
from llmlz.doctor.account import examine_credentials, examine_region
from llmlz.doctor.agreements import ApprovedModel, accept_agreements, examine_agreements
from llmlz.doctor.backend import StackKeys, engine_url, open_store
from llmlz.doctor.drift import examine_drift
from llmlz.doctor.finding import Finding, undecided
from llmlz.doctor.health import Health, examine_state, examine_store
from llmlz.doctor.host import Host
from llmlz.doctor.locks import Judge
from llmlz.doctor.quotas import examine_quotas
from llmlz.doctor.singletons import examine_singletons
from llmlz.doctor.tools import examine_tools
from llmlz.engine.find import find_engine
from llmlz.errors import BadInputError, ToolMissingError
from llmlz.graph.export import load_export
from llmlz.graph.model import Graph
from llmlz.organization.deployed import Clients
from stacks.estate import Estate
from stacks.kinds import PROJECT, OrganizationStack, RuntimeStack, Stack, TeamStack

ANSWERS = Config(connect_timeout=10, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"})
"""An account that does not answer is told within a minute."""

ASKED_OF_THE_REGION = "quotas, agreements of models, singletons"
ASKED_OF_THE_ACCOUNT = f"region, {ASKED_OF_THE_REGION}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the command was told."""

    accept_agreements: bool = False
    drift: bool = False
    endpoint: str | None = None
    """URL of an emulator; the real cloud if left out."""

    offline: bool = False
    release_lock: bool = False
    stale_after_hours: float | None = None
    """Age of a lock of another machine; never old enough if left out."""

    state: str | None = None
    """Backend or file; no state is looked at if left out."""


def examine(estate: Estate, name: str, asked: Asked) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Every finding, and what was left out with the reason; raises ``BadInputError`` for a state that is none."""
    stack = estate.stack(name)
    left_out: list[str] = []
    clients = partial(_client, asked.endpoint)
    health = _health(stack, asked, clients)
    findings = [*examine_tools()]
    if asked.offline:
        left_out.append(f"account, {ASKED_OF_THE_ACCOUNT}: --offline")
    else:
        findings += _account(estate, stack, asked, clients, deployed=_deployed(stack, health), left_out=left_out)
    findings += health.findings if health else ()
    if asked.drift:
        backend = None if asked.state is None else engine_url(asked.state)
        findings.append(examine_drift(_engine(), Path.cwd(), name, estate=estate.folder, backend=backend))
    return tuple(findings), tuple(left_out)


def _account(
    estate: Estate, stack: Stack, asked: Asked, clients: Clients, *, deployed: Graph | None, left_out: list[str]
) -> Iterator[Finding]:
    """Whose account it is, and only if it is the right one the rest."""
    credentials = examine_credentials(clients("sts", stack.region), stack.account)
    yield credentials
    if credentials.outcome != "ok":
        left_out.append(f"{ASKED_OF_THE_ACCOUNT}: credentials of {stack.account} were not confirmed")
        return
    region = examine_region(clients("ec2", stack.region), stack.region)
    yield region
    if region.outcome == "problem":
        left_out.append(f"{ASKED_OF_THE_REGION}: {stack.region} is not enabled")
        return
    graph = record_with_platform(estate, stack.name)[-1]
    yield from examine_quotas(clients, graph, deployed)
    agreements = accept_agreements if asked.accept_agreements else examine_agreements
    yield from agreements(clients("bedrock", stack.region), _models(stack), stack.region)
    yield from examine_singletons(clients, known_singletons(), graph, deployed)


def _models(stack: Stack) -> tuple[ApprovedModel, ...]:
    """The models of the stack: those that the platform approves, or those of them that the team wants."""
    if isinstance(stack, OrganizationStack | RuntimeStack):
        return ()
    if isinstance(stack, TeamStack):
        wanted, known = stack.team.models, stack.platform.catalogue.models
    else:
        wanted, known = stack.settings.models, stack.catalogue.models
    return tuple(
        ApprovedModel(
            alias=alias,
            model_id=known[alias].model_id,
            vendor=known[alias].vendor,
            agreement=known[alias].agreement,
        )
        for alias in wanted
    )


def _health(stack: Stack, asked: Asked, clients: Clients) -> Health | None:
    if asked.state is None:
        return None
    keys = StackKeys(PROJECT, stack.name)
    file = Path(asked.state)
    if file.is_file():
        if asked.drift:
            raise BadInputError(f"--drift: {file} is a file with a state, which no preview reads; name the backend")
        if asked.release_lock:
            raise BadInputError(f"--release-lock: {file} is a file with a state and holds no locks; name the backend")
        return examine_state(file.read_bytes(), str(file), keys)
    try:
        store = open_store(asked.state, partial(_s3_client, asked.endpoint))
    except BotoCoreError as error:
        fix = "check the profile and the region in the address"
        return Health(findings=(undecided("state", str(error), asked.state, fix),), deployment=None)
    hours = asked.stale_after_hours
    judge = Judge(
        host=Host(),
        now=lambda: datetime.now(UTC),
        stale_after=None if hours is None else timedelta(hours=hours),
    )
    return examine_store(store, keys, judge, release=asked.release_lock)


def _deployed(stack: Stack, health: Health | None) -> Graph | None:
    """The graph of the state; ``None`` without one that is this stack's, holds together and records anything."""
    if health is None or health.deployment is None:
        return None
    if any(one.id == "state" and one.outcome != "ok" for one in health.findings):
        return None
    exported = {"version": 3, "deployment": health.deployment}
    return load_export(exported, account=stack.account, region=stack.region, partition=stack.partition).graph


def _engine() -> Path | None:
    try:
        return find_engine()
    except ToolMissingError:
        return None


def _client(endpoint: str | None, service: str, region: str | None = None) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=endpoint, config=ANSWERS)


def _s3_client(endpoint: str | None, query: Mapping[str, str]) -> Any:
    """A client for what an ``s3://`` address says in its query, as the engine reads it.

    https://pkg.go.dev/gocloud.dev/aws#V2ConfigFromURLParams (2026-11)
    """
    session = boto3.Session(profile_name=query.get("profile"), region_name=query.get("region"))
    return session.client("s3", endpoint_url=query.get("endpoint") or endpoint, config=ANSWERS)
