"""Pipelines of teams: what a setting makes, what is refused at which level, and which job is whose pipeline."""

from dataclasses import replace
from pathlib import Path

import pytest

from llmlz.cli.recording import record_estate
from stacks import pipeline_gate
from stacks.estate import Estate, load_estate
from stacks.kinds import TeamStack
from stacks.problems import SettingsError
from stacks.settings.pipelines import Pipeline
from tests import estates, generated

ORGANIZATION = estates.EXAMPLE.with_name("organization")
STACK = "team-claims-pilot"
WORKFLOW = "example/landing-zone/.github/workflows/team.yml@refs/tags/v0.1.0"
JOB = ("example/claims-assistant", "pilot", WORKFLOW)


@pytest.fixture(scope="module")
def estate() -> Estate:
    """The example with a pipeline."""
    return load_estate(ORGANIZATION)


def test_a_setting_makes_one_role_and_says_which(estate: Estate) -> None:
    """Below the team's stack, by the account that the platform has."""
    graph = record_estate(estate)[STACK]
    (component,) = [r for r in graph.resources if r.type == "llmlz:index:TeamPipeline"]
    assert {r.name for r in graph.custom() if r.parent == component.urn} == {
        "claims-pipeline-role",
        "claims-pipeline-role-policy",
    }
    role = graph.named("claims-pipeline-role").inputs
    assert role["name"] == "llmlz-pilot-claims-pipeline"
    assert role["permissionsBoundary"] == "arn:aws:iam::444455556666:policy/llmlz-platform-boundary"
    assert "pipeline_role_arn" in graph.outputs
    assert WORKFLOW in role["assumeRolePolicy"]


def test_without_the_setting_there_is_nothing_of_it() -> None:
    """Neither a role nor an output: who does not ask for one has the stack of before."""
    for name, graph in estates.recorded().items():
        assert not [r for r in graph.resources if "pipeline" in r.name.lower()], name
        assert "pipeline_role_arn" not in graph.outputs


@pytest.mark.parametrize(("tier", "refused"), [("repeatable", False), ("reliable", True), ("scaled", True)])
def test_a_branch_is_refused_from_level_3_on(tier: str, refused: bool, tmp_path: Path) -> None:
    """A branch moves; what a pilot may try, production may not."""
    generated.write_estate(tmp_path, 4, pipelines=True)
    file = tmp_path / f"Pulumi.{generated.platform_of(tier)}.yaml"
    file.write_text(file.read_text().replace("refs/tags/v0.1.0", "refs/heads/main"))
    if not refused:
        assert load_estate(tmp_path).stacks
        return
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("llmlz:settings.pipelines.ref", "refs/heads/main")
    assert problem.file.endswith(file.name)
    assert problem.expected.startswith("a tag, such as refs/tags/v0.1.0, from assurance level 3 on")
    assert problem.fix


def test_the_gate_says_which_role_a_job_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """Lines as GitHub reads them; the role is the one that the stack makes."""
    assert pipeline_gate.main([str(ORGANIZATION), STACK, *JOB]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "account=444455556666",
        "region=eu-central-1",
        "role=arn:aws:iam::444455556666:role/llmlz-pilot-claims-pipeline",
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((STACK, "example/fraud", *JOB[1:]), "pipeline.repository = example/fraud"),
        ((STACK, JOB[0], "live", JOB[2]), "pipeline.environment = live"),
        ((STACK, *JOB[:2], WORKFLOW.replace("tags/v0.1.0", "heads/main")), "llmlz:settings.pipelines ="),
        ((STACK, *JOB[:2], ""), "expected: example/landing-zone"),
        (("platform-pilot", *JOB), "a team: only teams have pipelines"),
        (("team-fraud-pilot", *JOB), "one of the stacks"),
        ((STACK,), "<workflow>"),
    ],
)
def test_the_gate_refuses_every_other_job(
    arguments: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository cannot be checked as the stack of somebody else; nothing is printed that a job could use."""
    assert pipeline_gate.main([str(ORGANIZATION), *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err


def test_the_gate_refuses_a_team_without_a_pipeline(capsys: pytest.CaptureFixture[str]) -> None:
    """Absence is off here too."""
    assert pipeline_gate.main([str(estates.EXAMPLE), "team-claims-sandbox", *JOB]) == 2
    assert "claims has no pipeline" in capsys.readouterr().err


def test_ids_in_a_repository_are_of_the_token_alone(estate: Estate) -> None:
    """GitHub writes them into the subject, and nowhere else."""
    stack = estate.stack(STACK)
    assert isinstance(stack, TeamStack)
    wish = Pipeline(repository="example@1/claims-assistant@2", environment=JOB[1])
    stack = replace(stack, team=stack.team.model_copy(update={"pipeline": wish}))
    job = pipeline_gate.Job(repository=JOB[0], environment=JOB[1], workflow=JOB[2])
    assert pipeline_gate.role_of(stack, job)["account"] == "444455556666"
