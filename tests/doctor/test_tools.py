"""Programs on this machine."""

import tomllib
from pathlib import Path

import pytest

from llmlz.doctor.tools import NEXT_PYTHON, OLDEST_PYTHON, examine_engine, examine_python, examine_tools

ROOT = Path(__file__).parents[2]


def test_versions_are_those_of_the_project() -> None:
    """What the doctor accepts is ``requires-python``."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert wanted == f">={'.'.join(map(str, OLDEST_PYTHON))},<{'.'.join(map(str, NEXT_PYTHON))}"


@pytest.mark.parametrize(
    ("found", "outcome"), [((3, 10), "problem"), ((3, 11), "ok"), ((3, 13), "ok"), ((3, 14), "problem")]
)
def test_a_python_that_was_never_tried_is_a_problem(found: tuple[int, int], outcome: str) -> None:
    """Older or newer."""
    assert examine_python(found, "python").outcome == outcome


def test_this_python_is_fine() -> None:
    """The tests run on one that is supported; the versions of both SDKs are said."""
    (python, _) = examine_tools()
    assert python.outcome == "ok"
    assert "pulumi-aws 7." in python.what


@pytest.mark.parametrize(
    ("says", "outcome", "told"),
    [("v9.1.2", "ok", "pulumi 9.1.2"), ("v3.1.0", "problem", "3.1.0"), ("", "problem", "of no known version")],
)
def test_the_engine_is_found_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, outcome: str, told: str
) -> None:
    """An old one, or one that says nothing, is as good as none."""
    program = tmp_path / "pulumi"
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = examine_engine()
    assert found.outcome == outcome
    assert told in found.what


def test_an_engine_that_was_built_for_tests_is_not_the_one_that_people_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has no language host: what is printed as the next command would not work."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("llmlz.doctor.tools.find_engine", lambda: tmp_path / "pulumi")
    monkeypatch.setattr("llmlz.doctor.tools.version_of", lambda _: (3, 256, 0))
    found = examine_engine()
    assert (found.outcome, "not on PATH" in found.what) == ("problem", True)
