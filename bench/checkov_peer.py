"""checkov's own command, as people run it over a plan, and which checks both sides are asked for.

Owns: the command, its answer as plain values, and the sets of checks.
Does not own: our way to the same verdicts (``llmlz.checkov``), and rounds and goals.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.process import BenchError, Run, run
from bench.starts import CHECKOV_BIN
from llmlz.checkov.answers import Catalogue
from llmlz.checks.compiled import records
from llmlz.graph.model import Graph
from llmlz.rehearsal import names

QUIETLY = ("--quiet", "--compact")
"""Failures only, and without the lines of the file: what a pipeline asks for."""

HOMES = frozenset({"python", "graph"})
"""Kinds of checks that judge a resource of a plan."""

OURS_ASKS_LESS: Mapping[str, str] = {
    "CKV2_AWS_57": "wants a rotation of every secret; our control wants that no value passes through a program",
}
"""Checks that are named beside a rule of ours which lets pass what they refuse: they would make a clean stack red."""

Verdict = tuple[str, str, str]
"""Check, address, passed or failed."""


def command(plan: Path, checks: Sequence[str], *options: str) -> list[str]:
    """The command over a plan document."""
    what = ["--framework", "terraform_plan", "-f", str(plan), "--check", ",".join(checks), "-o", "json"]
    return [str(CHECKOV_BIN), *what, *options]


def scanned(plan: Path, checks: Sequence[str], *options: str) -> Run:
    """The command, run, and no network asked; it ends with 1 where it finds something."""
    quiet = {"BC_SKIP_MAPPING": "TRUE", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "TRUE", "HOME": str(plan.parent)}
    return run(command(plan, checks, *options), more=quiet, allowed=(0, 1))


def verdicts(said: str) -> set[Verdict]:
    """What the command found, from its answer without ``QUIETLY``; it does not print what it does not know."""
    try:
        report = json.loads(said)
        results = {} if report.get("resource_count") == 0 else report["results"]  # a shorter answer over nothing
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BenchError(f"checkov printed {said[:200]!r}, expected its results as JSON") from None
    return {
        (record["check_id"], record["resource_address"], record["check_result"]["result"].lower())
        for part in ("passed_checks", "failed_checks")
        for record in results.get(part, ())
    }


def of_aws(catalogue: Catalogue, graph: Graph) -> list[str]:
    """All AWS checks that judge a type of the graph."""
    types = {names.terraform_type(resource.type) for resource in graph.custom()} - {None}
    return sorted(
        check.id
        for check in catalogue.checks.values()
        if check.id.startswith(("CKV_AWS_", "CKV2_AWS_"))
        and check.homes & HOMES
        and any(check.judges(type_) for type_ in types if type_)
    )


def of_records(catalogue: Catalogue) -> list[str]:
    """The checks over resources that our controls name."""
    named = {check for record in records() for check in record.checkov}
    return sorted(id_ for id_ in named if id_ in catalogue.checks and catalogue.checks[id_].homes & HOMES)
