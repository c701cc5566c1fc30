"""Kinds of bad input about pipelines of teams."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stacks.bad_input import CLAIMS, PLATFORM, Change, copy, setting
from tests.stacks.bad_names import team

PIPELINE = {"repository": "example/claims", "environment": "live"}
PIPELINES = {"workflow": "example/landing-zone/.github/workflows/team.yml", "ref": "refs/tags/v0.1.0"}
STACK = "Pulumi.team-claims-sandbox.yaml"


def both(*more: Change, file: str = CLAIMS, **wishes: Any) -> Change:
    """A platform with a workflow, a team with a pipeline and other wishes, and ``more`` before them."""

    def change(folder: Path) -> None:
        for one in (*more, setting(PLATFORM, pipelines=PIPELINES), setting(file, pipeline=PIPELINE, **wishes)):
            one(folder)

    return change


def _beside(folder: Path) -> None:
    """A second team whose name starts with that of the first."""
    copy(CLAIMS, "teams/claims-eu.yaml", team="claims-eu")(folder)
    copy(STACK, "Pulumi.team-claims-eu-sandbox.yaml", team="claims-eu")(folder)


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "a pipeline without a workflow to come through": (
        setting(CLAIMS, pipeline=PIPELINE),
        CLAIMS,
        "pipeline",
        "example/claims",
        "nothing: platform-sandbox names no workflow through which teams deploy",
    ),
    "a repository without an owner": (
        setting(CLAIMS, pipeline={**PIPELINE, "repository": "claims"}),
        CLAIMS,
        "pipeline.repository",
        '"claims"',
        "a repository on GitHub such as example/claims",
    ),
    "a pattern over repositories": (
        setting(CLAIMS, pipeline={**PIPELINE, "repository": "example/*"}),
        CLAIMS,
        "pipeline.repository",
        '"example/*"',
        "a repository on GitHub",
    ),
    "any environment": (
        setting(CLAIMS, pipeline={**PIPELINE, "environment": "*"}),
        CLAIMS,
        "pipeline.environment",
        '"*"',
        "letters, digits and . _ -",
    ),
    "a pipeline without an environment": (
        setting(CLAIMS, pipeline={"repository": "example/claims"}),
        CLAIMS,
        "pipeline.environment",
        "",
        "it is required",
    ),
    "a workflow that is no file": (
        setting(PLATFORM, pipelines={**PIPELINES, "workflow": "example/landing-zone"}),
        PLATFORM,
        "llmlz:settings.pipelines.workflow",
        '"example/landing-zone"',
        "a workflow file such as",
    ),
    "a short ref": (
        setting(PLATFORM, pipelines={**PIPELINES, "ref": "v0.1.0"}),
        PLATFORM,
        "llmlz:settings.pipelines.ref",
        '"v0.1.0"',
        "a whole ref such as refs/tags/v0.1.0",
    ),
    "a pipeline of a team that runs no functions": (
        both(runs_on=["ecs-tasks"]),
        CLAIMS,
        "runs_on",
        "ecs-tasks",
        "lambda among them",
    ),
    "a pipeline that could change functions of another team": (
        both(_beside),
        CLAIMS,
        "pipeline",
        "claims",
        "team claims-eu on platform-sandbox has functions that start with it",
    ),
    "a pipeline that could change a function of the platform": (
        both(team("vectors"), file="teams/vectors.yaml"),
        "teams/vectors.yaml",
        "pipeline",
        "vectors",
        "the platform's function vectors-data-plane starts with it",
    ),
}
