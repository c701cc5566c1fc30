"""The report of ``llmlz try``: the results of its steps, as one page with the evidence beside it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from llmlz.cli.access_tables import unguarded
from llmlz.report.assemble import report_of
from llmlz.report.page import write

if TYPE_CHECKING:
    from llmlz.cli.trying import Trial


def write_report(trial: "Trial") -> Path:
    """Write ``report/index.html`` below the trial's folder, its evidence beside it; they are there whole, or not at all."""
    name = trial.platform.name
    report = report_of(
        title=f"{name} and its teams",
        created=datetime.now(UTC).isoformat(timespec="minutes"),
        graphs=trial.graphs,
        level=trial.platform.level,
        steps=trial.steps.ended,
        access=trial.access,
        unguarded=unguarded(trial.estate),
        costs=trial.costs,
        ceilings={name: Decimal(trial.platform.tier_data.fixed_cost_ceiling_usd)},
        evaluations=trial.evaluations,
        rehearsals=trial.rehearsals,
        deployment=trial.deployment,
        calls=trial.calls,
    )
    return write(report, trial.folder / "report")
