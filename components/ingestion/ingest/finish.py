"""The end of a run: results of documents that are gone go too, and the counts become a report and metrics."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from .masked import summed
from .steps import OWN, Job, counted, documents, identity

NAMESPACE = "LLMLZ/Ingestion"
RESULTS = ("chunks/", "held/", "index/", "masked/")
COUNTS = "masked/.count.json"


def finish(run: str, job: Job, metrics: Any) -> dict[str, int]:
    """Remove what no document stands behind any more, write the report of the run, and count it in CloudWatch.

    The work lists, which name documents, go last: until then the step can be repeated.
    """
    store = job.store
    outcomes = [o for key, _ in store.keys(f"runs/{run}/results/") for o in store.json(key)]
    masked = [store.json(key) for key, _ in store.keys(f"runs/{run}/masked/")]
    removed = prune(job)
    totals = {**counted(outcomes), "duplicates": duplicates(outcomes), "removed": removed}
    report: dict[str, Any] = {
        "run": run,
        "totals": totals,
        "languages": dict(sorted(Counter(o["language"] for o in outcomes if "language" in o).items())),
        "reasons": dict(sorted(Counter(o["reason"] for o in outcomes if "reason" in o).items())),
    }
    if masked:
        report["masked"] = summed(masked)
        store.write_json(COUNTS, {"run": run, **report["masked"]}, OWN)
    store.write_json(f"runs/{run}/report.json", report, OWN)
    values: dict[str, float] = {"Runs": 1, **{name.capitalize(): value for name, value in totals.items()}}
    if (age := newest_age_hours(outcomes, datetime.now(UTC))) is not None:
        values["NewestAgeHours"] = age
    metrics.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[
            {"MetricName": name, "Dimensions": [{"Name": "Team", "Value": store.team}], "Value": value}
            for name, value in values.items()
        ],
    )
    store.delete([key for key, _ in store.keys(f"runs/{run}/") if not key.endswith("/report.json")])
    return totals


def prune(job: Job) -> int:
    """Remove the results of documents that are not there now, not only in the list of this run; how many objects."""
    there = {identity(item["key"]) for item in documents(job.store)}
    orphans = [
        key
        for folder in RESULTS
        for key, _ in job.store.keys(folder)
        if key != COUNTS and key.removeprefix(folder).partition("/")[0].partition(".")[0] not in there
    ]
    job.store.delete(orphans)
    return len(orphans)


def duplicates(outcomes: list[dict[str, Any]]) -> int:
    """Documents whose content another one has already."""
    seen = Counter(outcome["sha256"] for outcome in outcomes if "sha256" in outcome)
    return sum(count - 1 for count in seen.values())


def newest_age_hours(outcomes: list[dict[str, Any]], now: datetime) -> float | None:
    """Hours since a document was written last; ``None`` without documents."""
    times = [datetime.fromisoformat(outcome["modified"]) for outcome in outcomes if outcome["outcome"] != "gone"]
    return round((now - max(times)).total_seconds() / 3600, 2) if times else None
