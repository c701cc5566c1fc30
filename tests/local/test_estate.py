"""The whole example estate on the local cloud, with nothing left out: the rows are what fails, and nothing else does."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from llmlz.graph.model import Graph
from llmlz.local.callers import callers, foreign_profile
from llmlz.local.calls import Judgement, first_calls
from llmlz.local.deploy import LEAST_COVERAGE, Deployment, deploy
from llmlz.local.emulator import Emulator
from llmlz.local.excluded import made_by_aws, rows
from llmlz.rehearsal.terraform import Terraform

pytestmark = pytest.mark.ring(5)
CLOUDFORMATION = "AWS::"
ELSEWHERE = {"aws:lambda/invocation:Invocation"}
"""Tokens of rows that the example estate has nothing of; ``test_deploy`` tries them."""


@pytest.fixture(scope="module")
def running(installed: None, platform_graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator of the estate's account and region."""
    folder: Path = tmp_path_factory.mktemp("estate-cloud")
    with Emulator(folder, account=platform_graph.account, region=platform_graph.region) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def deployment(
    graphs: Mapping[str, Graph], running: Emulator, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """Every stack, with no row applied."""
    return deploy(list(graphs.values()), running, terraform, tmp_path_factory.mktemp("estate"), print, left_out=())


def test_the_rows_are_exactly_what_fails(deployment: Deployment, graphs: Mapping[str, Graph]) -> None:
    """A failure without a row is an error of ours; a row whose resource works is stale, and goes."""
    everything = [resource for graph in graphs.values() for resource in made_by_aws(graph)]
    by_row = {r.urn: row for row in rows() for r in everything if row.fits(r)}
    assert {urn: reason for urn, reason in deployment.unexpected.items() if urn not in by_row} == {}
    stale = {row for urn, row in by_row.items() if urn not in deployment.unexpected}
    unused = {row.token for row in rows() if row not in by_row.values() and not row.token.startswith(CLOUDFORMATION)}
    assert (stale, unused) == (set(), ELSEWHERE)


def test_most_of_the_estate_exists(deployment: Deployment) -> None:
    """The share is of everything that a cloud would make, before anything is left out."""
    assert deployment.coverage >= LEAST_COVERAGE


def test_the_first_calls_of_every_team(
    deployment: Deployment, graphs: Mapping[str, Graph], platform_graph: Graph, running: Emulator
) -> None:
    """Each team is answered through its own profile, and the guardrail acts; refusals are proved elsewhere."""
    called = callers(deployment, running)
    refused = Judgement(outcome="denied", decided="the identity layer")
    assert set(called) == {graph.stack for graph in graphs.values()} - {platform_graph.stack} != set()
    for team, caller in called.items():
        assert caller.version == deployment.stacks[team].outputs["guardrail_version"]
        calls = first_calls(caller, graphs[team], foreign_profile(team, graphs), lambda graph, arn: refused)
        assert [call.got for call in calls] == ["answered", "blocked", "masked", "refused"], calls


def test_another_teams_profile_is_asked_for_as_recorded(graphs: Mapping[str, Graph]) -> None:
    """The evaluator reads recorded policies, so the profile it is asked about has its recorded ARN."""
    found = foreign_profile("team-claims-sandbox", graphs)
    assert found in {standin.value for standin in graphs["team-search-sandbox"].standins.values()}
    alone = {"team-claims-sandbox": graphs["team-claims-sandbox"]}
    assert foreign_profile("team-claims-sandbox", alone).endswith(":application-inference-profile/of-another-team")
