"""Whether a job of CI is the pipeline of a team, as the estate says it; the platform's workflow asks this first.

``python -m stacks.pipeline_gate <estate> <stack> <repository> <environment> <workflow>`` prints what the job needs to take
its role, as lines for ``GITHUB_OUTPUT``. Exit code 2 where the estate says otherwise: a job cannot name the stack of
somebody else to be checked as that one. AWS asks for the same again when the role is taken.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.team_pipeline import pipeline_role
from stacks.estate import load_estate
from stacks.kinds import Stack, TeamStack
from stacks.problems import EXIT_CODE, Problem, SettingsError

IDS = re.compile(r"@[0-9]+")
"""What GitHub adds to names in the subject of tokens, and nowhere else."""

USAGE = "expected: <estate> <stack> <repository> <environment> <workflow>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What a job says of itself; each is a context of GitHub."""

    repository: str
    """``github.repository``."""

    environment: str
    """Environment that the job runs in."""

    workflow: str
    """``job.workflow_ref``: the reusable workflow and its ref."""


def role_of(stack: Stack, job: Job) -> dict[str, str]:
    """Account, region and role for the job; raises ``SettingsError`` where it is not the pipeline of this stack."""
    problems = list(_problems(stack, job))
    if problems or not isinstance(stack, TeamStack):
        raise SettingsError(problems)
    name = pipeline_role(stack.platform.name_prefix, stack.team.team)
    return {
        "account": stack.account,
        "region": stack.region,
        "role": f"arn:{stack.partition}:iam::{stack.account}:role/{name}",
    }


def _problems(stack: Stack, job: Job) -> Iterator[Problem]:
    if not isinstance(stack, TeamStack):
        yield Problem(
            file=stack.file,
            path="llmlz:kind",
            value=type(stack).__name__,
            expected="a team: only teams have pipelines of their own",
            fix="name the stack of the team",
        )
        return
    wish, through = stack.team.pipeline, stack.platform.settings.pipelines
    if wish is None or through is None:
        yield Problem(
            file=stack.team_file,
            path="pipeline",
            value="",
            expected=f"repository and environment: {stack.team.team} has no pipeline",
            fix=f"ask {stack.platform.settings.owner} for one",
        )
        return
    rows = (
        (stack.team_file, "pipeline.repository", job.repository, IDS.sub("", wish.repository)),
        (stack.team_file, "pipeline.environment", job.environment, wish.environment),
        (stack.platform.file, "llmlz:settings.pipelines", job.workflow, through.workflow_ref),
    )
    for file, path, found, written in rows:
        if found != written:
            yield Problem(
                file=file,
                path=path,
                value=found,
                expected=f"{written}: nobody else deploys as {stack.team.team}",
                fix="call it with the stack, the environment and the ref of this estate, or change the file",
            )


def main(arguments: Sequence[str]) -> int:
    """Print the lines, or say what is wrong."""
    if len(arguments) != len(USAGE.split()) - 1:
        sys.stderr.write(f"{USAGE}\n")
        return EXIT_CODE
    estate, stack, repository, environment, workflow = arguments
    try:
        job = Job(repository=repository, environment=environment, workflow=workflow)
        found = role_of(load_estate(Path(estate)).stack(stack), job)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_CODE
    sys.stdout.write("".join(f"{name}={value}\n" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
