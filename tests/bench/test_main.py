"""``python -m bench``: the table, the file of figures and the exit codes."""

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.figures import compare
from bench.process import BenchError
from bench.result import Result, Row

ROW = Row(what="a / b", unit="CPU s", verdict="not reached", compared=compare([2.0], [1.0]), value=2.0, goal=0.5)


def result(*broken: str) -> Result:
    """A benchmark that has run."""
    return Result(name="one", rows=(ROW,), broken=broken)


def test_a_goal_that_is_missed_is_told_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0, the verdict in the table, and every figure with facts of the machine in the file."""
    monkeypatch.setattr(bench, "BENCHMARKS", {"one": lambda quick, say: result()})
    out = tmp_path / "new" / "bench.json"
    assert bench.main(["one", "--out", str(out)]) == 0
    assert "not reached" in capsys.readouterr().out
    written = json.loads(out.read_text())
    assert written["machine"]["cores"] >= 1
    assert written["machine"]["python"].startswith("3.")
    assert written["benchmarks"]["one"]["rows"][0]["compared"]["ratio"] == 2.0


def test_a_shut_gate_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and what the gate found is printed."""
    monkeypatch.setattr(bench, "BENCHMARKS", {"one": lambda quick, say: result("b makes other things")})
    assert bench.main(["--out", str(tmp_path / "bench.json")]) == 1
    assert "gate: b makes other things" in capsys.readouterr().out


def test_a_benchmark_that_cannot_run_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One message, no file."""

    def fail(quick: bool, say: object) -> Result:
        raise BenchError("no such command")

    monkeypatch.setattr(bench, "BENCHMARKS", {"one": fail})
    assert bench.main(["--out", str(tmp_path / "bench.json")]) == 2
    assert "one: no such command" in capsys.readouterr().err
    assert not (tmp_path / "bench.json").exists()


def test_an_unknown_name_lists_the_names(capsys: pytest.CaptureFixture[str]) -> None:
    """As every usage error: exit code 2 and what was expected."""
    with pytest.raises(SystemExit) as ended:
        bench.main(["program-costs"])
    assert ended.value.code == 2
    assert "expected one of program-cost, cold-start" in capsys.readouterr().err
