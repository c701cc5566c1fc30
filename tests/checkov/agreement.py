"""Verdicts of the projection beside checkov's own, as a committed summary: ``python -m tests.checkov.agreement`` writes it.

The variable ``LLMLZ_ORACLE`` names the folder with checkov's verdicts on its own examples.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML

from llmlz.checkov.process import Checkov, pinned
from llmlz.checkov.projection import project
from llmlz.checkov.scan import known, scan_plan
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema
from llmlz.rehearsal.terraform import Terraform
from tests.checkov import oracle
from tests.checkov.translate import Translator
from tests.rehearsal.refresh import full_schema

SUMMARY = Path(__file__).parents[2] / "llmlz" / "checkov" / "data" / "agreement.yaml"
DIFFERENCES = Path(__file__).parent / "data" / "oracle.yaml"
Kind = Literal["agree", "differ", "unknown"]


@dataclass(frozen=True, order=True)
class Outcome:
    """One case: a check that decided something about one resource of an example."""

    connected: bool
    """From an example of connected resources."""

    folder: str
    check: str
    address: str
    expected: str
    got: str

    @property
    def kind(self) -> Kind:
        """Unknown is neither: checkov cannot tell from a plan, and a scan says so."""
        if self.got == self.expected:
            return "agree"
        return "differ" if self.got in ("passed", "failed") else "unknown"

    @property
    def case(self) -> tuple[str, str, str]:
        """What a row of the committed list is found by."""
        return self.folder, self.check, self.address


def outcomes(
    where: Path, checkov: Checkov, schema: Schema, types: Callable[[Mapping[str, str]], None]
) -> Iterator[Outcome]:
    """Every decided case; ``types`` puts another table of tokens in place, which has all types of the provider."""
    lines = oracle.lines(where)
    translator = Translator(schema)
    for raw in (raw for line in lines for raw in line.resources):
        translator.token(raw["type"])
    types({**names.types(), **translator.tokens()})
    for line in lines:
        graph, urns = translator.graph(line)
        catalogue = known(sorted({check for check, _ in line.verdicts}), checkov)
        projected = project(graph, catalogue, schema)
        found = scan_plan(projected.plan, projected.urns, graph, catalogue, checkov=checkov, schema=schema)
        said = {(result.check, result.urn): result.verdict for result in found.results}
        for check, address, verdict in oracle.cases(line):
            got = said.get((check, urns[address]), "unknown")
            yield Outcome(line.connected, line.folder, check, address, verdict.lower(), got)


def differences() -> list[dict[str, str]]:
    """The committed list of cases that differ, and why."""
    rows: list[dict[str, str]] = YAML(typ="safe", pure=True).load(DIFFERENCES.read_text(encoding="utf-8"))
    return rows


def totals(found: Iterable[Outcome]) -> Counter[Kind]:
    """How many of each kind."""
    return Counter(outcome.kind for outcome in found)


def share(counts: Mapping[Kind, int]) -> float:
    """The share of decided cases that agree."""
    decided = counts.get("agree", 0) + counts.get("differ", 0)
    return counts.get("agree", 0) / decided if decided else 0.0


def summary(found: Sequence[Outcome]) -> dict[str, Any]:
    """Totals, and the counts of every check."""
    parts = {"single": [o for o in found if not o.connected], "connected": [o for o in found if o.connected]}
    checks: dict[str, dict[str, int]] = {}
    for outcome in found:
        checks.setdefault(outcome.check, {"agree": 0, "differ": 0, "unknown": 0})[outcome.kind] += 1
    return {
        "checkov": pinned(),
        "totals": {
            part: {kind: totals(some)[kind] for kind in ("agree", "differ", "unknown")} for part, some in parts.items()
        },
        "checks": {
            check: [counts["agree"], counts["differ"], counts["unknown"]] for check, counts in sorted(checks.items())
        },
    }


def text(found: Sequence[Outcome]) -> str:
    """The committed file."""
    made = summary(found)
    lines = [
        "# How often checkov says the same of one of its own AWS examples after its way through Pulumi's inputs and the",
        "# projection. Written by: LLMLZ_ORACLE=<folder> python -m tests.checkov.agreement. Single: one resource with literal",
        "# values. Connected: a folder of resources. Checks: cases that agree, that differ, and that a plan cannot decide.",
        f"checkov: {made['checkov']}",
        "totals:",
        *(
            f"  {part}: {{{', '.join(f'{k}: {v}' for k, v in counts.items())}}}"
            for part, counts in made["totals"].items()
        ),
        "checks:",
        *(f"  {check}: {counts}" for check, counts in made["checks"].items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the summary."""
    where = oracle.folder()
    if where is None:
        sys.stderr.write(f"{oracle.VARIABLE} is not set: name the folder with {oracle.FILE}\n")
        return 2

    def replace_types(table: Mapping[str, str]) -> None:
        names.types = lambda: table

    with Checkov() as checkov:
        found = list(outcomes(where, checkov, full_schema(Terraform.find()), replace_types))
    SUMMARY.write_text(text(found), encoding="utf-8")
    for outcome in sorted(found):
        if outcome.kind == "differ":
            sys.stdout.write(f"{outcome}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
