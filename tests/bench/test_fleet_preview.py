"""The gate of ``fleet-preview``: every stack is previewed by every way, and none has anything to do."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import fleet_preview
from bench.fleet_preview import FLOOR, LOOP, POOL, WARM, Found, gate
from bench.process import Run
from bench.programs import fleet as program
from bench.programs.zone import write
from bench.result import Result
from llmlz.engine.find import find_engine
from llmlz.engine.workspace import Workspace
from llmlz.errors import ToolMissingError
from stacks.estate import load_estate

STACKS = ["stack-a", "stack-b"]
AT_REST: Mapping[str, Mapping[str, int]] = {"stack-a": {"same": 13}, "stack-b": {"same": 13}}


def found(**more: Mapping[str, int]) -> Found:
    """Previews of which the shell loop says something else."""
    spoiled = {**AT_REST, **{f"stack-{name}": changes for name, changes in more.items()}}
    return {WARM: [AT_REST, AT_REST], LOOP: [AT_REST, spoiled], POOL: [AT_REST, AT_REST]}


def test_stacks_at_rest_open_the_gate() -> None:
    """All ways, all rounds, nothing but ``same``."""
    assert gate(found(), STACKS) == []


def test_a_change_shuts_the_gate() -> None:
    """Also one that is only a read, and one that looks at fewer resources."""
    assert gate(found(a={"same": 12, "update": 1}), STACKS) == [
        "shell loop: stack-a is not at rest: {'same': 12, 'update': 1}"
    ]
    assert gate(found(b={"same": 12}), STACKS) == ["shell loop: stack-b has {'same': 12}, ours {'same': 13}"]
    assert gate(found(b={}), STACKS) == ["shell loop: stack-b is not at rest: {}"]


def test_a_stack_that_is_left_out_shuts_the_gate() -> None:
    """And nothing at all is not a fleet."""
    assert gate(found(c={"same": 13}), STACKS) == [
        "shell loop: 3 of 2 stacks",
        "shell loop: stack-c has {'same': 13}, ours {}",
    ]
    assert gate({WARM: [], LOOP: [], POOL: []}, STACKS) == ["nothing was previewed"]


def fleet(monkeypatch: pytest.MonkeyPatch, operation: str, *, deployed: bool) -> Result:
    """A run in which no process is started: the deployment writes states of two KiB, or none."""

    def ran(command: list[str]) -> Run:
        lines = [json.dumps({stack: {operation: 13}}) for stack in ("stack-team-0000", "stack-team-0001")]
        text = "v3.256.0\n" if command[-1].endswith("version") else "\n".join(lines)
        if deployed and command[3:4] == ["deploy"]:
            for stack in ("stack-team-0000", "stack-team-0001"):
                state = Path(command[5]) / "state" / ".pulumi" / "stacks" / "llmlz" / f"{stack}.json"
                state.parent.mkdir(parents=True, exist_ok=True)
                state.write_text("x" * 2048)
        return Run(cpu=1.0, wall=1.0, peak_mb=1.0, out=text)

    monkeypatch.setattr(fleet_preview, "find_engine", lambda: Path("/bin/pulumi"))
    monkeypatch.setattr(fleet_preview, "run", ran)
    return fleet_preview.fleet_preview(quick=True, say=lambda _: None)


@pytest.mark.parametrize("operation", ["same", "update"])
def test_every_figure_stands_or_falls_with_the_gate(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop prints one line per stack, the others one for all; the starts of the engine print no JSON."""
    result = fleet(monkeypatch, operation, deployed=True)
    assert result.rows[-1].value == 2
    assert bool(result.broken) == (operation == "update")
    assert ({row.verdict for row in result.rows} == {"void"}) == (operation == "update")
    assert [row.what.rpartition(" / ")[2] for row in result.rows[:3]] == [LOOP, POOL, FLOOR]


def test_states_that_are_not_found_have_no_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads zero where nothing was measured."""
    row = fleet(monkeypatch, "same", deployed=False).rows[-1]
    assert (row.verdict, row.value, row.note) == ("left out", None, "0 of 2 states found")


def test_without_an_engine_the_rows_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason and how to get one; no gate is broken by it."""

    def missing() -> Path:
        raise ToolMissingError("no pulumi here; get it with `make engine`")

    monkeypatch.setattr(fleet_preview, "find_engine", missing)
    result = fleet_preview.fleet_preview(quick=True, say=lambda _: None)
    assert [(row.verdict, row.note) for row in result.rows] == [
        ("left out", "no pulumi here; get it with `make engine`")
    ]
    assert result.broken == ()


@pytest.mark.ring(3)
def test_the_three_ways_find_the_same(tmp_path: Path) -> None:
    """Two teams deployed onto nothing, previewed warm, one alone, and by the Automation API on two threads."""
    try:
        find_engine()
    except ToolMissingError as error:
        pytest.skip(f"ring 3: {error}")
    write(tmp_path / "estate", 2)
    estate = load_estate(tmp_path / "estate")
    (platform,) = estate.platforms()
    with Workspace(tmp_path / "place", account=platform.account, region=platform.region) as workspace:
        made = program.deploy(estate, workspace)
        expected = {name: {"same": made[name]["create"]} for name in program.teams(estate)}
        assert len(expected) == 2
        assert program.warm(estate, workspace, 2) == expected
        assert program.one(estate, workspace, "stack-team-0001") == {"stack-team-0001": expected["stack-team-0001"]}
        assert program.pool(estate, workspace, 2) == expected
