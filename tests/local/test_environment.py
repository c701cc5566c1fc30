"""The emulator's environment: found, installed once, or a message that says what to do."""

from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.local.environment import PROJECT, emulator_python


def fake_uv(folder: Path, body: str) -> None:
    """A ``uv`` that does what ``body`` says."""
    folder.mkdir()
    (folder / "uv").write_text(f"#!/bin/sh\n{body}\n")
    (folder / "uv").chmod(0o755)


def test_without_uv_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed by other means."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissingError, match=r"uv, which installs it, is not on PATH\n  fix: install uv"):
        emulator_python(print, tmp_path)


def test_an_unreachable_index_is_told_in_uvs_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cause is shown, and what to type when it is removed."""
    fake_uv(tmp_path / "bin", "echo 'error: Failed to fetch: dns error' >&2; exit 2")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    with pytest.raises(ToolMissingError, match=r"dns error\n  fix: make sure .* then run: UV_PROJECT_ENVIRONMENT="):
        emulator_python(print, tmp_path)
    assert not (tmp_path / ".envs" / "cloud" / ".installed-lock").exists()


def test_it_is_installed_once_for_each_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second call installs nothing; an environment of another lock is brought up to date."""
    fake_uv(tmp_path / "bin", 'mkdir -p "$UV_PROJECT_ENVIRONMENT/bin"; touch "$UV_PROJECT_ENVIRONMENT/bin/python"')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    said: list[str] = []
    python = emulator_python(said.append, tmp_path)
    assert python == tmp_path / ".envs" / "cloud" / "bin" / "python"
    emulator_python(said.append, tmp_path)
    assert said == [f"installing the AWS emulator into {tmp_path / '.envs' / 'cloud'} (once)"]
    marker = tmp_path / ".envs" / "cloud" / ".installed-lock"
    assert marker.read_bytes() == (PROJECT / "uv.lock").read_bytes()
    marker.write_text("another lock")
    emulator_python(said.append, tmp_path)
    assert len(said) == 2


@pytest.mark.ring(5)
def test_the_lock_installs(tmp_path: Path) -> None:
    """A new machine gets a Python that knows the emulator."""
    try:
        python = emulator_python(print, tmp_path)
    except ToolMissingError as error:
        pytest.skip(f"ring 5: would have proved that the emulator installs from its lock; {error}")
    assert any(python.parent.parent.glob("lib/*/site-packages/ministack/app.py"))
