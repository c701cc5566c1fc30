"""What a runtime and its platform must agree on: ways to AWS for machines that have no way to the internet."""

from collections.abc import Collection, Iterator
from datetime import date

from stacks.kinds import NODE_SERVICES, PlatformStack, RuntimeStack, TeamStack
from stacks.pool_problems import pool_problems
from stacks.pool_setting import PoolSetting, pool_limits
from stacks.problems import Problem
from stacks.qdrant_problems import collection_problems, qdrant_problems
from stacks.reservation_problems import reservation_problems
from stacks.settings.network import SubnetKind
from stacks.stack_file import AT
from stacks.weights_problems import loader_problems

PLACES: tuple[SubnetKind, ...] = ("private", "model")
"""Kinds of subnet that nodes are started in."""


def runtime_problems(stack: RuntimeStack, teams: Collection[str], today: date) -> list[Problem]:
    """A runtime against its platform, the accelerators and the teams that there are."""
    pools, reservations, setting = stack.settings.pools, stack.settings.reservations, _pool_setting(stack, teams)
    return [
        *_no_way_out(stack),
        *_foreign_keys(stack),
        *loader_problems(stack),
        *qdrant_problems(stack),
        *pool_problems(pools, reservations, setting),
        *reservation_problems(pools, reservations, setting, today),
    ]


def _pool_setting(stack: RuntimeStack, teams: Collection[str]) -> PoolSetting:
    tier, network = stack.platform.tier_data, stack.platform.settings.network.existing
    zones = network.subnet_ids["model"] if network else stack.platform.catalogue.regions[stack.region].zones
    return PoolSetting(
        file=stack.file,
        accelerators=stack.accelerators,
        region=stack.region,
        zones=sorted(zones),
        teams=sorted(teams),
        limits=pool_limits(stack.level, tier.runtime.most_gpus, f"tier {stack.platform.tier}"),
    )


def _no_way_out(stack: RuntimeStack) -> Iterator[Problem]:
    """Nodes that would never join: they reach AWS neither through the internet nor through an endpoint."""
    closed = [kind for kind in PLACES if not _goes_out(stack.platform, kind)]
    there = stack.platform.endpoint_services
    missing = [service for service in NODE_SERVICES if service not in there]
    if closed and missing:
        at = "existing.endpoint_ids" if stack.platform.settings.network.existing else "new.interface_endpoints"
        yield Problem(
            file=stack.platform.file,
            path=f"{AT}.network.{at}",
            value=", ".join(there),
            expected=f"{', '.join(missing)} among them: nodes of {stack.name} stand in {' and '.join(closed)} subnets,"
            " from which no route leads to the internet, and would never join the cluster",
            fix=f"add them to network.{at}, or remove {stack.file}",
        )


def _foreign_keys(stack: RuntimeStack) -> Iterator[Problem]:
    """Keys that EKS or CloudWatch could not use: of another region, or another account."""
    new, existing = stack.settings.cluster.new, stack.settings.cluster.existing
    brought = {"existing.disk_key": existing.disk_key} if existing else {}
    if new and new.keys:
        brought = {"new.keys.cluster": new.keys.cluster, "new.keys.logs": new.keys.logs}
    for path, arn in brought.items():
        _, _, _, region, account, _ = arn.split(":")
        if (region, account) != (stack.region, stack.account):
            yield Problem(
                file=stack.file,
                path=f"{AT}.cluster.{path}",
                value=arn,
                expected=f"a key of {stack.region} and account {stack.account}, where the cluster is",
                fix="name a key, or a replica, of that region and account",
            )


def _goes_out(platform: PlatformStack, kind: SubnetKind) -> bool:
    """Whether a kind of subnet has a route to the internet; of an existing network nobody here knows, so it counts as none."""
    new = platform.settings.network.new
    return new is not None and kind in new.egress_kinds and bool(new.nat_zones or new.hub)


def space_problems(stack: TeamStack) -> Iterator[Problem]:
    """A team that wants a namespace, against the runtime of its platform."""
    yield from collection_problems(stack)
    if stack.team.cluster and stack.runtime is None:
        yield Problem(
            file=stack.team_file,
            path="cluster",
            value="",
            expected=f"nothing: {stack.platform.name} has no runtime, or its file has problems of its own",
            fix=f"remove it, or write a stack file of kind runtime with platform: {stack.platform.name}",
        )
    if stack.team.cluster and stack.runtime:
        most = max((stack.runtime.settings.pools[name].max_gpus for name in stack.runtime.pools_of(stack)), default=0)
        if stack.team.cluster.gpus > most:
            yield Problem(
                file=stack.team_file,
                path="cluster.gpus",
                value=str(stack.team.cluster.gpus),
                expected=f"at most {most}, the GPUs of the largest pool of {stack.runtime.name} that the team may use",
                fix=f"lower it, or raise max_gpus of a pool in {stack.runtime.file}",
            )
