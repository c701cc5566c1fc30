"""What ``pulumi up`` runs: the entry program, from any folder, with and without sound settings."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import stacks
from llmlz.graph.model import Graph
from tests.estates import EXAMPLE
from tests.stacks.bad_input import CASES

ENTRY = Path(stacks.__file__).with_name("__main__.py")
RUN = """
import json, os, runpy, sys
from llmlz.graph.record import record
os.environ["LLMLZ_ESTATE"] = sys.argv[1]
graphs = {}
for name in sys.argv[2:]:
    graphs[name] = record(
        lambda: runpy.run_module("stacks", run_name="__main__"),
        project="llmlz", stack_name=name, account="111122223333", region="eu-central-1", others=graphs,
    )
print(json.dumps({name: graph.to_json() for name, graph in graphs.items()}))
"""
"""The entry program as an engine would start it, with the recorder in the engine's place."""


def run(cwd: Path, estate: Path, *names: str) -> "subprocess.CompletedProcess[str]":
    """Run the entry program for each stack in a folder that is not the repository's."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", RUN, str(estate), *names],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_entry_program_is_short() -> None:
    """What cannot be tested without an engine stays small enough to be read at one look."""
    assert len(ENTRY.read_text().splitlines()) < 30


def test_every_stack_runs_from_another_folder(tmp_path: Path, graphs: Mapping[str, Graph]) -> None:
    """The packages are installed: the engine may start the program wherever it likes, and gets the same resources."""
    done = run(tmp_path, EXAMPLE, *graphs)
    assert done.returncode == 0, done.stderr
    found = {name: Graph.from_json(text) for name, text in json.loads(done.stdout).items()}
    assert sorted(found) == ["platform-sandbox", "team-claims-sandbox", "team-search-sandbox"]
    assert found == dict(graphs)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", ["missing owner", "model the platform did not approve"])
def test_wrong_settings_end_the_program_before_anything_is_registered(case: str, tmp_path: Path) -> None:
    """The engine sees exit code 2, and the person the message; there is no traceback, and no resource."""
    estate = Path(shutil.copytree(EXAMPLE, tmp_path / "estate"))
    change, file, path, _, expected = CASES[case]
    change(estate)
    done = run(tmp_path, estate, "platform-sandbox")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"estate/{file}: 1 problem, nothing was done\n")
    assert path in done.stderr
    assert expected in done.stderr
    assert "Traceback" not in done.stderr


def test_a_stack_without_a_file_ends_the_program_too(tmp_path: Path) -> None:
    """The engine knows a stack that the estate does not: the message lists those that it does."""
    done = run(tmp_path, EXAMPLE, "platform-sandbx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "closest: platform-sandbox" in done.stderr
    assert "Traceback" not in done.stderr
