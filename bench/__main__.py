"""``python -m bench [name] [--quick]``: run benchmarks, print a table, write ``build/bench.json``.

Exit code: 0 when every correctness gate holds, 1 when one does not, 2 when a benchmark cannot be run. A goal that is
not reached is printed and fails nothing.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import (
    access_proof,
    checkov_on_pulumi,
    cold_start,
    fleet_preview,
    footprint_growth,
    gate_in_ci,
    one_team_change,
    policy_per_resource,
    policy_whole_stack,
    program_cost,
    recording_growth,
)
from bench.process import ROOT, BenchError
from bench.result import Result, Row, machine

BENCHMARKS: Mapping[str, Callable[..., Result]] = {
    program_cost.NAME: program_cost.program_cost,
    cold_start.NAME: cold_start.cold_start,
    access_proof.NAME: access_proof.access_proof,
    one_team_change.NAME: one_team_change.one_team_change,
    footprint_growth.NAME: footprint_growth.footprint_growth,
    recording_growth.NAME: recording_growth.recording_growth,
    fleet_preview.NAME: fleet_preview.fleet_preview,
    policy_per_resource.NAME: policy_per_resource.policy_per_resource,
    policy_whole_stack.NAME: policy_whole_stack.policy_whole_stack,
    checkov_on_pulumi.NAME: checkov_on_pulumi.checkov_on_pulumi,
    gate_in_ci.NAME: gate_in_ci.gate_in_ci,
}
OUT = ROOT / "build" / "bench.json"


def main(arguments: list[str]) -> int:
    """Run what ``arguments`` name, everything if they name nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios against peers, side by side.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"one of {', '.join(BENCHMARKS)}; all if left out")
    parser.add_argument("--quick", action="store_true", help="few rounds, small sizes: to see that it works")
    parser.add_argument("--out", type=Path, default=OUT, help="file for the figures; build/bench.json if left out")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}, expected one of {', '.join(BENCHMARKS)}")

    facts, started = machine(), time.monotonic()
    results = []
    with Console(stderr=True).status("starting") as status:

        def say(text: str) -> None:
            line = f"{time.monotonic() - started:4.0f} s  {text}"
            if status.console.is_terminal:
                status.update(line)
            else:  # a log has no status line
                status.console.print(line, highlight=False, markup=False)

        for name in chosen.names or BENCHMARKS:
            try:
                results.append(BENCHMARKS[name](quick=chosen.quick, say=say))
            except BenchError as error:
                sys.stderr.write(f"{name}: {error}\n")
                return 2
    seconds = round(time.monotonic() - started, 1)
    report = {
        "machine": facts,
        "quick": chosen.quick,
        "seconds": seconds,
        "benchmarks": {result.name: asdict(result) for result in results},
    }
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(results, f"Python {facts['python']}, {facts['cores']} cores, {seconds:.0f} s; figures in {_short(chosen.out)}")
    return 1 if any(result.broken for result in results) else 0


def show(results: list[Result], footer: str) -> None:
    """Print one table per benchmark, and what its gates found."""
    console = Console(width=None if sys.stdout.isatty() else 170)
    for result in results:
        table = Table(title=result.name, title_justify="left")
        table.add_column("what", overflow="fold")
        for heading in ("ours", "peer", "figure", "worst", "rounds", "goal"):
            table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("verdict", no_wrap=True)
        table.add_column("note", overflow="fold")
        for row in result.rows:
            table.add_row(*cells(row))
        console.print(table)
        for line in result.broken:
            console.print(f"gate: {line}", highlight=False, markup=False)
    console.print(footer, highlight=False, markup=False)


def cells(row: Row) -> list[str]:
    """A row as texts; what it does not have is a dash."""
    compared = row.compared
    return [
        row.what,
        f"{compared.ours:.2f} {row.unit}" if compared else "-",
        f"{compared.peer:.2f} {row.unit}" if compared else "-",
        f"{row.value:.3f}" if row.value is not None else "-",
        f"{compared.worst:.3f}" if compared else "-",
        str(compared.rounds) if compared else "-",
        f"{row.goal:g}" if row.goal is not None else "-",
        row.verdict,
        row.note,
    ]


def _short(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
