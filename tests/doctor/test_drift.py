"""What the end of a preview means; the real engine's is in ``test_engine``."""

import json
from pathlib import Path

import pytest

from llmlz.doctor.drift import examine_drift

DIGEST = {
    "steps": [
        {"op": "same", "urn": "urn:pulumi:dev::llmlz::t::unchanged"},
        {"op": "update", "urn": "urn:pulumi:dev::llmlz::t::key"},
        *({"op": "delete", "urn": f"urn:pulumi:dev::llmlz::t::old-{n}"} for n in range(11)),
    ]
}


COPY = 'while [ "$1" != --config-file ]; do shift; done; cp "$2" settings; echo salt >> "$2"'
"""What the engine does with the file of settings: it reads it, and may write into it."""


def engine(folder: Path, code: int, said: str = "", complaint: str = "") -> Path:
    """A program that ends so, and notes what it was called with."""
    program = folder / "pulumi"
    (folder / "said").write_text(said)
    program.write_text(
        '#!/bin/sh\necho "$@" > asked\necho "$PULUMI_BACKEND_URL" >> asked\necho "$LLMLZ_ESTATE" >> asked\n'
        f"{COPY}\ncat {folder}/said\necho '{complaint}' >&2\nexit {code}\n"
    )
    program.chmod(0o755)
    (folder / "Pulumi.yaml").write_text("name: llmlz\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    return program


def test_no_changes_are_fine_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is a preview, of this stack of this estate and this backend; a named folder wins over a variable."""
    monkeypatch.setenv("LLMLZ_ESTATE", "/elsewhere")
    own = tmp_path / "own"
    own.mkdir()
    (own / "Pulumi.dev.yaml").write_text("config: {own: true}\n")
    found = examine_drift(engine(tmp_path, 0), tmp_path, "dev", estate=own, backend="s3://state")
    assert found.outcome == "ok"
    asked, backend, estate = (tmp_path / "asked").read_text().splitlines()
    assert asked.startswith("preview --refresh --expect-no-changes ")
    assert asked.endswith("/Pulumi.dev.yaml --stack dev")
    assert (backend, estate) == ("s3://state", str(own))
    assert (tmp_path / "settings").read_text() == (own / "Pulumi.dev.yaml").read_text() == "config: {own: true}\n"


def test_changes_are_named(tmp_path: Path) -> None:
    """By operation, and the first by name; what stays the same is not among them."""
    found = examine_drift(engine(tmp_path, 7, json.dumps(DIGEST)), tmp_path, "dev", estate=tmp_path)
    assert found.outcome == "problem"
    assert found.what.startswith("11 delete, 1 update: key, old-0")
    assert found.what.endswith("and 2 more")


def test_changes_that_are_not_listed_are_drift_too(tmp_path: Path) -> None:
    """The exit code decides."""
    assert examine_drift(engine(tmp_path, 7, "no JSON"), tmp_path, "dev", estate=tmp_path).outcome == "problem"


@pytest.mark.parametrize("code", [1, 6, 255])
def test_an_error_is_no_answer(tmp_path: Path, code: int) -> None:
    """Undecided, with the engine's last words."""
    found = examine_drift(engine(tmp_path, code, complaint="no such stack"), tmp_path, "dev", estate=tmp_path)
    assert found.outcome == "indeterminate"
    assert "no such stack" in found.what


def test_without_an_engine_or_a_project_it_is_undecided(tmp_path: Path) -> None:
    """And both say what is missing."""
    assert "there is no pulumi" in examine_drift(None, tmp_path, "dev", estate=tmp_path).what
    program = engine(tmp_path, 0)
    (tmp_path / "Pulumi.dev.yaml").unlink()
    assert "Pulumi.dev.yaml" in examine_drift(program, tmp_path, "dev", estate=tmp_path).what
    (tmp_path / "Pulumi.yaml").unlink()
    assert "there is no Pulumi.yaml" in examine_drift(program, tmp_path, "dev", estate=tmp_path).what
