"""All teams of an estate in one program and one stack: how a program grows when nobody divides it.

The documented first shape of a project (https://www.pulumi.com/docs/iac/guides/basics/organizing-projects-stacks/,
2026-11: "monolithic"). It registers what the team stacks register, by their own code; but one program has one provider
and one reference to the platform, so these two are made once. The platform stays a stack of its own, which is kind to
this side: moving it in would only add to every run.
"""

from collections.abc import Mapping
from functools import cache
from unittest.mock import patch

import stacks.team
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks.estate import Estate
from stacks.kinds import PROJECT, TeamStack
from stacks.outputs import PlatformReference
from stacks.program import program
from stacks.providers import aws_provider

NAME = "monolith"


def monolith(estate: Estate) -> None:
    """Register every team of the estate, which has one platform."""
    teams = [stack for stack in estate.stacks.values() if isinstance(stack, TeamStack)]
    provider = aws_provider(teams[0])
    with (
        patch.object(stacks.team, "aws_provider", lambda _: provider),
        patch.object(stacks.team, "PlatformReference", cache(PlatformReference)),
    ):
        for stack in teams:
            program(stack)()


def record_monolith(estate: Estate, others: Mapping[str, Graph]) -> Graph:
    """Its graph; ``others`` holds the platform's."""
    (platform,) = estate.platforms()
    return record(
        lambda: monolith(estate),
        project=PROJECT,
        stack_name=NAME,
        account=platform.account,
        region=platform.region,
        partition=platform.partition,
        others=others,
    )
