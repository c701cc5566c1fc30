"""The gates and the arithmetic of ``gate-in-ci``."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import stacks.program
from bench import gate_in_ci
from bench.gate_in_ci import Scene, clean, gate, reasons, saved_gate, warm_gate
from bench.gate_rows import BOTH, OURS, PREVIEW, SCAN, cold_rows, saved_row, warm_rows
from bench.process import Run
from bench.programs.again import blocking, change
from bench.programs.gate import plant
from llmlz.cli.checking import evaluated
from llmlz.errors import ToolMissingError
from stacks.estate import load_estate
from stacks.team import team


def ran(code: int = 0, out: str = "", seconds: float = 1.0) -> Run:
    """A run that was not."""
    return Run(cpu=seconds, wall=2 * seconds, peak_mb=1, out=out, code=code)


RED = {OURS: ran(1, "KEY-01"), PREVIEW: ran(1, "KEY-01 planted"), SCAN: ran(1, "CKV_AWS_7")}


def test_a_violation_that_every_way_names_opens_the_gate() -> None:
    """Red, and for the right reason."""
    assert gate(RED) == []
    assert gate({OURS: RED[OURS]}) == []


@pytest.mark.parametrize("way", [OURS, PREVIEW, SCAN])
def test_a_violation_that_one_way_lets_pass_shuts_the_gate(way: str) -> None:
    """Green, broken, or red for something else."""
    assert gate({**RED, way: ran(0, RED[way].out)}) == [f"{way}: the planted violation ends with 0"]
    assert gate({**RED, way: ran(2, RED[way].out)}) == [f"{way}: the planted violation ends with 2"]
    assert gate({**RED, way: ran(1, "CKV_AWS_8 KEY-02")})[0].startswith(f"{way}: does not name ")


def test_a_clean_team_that_is_red_shuts_the_gate() -> None:
    """So does a preview that does not see that the team's file changed."""
    seen = ran(out=json.dumps({"same": 17, "update": 1}))
    assert clean({OURS: [ran()], PREVIEW: [seen, seen], SCAN: [ran()]}) == []
    assert clean({OURS: [ran(), ran(1)], PREVIEW: [seen]}) == [f"{OURS}: the clean team ends with 1"]
    assert clean({PREVIEW: [seen, ran(out='{"same": 18}')]}) == [f"{PREVIEW}: sees no change"]


def test_the_warm_verdict_is_held_to_both() -> None:
    """Clean in every round, red once there is a violation."""
    good: Mapping[str, list[str]] = {"blocking": []}
    assert warm_gate([good, good], {"blocking": ["KEY-01"]}) == []
    assert warm_gate([good, {"blocking": ["TAG-01"]}], {"blocking": ["KEY-01"]}) == ["warm: the clean team has TAG-01"]
    assert warm_gate([good], {"blocking": ["TAG-01"]}) == ["warm: the planted violation is not seen"]


def test_saved_graphs_are_all_decided_and_one_is_red() -> None:
    """None left out, none red that is clean, and the planted one found."""
    planted = {"planted.json": ["KEY-01"]}
    assert saved_gate({"graphs": 3, "red": planted}, 2) == []
    assert saved_gate({"graphs": 2, "red": planted}, 2) == ["saved graphs: 2 of 3 were decided"]
    assert saved_gate({"graphs": 3, "red": {}}, 2) == ["saved graphs: the planted violation is not seen"]
    assert saved_gate({"graphs": 3, "red": {"0001.json": ["TAG-01"], **planted}}, 2) == [
        "saved graphs: 0001.json has TAG-01"
    ]


def test_ours_is_held_against_both_steps() -> None:
    """The peer's steps run one after the other; against one alone there is no goal."""
    runs = {OURS: [ran(seconds=0.1)], PREVIEW: [ran(seconds=1.0)], SCAN: [ran(seconds=3.0)]}
    rows = {(row.what.rpartition(" / ")[2], row.unit): row for row in cold_rows(runs, {}, valid=True)}
    both, alone = rows[BOTH, "s wall"], rows[PREVIEW, "s CPU"]
    assert both.value == pytest.approx(0.1 / 4)
    assert alone.value == pytest.approx(0.1)
    assert (both.verdict, alone.verdict) == ("reached", "no goal")
    assert {row.verdict for row in cold_rows(runs, {}, valid=False)} == {"void"}


def test_a_step_that_is_missing_is_left_out_with_its_reason() -> None:
    """The other one is still compared."""
    rows = cold_rows({OURS: [ran()], SCAN: [ran()]}, {PREVIEW: "no pulumi here"}, valid=True)
    assert [(row.verdict, row.note) for row in rows] == [
        ("left out", "no pulumi here"),
        ("no goal", ""),
        ("no goal", ""),
    ]


def test_warm_and_saved_figures() -> None:
    """Medians of the rounds, and goals in seconds; a few graphs are not held to the goal of a thousand."""
    told = [{"wall": wall, "cpu": 0.5, "read": 0.1, "record": 0.2, "decide": 0.3} for wall in (0.4, 2.0, 0.6)]
    first, second = warm_rows(told, [ran(seconds=4.0)], valid=True)
    assert (first.value, first.verdict, first.note) == (
        0.6,
        "reached",
        "worst 2.000; read 0.100, record 0.200, decide 0.300",
    )
    assert second.value == 8.0
    assert saved_row(ran(seconds=31.0), 1000, 2, valid=True).verdict == "not reached"
    assert saved_row(ran(seconds=31.0), 20, 2, valid=True).verdict == "no goal"


def test_what_is_missing_has_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both steps of the peer; what needs neither is prepared all the same."""

    def missing() -> Path:
        raise ToolMissingError("no pulumi here")

    monkeypatch.setattr(gate_in_ci, "find_engine", missing)
    monkeypatch.setattr(gate_in_ci, "CHECKOV_BIN", tmp_path / "checkov")
    assert set(reasons()) == {PREVIEW, SCAN}
    asked: list[str] = []

    def program(module: str, *arguments: object, allowed: tuple[int, ...] = (0,)) -> Run:
        asked.append(str(arguments[0]))
        return ran()

    monkeypatch.setattr(gate_in_ci, "_program", program)
    scene = Scene(estate=tmp_path, stack="team", place=tmp_path, missing=reasons())
    gate_in_ci.prepare(scene, 2)
    assert set(gate_in_ci.planted(scene)) == {OURS}
    assert asked == ["save", "save", "check"]


def test_a_planted_key_is_the_only_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The example is clean; with the key, and another budget, one control blocks."""
    monkeypatch.setattr(stacks.program, "team", team)  # what ``plant`` replaces comes back
    source, stack, _ = gate_in_ci.SMALL
    estate = load_estate(source)
    assert blocking(evaluated(estate, stack)[1]) == []
    plant()
    assert blocking(evaluated(estate, stack)[1]) == ["KEY-01"]
    file = tmp_path / "claims.yaml"
    file.write_text("team: claims\nlimits:\n  budget_usd: 200\n")
    change(file, 7)
    assert file.read_text() == "team: claims\nlimits:\n  budget_usd: 207\n"
