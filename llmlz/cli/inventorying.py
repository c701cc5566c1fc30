"""What ``llmlz inventory`` asks of the accounts of an estate, and with which credentials."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from llmlz.cli.accelerator_prices import list_prices
from llmlz.errors import BadInputError
from llmlz.inventory.connection import ClusterError, Connection, Lists
from llmlz.inventory.eks_access import endpoint_of
from llmlz.inventory.gather import Place, take_stock
from llmlz.inventory.judge import Bounds
from llmlz.inventory.kubeconfig import read_kubeconfig
from llmlz.inventory.model import Inventory
from llmlz.inventory.read_clusters import EksCluster
from llmlz.organization.deployed import Clients
from stacks.estate import Estate

ANSWERS = Config(connect_timeout=10, read_timeout=30, retries={"max_attempts": 6, "mode": "standard"})
"""Throttled calls are repeated, later each time; an account that does not answer is told within some minutes."""

SESSION = "llmlz-inventory"
"""What the trail of an account says of whoever asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the command was told."""

    accounts: tuple[str, ...] = ()
    """All of the estate if left out."""

    endpoint: str | None = None
    """URL of an emulator; the real cloud if left out."""

    expiring_days: int = 14
    idle_minutes: int = 30
    kubeconfig: Path | None = None
    """One more cluster; none if left out."""

    offline: bool = False
    regions: tuple[str, ...] = ()
    """All of the estate if left out."""

    role: str | None = None
    """Name of a role to take; the credentials as they are if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """The inventory, when it was taken, and what it leaves out."""

    inventory: Inventory
    created: datetime
    left_out: tuple[str, ...]
    """Each with the reason."""


def take(estate: Estate, asked: Asked) -> Stock:
    """The inventory of an estate; raises ``BadInputError`` for accounts and regions that it has not, and odd files."""
    every = places(estate)
    chosen = () if asked.offline else _chosen(every, asked)
    if not chosen and asked.kubeconfig is None:
        raise BadInputError(f"--estate {estate.folder}: it has no platform, so there is no account to ask")
    brought = () if asked.kubeconfig is None else (_brought(asked.kubeconfig),)
    now = datetime.now(UTC)
    bounds = Bounds(
        now=now,
        idle=timedelta(minutes=asked.idle_minutes),
        expiring=timedelta(days=asked.expiring_days),
        accounts=accounts(estate),
        complete=len(chosen) == len(every),
    )
    found = take_stock(
        chosen,
        enter=lambda place: _enter(place, asked.role, asked.endpoint),
        reach=_reach,
        prices=list_prices(estate.folder),
        bounds=bounds,
        brought=brought,
    )
    left = [f"{one.account} {one.region}: {_reason(asked)}" for one in every if one not in chosen]
    return Stock(inventory=found, created=now, left_out=tuple(left))


def places(estate: Estate) -> tuple[Place, ...]:
    """Account and region of each platform, with the models that it approves and the cluster that it brought."""
    found: dict[tuple[str, str], Place] = {}
    for stack in estate.platforms():
        models = {stack.catalogue.models[alias].model_id for alias in stack.settings.models}
        before = found.get((stack.account, stack.region))
        runtime = estate.runtime_on(stack.name)
        existing = runtime.settings.cluster.existing if runtime else None
        clusters = {existing.name} if existing else set()
        found[stack.account, stack.region] = Place(
            account=stack.account,
            region=stack.region,
            partition=stack.partition,
            clusters=tuple(sorted(clusters.union(before.clusters if before else ()))),
            models=tuple(sorted(models.union(before.models if before else ()))),
        )
    return tuple(found[key] for key in sorted(found))


def accounts(estate: Estate) -> frozenset[str]:
    """Every account that any stack of the estate is in."""
    return frozenset(stack.account for stack in estate.stacks.values())


def _chosen(every: tuple[Place, ...], asked: Asked) -> tuple[Place, ...]:
    for option, wanted, there in (
        ("--account", asked.accounts, {one.account for one in every}),
        ("--region", asked.regions, {one.region for one in every}),
    ):
        if unknown := [one for one in wanted if one not in there]:
            expected = ", ".join(sorted(there)) or "no platform, so none"
            raise BadInputError(
                f"{option} {unknown[0]}: no platform of the estate is there; expected one of {expected}"
            )
    found = tuple(
        one
        for one in every
        if (not asked.accounts or one.account in asked.accounts) and (not asked.regions or one.region in asked.regions)
    )
    if not found and every:
        raise BadInputError("--account and --region: no platform of the estate is in both; leave one out")
    return found


def _reason(asked: Asked) -> str:
    return "--offline" if asked.offline else "--account and --region name others"


def _brought(file: Path) -> tuple[str, Lists]:
    name, endpoint = read_kubeconfig(file)
    try:
        return name, Connection(endpoint)
    except ClusterError as error:
        raise BadInputError(f"--kubeconfig {file}: {error}") from None


def _enter(place: Place, role: str | None, endpoint: str | None) -> Clients:
    """Clients for the account of a place: with the credentials as they are, or with the role in it.

    A session for each place, as sessions are not made for several threads:
    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html (2026-11)
    """
    session = boto3.Session()
    if role is not None:
        sts = session.client("sts", region_name=place.region, endpoint_url=endpoint, config=ANSWERS)
        if sts.get_caller_identity()["Account"] != place.account:
            arn = f"arn:{place.partition}:iam::{place.account}:role/{role}"
            taken = sts.assume_role(RoleArn=arn, RoleSessionName=SESSION)["Credentials"]
            session = boto3.Session(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])

    def client(service: str, region: str | None = None) -> Any:
        return session.client(service, region_name=region or place.region, endpoint_url=endpoint, config=ANSWERS)

    return client


def _reach(cluster: EksCluster, sts: Callable[[], Any]) -> Lists:
    return Connection(endpoint_of(cluster, sts))
