"""Where the engine is looked for, and what is said when it is nowhere."""

from pathlib import Path

import pytest

from llmlz.engine.find import VERSION, cached, find_engine, version_of
from llmlz.errors import ToolMissingError


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def install(program: Path, version: str) -> Path:
    """A program that only tells its version."""
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_one_on_path_comes_first(path: Path) -> None:
    """Whoever installed pulumi keeps using it."""
    install(cached(), f"v{VERSION}")
    installed = install(path / "pulumi", "v3.300.1")
    assert find_engine() == installed


def test_an_old_one_on_path_is_passed_over(path: Path) -> None:
    """Nothing older than what is proved is used."""
    install(path / "pulumi", "v3.100.0")
    built = install(cached(), f"v{VERSION}")
    assert find_engine() == built


def test_an_old_one_alone_is_named(path: Path) -> None:
    """The message says why what is there will not do."""
    install(path / "pulumi", "v3.100.0")
    with pytest.raises(ToolMissingError, match=r"the one on PATH is 3\.100\.0, none built"):
        find_engine()


def test_nothing_is_one_line_with_the_fix(path: Path) -> None:
    """What would have been proved, and how to get it."""
    with pytest.raises(ToolMissingError) as missing:
        find_engine()
    assert str(missing.value) == (
        "no pulumi 3.256.0 or newer here: none on PATH, none built; previews, deployments and state through the real "
        "engine cannot be proved; get it with `make engine`"
    )
    assert missing.value.exit_code == 3


def test_the_build_has_a_place_of_its_own_for_every_pin(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another go.sum is another program."""
    before = cached()
    module = path.parent / "module"
    module.mkdir()
    (module / "go.mod").write_text("module other\n", encoding="utf-8")
    (module / "go.sum").write_text("", encoding="utf-8")
    monkeypatch.setattr("llmlz.engine.find.MODULE", module)
    assert cached() != before
    assert cached().parent.parent == before.parent.parent == path.parent / "cache" / "llmlz" / "tools"


def test_a_program_that_tells_no_version_has_none(path: Path) -> None:
    """It is never newer than anything."""
    assert version_of(install(path / "pulumi", "hello")) == ()
