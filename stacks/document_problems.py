"""What the ingestion of a team's documents must agree on with its platform, and with the names of others."""

from collections.abc import Iterator

from stacks.kinds import PlatformStack, TeamStack
from stacks.problems import Problem
from stacks.stack_file import AT

STARTS = ("ingest-", "ingestion-")
"""How names of roles and functions of pipelines go on after the prefix; no name of a team begins like that."""


def quality_problems(stack: PlatformStack) -> Iterator[Problem]:
    """A platform that asks for alarms about documents and has nobody to call."""
    if stack.settings.document_quality is not None and stack.settings.alarms is None:
        yield Problem(
            file=stack.file,
            path=f"{AT}.document_quality",
            value="",
            expected="alarms whose readers hear of documents as well; this platform has none",
            fix="remove document_quality, or set alarms at a tier that has them",
        )


def document_problems(stack: TeamStack) -> Iterator[Problem]:
    """A team's pipeline: a name that no pipeline has, and chunks that come to an end."""
    team, wish = stack.team, stack.team.documents
    if team.team.startswith(STARTS):
        yield Problem(
            file=stack.team_file,
            path="team",
            value=team.team,
            expected="another name: it starts like the names of pipelines that take documents in",
            fix="choose another name",
        )
    if wish is None:
        return
    if wish.chunk_overlap > wish.chunk_size // 2:
        yield Problem(
            file=stack.team_file,
            path="documents.chunk_overlap",
            value=str(wish.chunk_overlap),
            expected=f"at most {wish.chunk_size // 2}, half of chunk_size: more repeats every text twice and more",
            fix="lower it, or raise documents.chunk_size",
        )
