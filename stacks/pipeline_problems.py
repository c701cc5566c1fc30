"""What pipelines of teams must agree on with their platforms, and with the names of others."""

from collections.abc import Iterator

from stacks.kinds import PlatformStack, TeamStack
from stacks.problems import Problem
from stacks.stack_file import AT

FIXED_FROM = 3
"""Assurance level from which the workflow is called at a tag. A branch moves, and whoever may push to it could change
what is checked before a deployment."""

DEPLOYED_AS = "lambda"
"""What a team's own project is made of, and who runs it."""

FUNCTIONS = ("ingestion-<team>", "vectors-data-plane")
"""Ends of the names of functions that a platform has of its own."""


def workflow_problems(stack: PlatformStack) -> Iterator[Problem]:
    """A platform that trusts whatever stands on a branch, at a level where that is not enough."""
    wish = stack.settings.pipelines
    if wish and stack.level >= FIXED_FROM and not wish.ref.startswith("refs/tags/"):
        yield Problem(
            file=stack.file,
            path=f"{AT}.pipelines.ref",
            value=wish.ref,
            expected=f"a tag, such as refs/tags/v0.1.0, from assurance level {FIXED_FROM} on: a branch moves,"
            " and with it what is checked before a deployment",
            fix="tag the repository of the workflow, and write the tag",
        )


def pipeline_problems(stack: TeamStack) -> Iterator[Problem]:
    """A team's pipeline against its platform: a workflow to come through, something to deploy, a name of its own."""
    wish, team = stack.team.pipeline, stack.team.team
    if wish is None:
        return
    if stack.platform.settings.pipelines is None:
        yield Problem(
            file=stack.team_file,
            path="pipeline",
            value=wish.repository,
            expected=f"nothing: {stack.platform.name} names no workflow through which teams deploy",
            fix=f"remove it, or set pipelines in {stack.platform.file}",
        )
    if DEPLOYED_AS not in stack.team.runs_on:
        yield Problem(
            file=stack.team_file,
            path="runs_on",
            value=", ".join(stack.team.runs_on),
            expected=f"{DEPLOYED_AS} among them: a pipeline deploys functions, and they run as the team's role",
            fix=f"add {DEPLOYED_AS}, or remove pipeline",
        )
    taken = [name for name in FUNCTIONS if name.startswith(f"{team}-")]
    if taken:
        yield _name(stack, f"the platform's function {taken[0]} starts with it")


def neighbour_problems(one: TeamStack, other: TeamStack) -> Iterator[Problem]:
    """Two teams on one platform of which one may deploy functions that are named like those of the other."""
    for mine, theirs in ((one, other), (other, one)):
        same = mine.platform.name == theirs.platform.name
        if mine.team.pipeline and same and theirs.team.team.startswith(f"{mine.team.team}-"):
            yield _name(mine, f"team {theirs.team.team} on {theirs.platform.name} has functions that start with it")


def _name(stack: TeamStack, why: str) -> Problem:
    return Problem(
        file=stack.team_file,
        path="pipeline",
        value=stack.team.team,
        expected=f"a name that no other begins with: {why}, and the pipeline could change them",
        fix="remove pipeline, or choose another name for one of the two",
    )
