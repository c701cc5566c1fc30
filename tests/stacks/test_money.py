"""Monitoring and cost by tier, on recorded stacks of all four: what each tier adds, and what it does not let go of."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from llmlz.checks.evaluate import evaluate
from llmlz.checks.records import controls
from llmlz.cli.recording import record_stack
from llmlz.graph.model import Graph
from stacks.kinds import OrganizationStack, PlatformStack
from stacks.settings.platform import PgVector
from stacks.tier import TIERS, load_tier
from tests import generated, ladder
from tests.stacks.test_ingestion import with_documents

METRIC, COMPOSITE = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/compositeAlarm:CompositeAlarm"
ACTION, BUDGET = "aws:budgets/budgetAction:BudgetAction", "aws:budgets/budget:Budget"
MONITOR, SUBSCRIPTION = (
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    "aws:costexplorer/anomalySubscription:AnomalySubscription",
)
TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag"
RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
HIGHER, PRODUCTION = TIERS[1:], TIERS[2:]
GOV_04 = [control for control in controls() if control.id == "GOV-04"]
TEAMS = dict(zip(TIERS, ("t003", "t002", "t001", "t000"), strict=True))


def platform(tier: str) -> Graph:
    """The platform of a tier."""
    return generated.recorded(4)[generated.platform_of(tier)]


def team(tier: str) -> Graph:
    """The one team on it."""
    return generated.recorded(4)[f"team-{TEAMS[tier]}"]


def widgets(tier: str) -> list[str]:
    """Titles of the dashboard."""
    text = platform(tier).named("dashboard-dashboard").inputs["dashboardBody"]
    return [widget["properties"]["title"] for widget in json.loads(text)["widgets"]]


def with_database(tier: str) -> Graph:
    """The platform of a tier with the other vector store."""
    stack = generated.generated(4).stack(generated.platform_of(tier))
    assert isinstance(stack, PlatformStack)
    store = PgVector(engine="pgvector", min_acu=0, max_acu=2)
    return record_stack(replace(stack, settings=stack.settings.model_copy(update={"vector_store": store})), {})


def test_the_first_tier_has_mails_about_money_and_a_dashboard() -> None:
    """Nobody is on call for experiments, and nothing is stopped."""
    graph = platform("foundation")
    assert graph.of_type(METRIC, COMPOSITE, MONITOR, SUBSCRIPTION) == ()
    assert graph.outputs["spending_stop"] == {}
    assert team("foundation").of_type(ACTION) == ()
    assert not {"Alarms", "Tokens a minute, and the quota"} & set(widgets("foundation"))


@pytest.mark.parametrize("tier", HIGHER)
def test_from_the_second_tier_on_somebody_is_called(tier: str) -> None:
    """About models, quota, guardrail and evidence; the dashboard shows what rings."""
    names = {alarm.name.removeprefix("alarms-") for alarm in platform(tier).of_type(METRIC)}
    assert names >= {
        "api-calls-not-logged",
        "client-errors",
        "guardrail-intervenes",
        "model-calls-not-logged",
        "quota-nearly-used",
        "server-errors",
        "slow-answers",
        "throttled",
    }
    assert {"Alarms", "Tokens a minute, and the quota"} <= set(widgets(tier))


@pytest.mark.parametrize("tier", HIGHER)
def test_cloudwatch_may_use_the_key_of_its_topic(tier: str) -> None:
    """Or every alarm would be lost on its way, and only its history would say so."""
    graph = platform(tier)
    key = graph.named("keys-logs")
    assert key.urn in {r.to for r in graph.named("alarms-topic").references if r.at == "kmsMasterKeyId"}
    statements = {s["Sid"]: s for s in json.loads(key.inputs["policy"])["Statement"]}
    assert statements["AlarmsOfThisAccount"]["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statements["AlarmsOfThisAccount"]["Condition"]["StringEquals"] == {"aws:SourceAccount": graph.account}
    for at_first in json.loads(platform("foundation").named("keys-logs").inputs["policy"])["Statement"]:
        assert at_first["Sid"] != "AlarmsOfThisAccount"


@pytest.mark.parametrize("tier", TIERS)
def test_the_service_level_is_watched_in_production(tier: str) -> None:
    """From the third tier on, by one alarm that rings."""
    assert len(platform(tier).of_type(COMPOSITE)) == (tier in PRODUCTION)


@pytest.mark.parametrize("tier", TIERS)
def test_every_alarm_has_a_runbook(tier: str) -> None:
    """The link in its description leads to a page of this repository, under the address of the settings."""
    stack = generated.generated(4).stack(generated.platform_of(tier))
    assert isinstance(stack, PlatformStack)
    alarms = platform(tier).of_type(METRIC, COMPOSITE)
    assert bool(alarms) == (tier in HIGHER)
    for alarm in alarms:
        assert stack.settings.alarms is not None
        _, found, page = alarm.inputs["alarmDescription"].partition(f" Runbook: {stack.settings.alarms.runbooks}/")
        assert found, alarm.name
        assert (RUNBOOKS / page).is_file(), page


def test_every_runbook_belongs_to_an_alarm_and_says_the_same_four_things() -> None:
    """A page that nothing links to is read by nobody; the mail of a spent budget is no alarm."""
    linked = {
        a.inputs["alarmDescription"].rpartition("/")[2]
        for graph in (with_database("reliable"), with_documents("reliable")[ladder.TEAM])
        for a in graph.of_type(METRIC, COMPOSITE)
    }
    assert {page.name for page in RUNBOOKS.glob("*.md")} - linked == {"budget-stop.md"}
    for page in RUNBOOKS.glob("*.md"):
        headings = [line for line in page.read_text("utf-8").splitlines() if line.startswith("## ")]
        assert headings == ["## What it means", "## What to look at first", "## What to do", "## Who decides"], (
            page.name
        )


def test_a_database_is_watched_by_the_name_it_has() -> None:
    """The alarm's dimension is the identifier of the cluster that the stack makes."""
    graph = with_database("repeatable")
    (query,) = graph.named("alarms-database-busy").inputs["metricQueries"]
    (cluster,) = graph.of_type("aws:rds/cluster:Cluster")
    assert query["metric"]["dimensions"] == {"DBClusterIdentifier": cluster.inputs["clusterIdentifier"]}


@pytest.mark.parametrize("tier", HIGHER)
def test_a_team_that_has_spent_its_budget_is_stopped(tier: str) -> None:
    """Its own role gets the policy of the platform, by the role of the platform, without anybody's approval."""
    (action,) = team(tier).of_type(ACTION)
    (budget,) = team(tier).of_type(BUDGET)
    stop = platform(tier).outputs["spending_stop"]
    assert (action.inputs["approvalModel"], action.inputs["notificationType"]) == ("AUTOMATIC", "ACTUAL")
    assert action.inputs["actionThreshold"] == {"actionThresholdType": "PERCENTAGE", "actionThresholdValue": 100}
    assert {r.to for r in action.references if r.at == "budgetName"} == {budget.urn}
    roles = action.inputs["definition"]["iamActionDefinition"]["roles"]
    assert roles == [r.inputs["name"] for r in team(tier).of_type("aws:iam/role:Role")]
    assert set(stop) == {"policy_arn", "role_arn"}
    assert action.inputs["executionRoleArn"].split(":")[4] == stop["role_arn"].split(":")[4]


@pytest.mark.parametrize("tier", TIERS)
def test_unusual_spending_is_reported_in_production(tier: str) -> None:
    """From the third tier on."""
    assert len(platform(tier).of_type(MONITOR)) == len(platform(tier).of_type(SUBSCRIPTION)) == (tier in PRODUCTION)


@pytest.mark.parametrize("tier", TIERS)
def test_the_control_of_budgets_is_green(tier: str) -> None:
    """For platform and team, at the level of the tier, looked at together as an account is."""
    level = load_tier(tier).level
    for graph, other in ((platform(tier), team(tier)), (team(tier), platform(tier))):
        found = evaluate(graph, level, [other], GOV_04)
        assert [c.looked_at for c in found.coverage] != [()]
        assert found.findings == ()


@pytest.mark.parametrize(("tier", "level"), [("foundation", 3), ("foundation", 4)])
def test_the_control_sees_a_team_that_nothing_stops(tier: str, level: int) -> None:
    """A team of the first tier, held to a higher level."""
    (finding,) = evaluate(team(tier), level, [platform(tier)], GOV_04).findings
    assert (finding.verdict, "nothing stops the team" in finding.message) == ("violated", True)


def test_bills_are_split_by_the_tags_that_the_organization_names() -> None:
    """None at first, since AWS knows a tag only a day after its first use."""
    stack = generated.generated(4).stack(generated.ORGANIZATION)
    assert isinstance(stack, OrganizationStack)
    assert generated.recorded(4)[stack.name].of_type(TAG) == ()
    stack = replace(stack, settings=stack.settings.model_copy(update={"cost_tags": ["team", "cost-centre"]}))
    graph = record_stack(stack, generated.recorded(4))
    assert [tag.inputs["tagKey"] for tag in graph.of_type(TAG)] == ["cost-centre", "team"]
