"""One report from the results of all readers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain

from llmlz.access.grid import grid
from llmlz.access.matrix import Row
from llmlz.checks.evaluate import Evaluation
from llmlz.cost.fixed import Cost
from llmlz.evidence.collect import evidence
from llmlz.graph.model import Graph
from llmlz.local.calls import Call
from llmlz.local.deploy import Deployment
from llmlz.rehearsal.rehearse import Rehearsal
from llmlz.report import build, judged, proof, verdict
from llmlz.report.model import Report
from llmlz.report.sketch import sketch


def report_of(
    *,
    title: str,
    created: str,
    graphs: Mapping[str, Graph],
    level: int,
    steps: Iterable[build.Ended] = (),
    access: Sequence[Row] = (),
    unguarded: Collection[str] = (),
    costs: Mapping[str, Cost] | None = None,
    ceilings: Mapping[str, Decimal] | None = None,
    evaluations: Mapping[str, Evaluation] | None = None,
    rehearsals: Mapping[str, Rehearsal] | None = None,
    deployment: Deployment | None = None,
    calls: Sequence[Call] = (),
) -> Report:
    """The report; every mapping is by stack name, ``ceilings`` are USD a month, ``level`` is that of the controls, and
    ``unguarded`` are ids of models that no guardrail can look at.

    What is left out is reported as not proved, for every stack of ``graphs`` that has no result.
    """
    costs, evaluations, rehearsals = costs or {}, evaluations or {}, rehearsals or {}
    deployed = deployment.stacks if deployment else {}
    results = {"controls": evaluations, "cost": costs, "rehearsal": rehearsals, "local cloud": deployed}
    absent = {area: [name for name in graphs if name not in found] for area, found in results.items()}
    absent |= {
        "access": [] if access else ["who may call what"],
        "calls": [] if calls else ["the first calls as a team"],
    }

    ended = build.from_steps(steps)
    rows = judged.from_access(access, graphs)
    priced = judged.from_costs(costs, ceilings or {})
    controls = judged.from_checks(evaluations)
    rehearsed = build.from_rehearsals(rehearsals)
    local = build.from_deployment(deployment)
    called = build.from_calls(calls)
    checks = verdict.checks(
        steps=ended,
        controls=controls,
        access=rows,
        costs=priced,
        rehearsals=rehearsed,
        local=local,
        calls=called,
        absent=absent,
    )
    not_proved = chain(
        proof.of_steps(ended),
        proof.of_absence(absent),
        proof.of_access(rows),
        proof.of_controls(controls),
        proof.of_costs(priced),
        proof.of_rehearsals(rehearsals),
        proof.of_deployment(deployment),
        proof.of_calls(called),
        proof.limits(),
    )
    return Report(
        title=title,
        created=created,
        steps=ended,
        stacks=build.from_graphs(graphs),
        sketch=sketch(graphs),
        access=rows,
        grid=grid(access, list(graphs.values()), unguarded),
        costs=priced,
        total=judged.usd(sum((cost.total for cost in costs.values()), Decimal(0))),
        level=level,
        controls=controls,
        evidence=evidence(evaluations),
        rehearsals=rehearsed,
        local=local,
        calls=called,
        not_proved=tuple(dict.fromkeys(not_proved)),
        checks=checks,
        verdict=verdict.overall(checks),
    )
