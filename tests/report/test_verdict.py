"""What holds, what does not, and what nobody knows: nothing fails open."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from llmlz.access.matrix import Row
from llmlz.checks.evaluate import Coverage, Evaluation
from llmlz.cost.fixed import Unpriced, fixed_cost
from llmlz.cost.prices import load
from llmlz.rehearsal.rehearse import Finding, Rehearsal
from llmlz.rehearsal.render import Rendered
from llmlz.rehearsal.unverified import Row as Gap
from llmlz.report.assemble import report_of
from llmlz.report.model import Report
from tests import estates
from tests.report import samples

KEY = samples.resource("keys-data", "aws:kms/key:Key")
GRAPH = samples.graph(KEY)


def rehearsal(*findings: Finding, gaps: tuple[Gap, ...] = ()) -> Rehearsal:
    """A rehearsal of the small graph."""
    rendered = Rendered(document={}, files={}, addresses={}, standins={}, unverified=gaps)
    return Rehearsal(findings, gaps, rendered, None, None)


def row(**changed: Any) -> Row:
    """A call that is allowed with a guardrail."""
    given: dict[str, Any] = {
        "stack": "dev", "role": "claims-role", "team": "claims", "target": "claims-nova", "direct": False,
        "region": "eu-central-1", "action": "bedrock:InvokeModel", "guardrail": "arn:x:guardrail/g:1",
        "outcome": "allowed", "statement": "CallOwnProfiles", "source": None, "reason": "allowed",
    }  # fmt: skip
    return Row(**(given | changed))


def complete(**changed: Any) -> Report:
    """A report in which everything was run and holds, with changes."""
    looked = Coverage(control="KEY-01", looked_at=(KEY.urn,))
    cost = fixed_cost(GRAPH, load())
    given: dict[str, Any] = {
        "title": "t",
        "created": samples.CREATED,
        "graphs": {"dev": GRAPH},
        "level": 1,
        "steps": [SimpleNamespace(name="record", outcome="done", seconds=1.26, said="1 stack")],
        "access": [row()],
        "costs": {"dev": cost},
        "ceilings": {"dev": Decimal(1)},
        "evaluations": {"dev": Evaluation(findings=(), coverage=(looked,))},
        "rehearsals": {"dev": rehearsal()},
        "deployment": samples.deployment(GRAPH, missing={}, unexpected={}),
        "calls": [samples.call()],
    }
    return report_of(**(given | changed))


def test_all_that_was_run_holds() -> None:
    """The only way to ``holds``: results of every reader for every stack, and none that objects."""
    report = complete()
    assert report.verdict == "holds"
    assert {check.outcome for check in report.checks} == {"holds"}
    assert report.steps[0].seconds == 1.3
    assert {row.area for row in report.not_proved} == {"AWS", "access", "cost"}


@pytest.mark.parametrize(
    ("changed", "area", "verdict"),
    [
        ({"steps": [SimpleNamespace(name="record", outcome="failed", seconds=0.0, said="no")]}, "step record", "fails"),
        ({"evaluations": {"dev": Evaluation(findings=(samples.finding(KEY),), coverage=())}}, "controls", "fails"),
        (
            {
                "evaluations": {
                    "dev": Evaluation(findings=(samples.finding(KEY, verdict="indeterminate"),), coverage=())
                }
            },
            "controls",
            "undecided",
        ),
        ({"access": [row(outcome="indeterminate", reason="no text")]}, "access", "undecided"),
        ({"ceilings": {"dev": Decimal("0.99")}}, "cost", "fails"),
        ({"rehearsals": {"dev": rehearsal(Finding("plan", None, None, "no", "at all"))}}, "rehearsal", "fails"),
        (
            {"deployment": samples.deployment(GRAPH, missing={KEY.urn: "died"}, unexpected={KEY.urn: "died"})},
            "local cloud",
            "fails",
        ),
        ({"calls": [samples.call(got="blocked")]}, "calls", "fails"),
        ({"calls": [samples.call(got="not tried")]}, "calls", "fails"),
    ],
)
def test_one_objection_is_enough(changed: dict[str, Any], area: str, verdict: str) -> None:
    """Each reader can stop the page from saying that it holds."""
    report = complete(**changed)
    assert report.verdict == verdict
    assert [check.area for check in report.checks if check.outcome == verdict] == [area]


@pytest.mark.parametrize(
    ("left_out", "area"),
    [
        ({"access": []}, "access"),
        ({"calls": []}, "calls"),
        ({"costs": {}}, "cost"),
        ({"deployment": None}, "local cloud"),
        ({"evaluations": {}}, "controls"),
        ({"rehearsals": {}}, "rehearsal"),
    ],
)
def test_what_was_not_run_never_counts_as_holding(left_out: dict[str, Any], area: str) -> None:
    """A missing part is named, in the verdict and among what is not proved."""
    report = complete(**left_out)
    assert report.verdict == "not run"
    assert [check.area for check in report.checks if check.outcome == "not run"] == [area]
    assert [r.area for r in report.not_proved if r.why.startswith("there is no result")] == [area]


def test_a_stack_without_a_result_is_named() -> None:
    """Results of one stack say nothing about another."""
    other = replace(GRAPH, stack="other")
    report = complete(graphs={"dev": GRAPH, "other": other})
    (check,) = [check for check in report.checks if check.area == "rehearsal"]
    assert (check.outcome, check.said.rpartition("; ")[2]) == ("not run", "no result for other")


def test_a_resource_without_a_price_leaves_the_cost_undecided() -> None:
    """The sum is then a lower bound, and the page says so."""
    cost = fixed_cost(GRAPH, load())
    missing = replace(cost, unpriced=(Unpriced(urn=KEY.urn, token=KEY.type, why="no row for this type"),))
    report = complete(costs={"dev": missing})
    assert report.verdict == "undecided"
    assert "keys-data (aws:kms/key:Key): no row for this type" in [row.why for row in report.not_proved]


def test_what_the_provider_did_not_see_has_the_committed_reason() -> None:
    """The list of the rehearsal explains its gaps; one that it does not explain says so."""
    gaps = (Gap("refused", "aws:s3/vectorsIndex:VectorsIndex", ""), Gap("dropped", "aws:kms/key:Key", "newest"))
    rows = {row.what: row.why for row in complete(rehearsals={"dev": rehearsal(gaps=gaps)}).not_proved}
    assert "S3 Vectors came to the provider after 5.100.0" in rows["aws:s3/vectorsIndex:VectorsIndex"]
    assert rows["aws:kms/key:Key newest"].endswith("no row gives a reason")


def test_steps_that_were_left_out_are_not_proved() -> None:
    """With the reason that the step gave."""
    left = SimpleNamespace(name="deploy", outcome="left out", seconds=0.0, said="no engine was found")
    found = [(row.what, row.why) for row in complete(steps=[left]).not_proved if row.area == "steps"]
    assert found == [("step deploy", "no engine was found")]


def test_cost_of_the_example_adds_up() -> None:
    """Lines of equal price are one line; the sum stays exact."""
    report = samples.example()
    platform = next(cost for cost in report.costs if cost.stack == "platform-sandbox")
    keys = next(line for line in platform.lines if line.what == "customer key")
    graph = estates.recorded()["platform-sandbox"]
    assert set(keys.resources) == {made.name for made in graph.of_type("aws:kms/key:Key")}
    assert Decimal(keys.month) == len(keys.resources) * Decimal("1.00")
    assert Decimal(platform.total) == sum(Decimal(line.month) for line in platform.lines)
    assert platform.ceiling == "150.00"


def test_access_names_model_geography_and_guardrail() -> None:
    """A row can be read without knowing stand-ins or ARNs."""
    rows = [r for r in samples.example().access if (r.role, r.target) == ("claims-role", "claims-nova-micro-eu")]
    assert {(r.model, r.geography) for r in rows} == {("amazon.nova-micro-v1:0", "eu")}
    assert {r.guardrail for r in rows} == {"", "models-guardrail-v1"}
    assert {r.outcome for r in rows} == {"denied", "indeterminate"}
    assert all(r.actions == ("InvokeModel", "InvokeModelWithResponseStream") for r in rows)
    assert sum(len(r.actions) for r in samples.example().access) == len(samples.access())
