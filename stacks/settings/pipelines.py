"""Settings of the pipelines by which teams deploy from repositories of their own."""

from typing import Annotated

from pydantic import Field, StringConstraints

from stacks.settings.base import ENVIRONMENT, REF, REPOSITORY, WORKFLOW, Settings

Repository = Annotated[str, StringConstraints(pattern=REPOSITORY)]
WorkflowFile = Annotated[str, StringConstraints(pattern=WORKFLOW)]
Ref = Annotated[str, StringConstraints(pattern=REF)]


class Pipeline(Settings):
    """The repository that a team deploys its own project from."""

    repository: Repository
    """On GitHub, as ``owner/name``; as ``owner@1/name@2`` where GitHub puts immutable ids into the subject of tokens."""
    environment: Annotated[str, Field(max_length=255), StringConstraints(pattern=ENVIRONMENT)]
    """Environment of that repository, on GitHub; only its jobs deploy."""


class Pipelines(Settings):
    """The one workflow through which pipelines of teams deploy."""

    workflow: WorkflowFile
    """The platform's reusable workflow, as ``owner/repo/.github/workflows/team.yml``."""
    ref: Ref
    """The ref at which teams call it, such as ``refs/tags/v0.1.0``; from assurance level 3 on a tag."""

    @property
    def workflow_ref(self) -> str:
        """Both together, as tokens name the workflow that a job runs in."""
        return f"{self.workflow}@{self.ref}"
