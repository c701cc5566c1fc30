"""Who holds a lock, and that only locks whose holder is gone are ever removed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from llmlz.doctor import host
from llmlz.doctor.backend import FolderStore, Stored
from llmlz.doctor.health import examine_store
from llmlz.doctor.host import Host
from llmlz.doctor.locks import Judge, examine_locks, release_locks
from tests.doctor import states
from tests.doctor.states import ALIVE, DEAD, HERE, KEYS, THERE, judge, lock

ECHO = "import sys; print(input(), flush=True); sys.stdin.read()"


def outcomes(folder: Path, stale_after: float | None = None) -> list[tuple[str, str]]:
    """What is found without touching anything."""
    found = examine_locks(FolderStore(folder), KEYS, judge(stale_after))
    return [(one.outcome, one.what.partition(":")[0]) for one in found]


def test_no_lock_is_fine(tmp_path: Path) -> None:
    """Also where the folder of locks was never made; what is no lock is left alone."""
    assert outcomes(tmp_path) == [("ok", "no process holds the stack")]
    path = lock(tmp_path, "one")
    path.rename(path.with_suffix(".json.attrs"))
    assert outcomes(tmp_path) == [("ok", "no process holds the stack")]


@pytest.mark.parametrize(
    ("host", "pid", "hours", "stale_after", "holder"),
    [
        (HERE, ALIVE, 1, None, "own lock"),
        (HERE, ALIVE, 99, 10, "own lock"),
        (HERE, DEAD, 1, None, "stale lock"),
        (THERE, DEAD, 99, None, "foreign lock"),
        (THERE, DEAD, 9, 10, "foreign lock"),
        (THERE, DEAD, 11, 10, "foreign, old lock"),
    ],
)
def test_who_holds_a_lock(
    tmp_path: Path, *, host: str, pid: int, hours: float, stale_after: float | None, holder: str
) -> None:
    """By machine, by process, and by age only for other machines and only when an age was given."""
    path = lock(tmp_path, "one", host=host, pid=pid, hours=hours)
    assert outcomes(tmp_path, stale_after) == [("problem", holder)]
    released = [*release_locks(FolderStore(tmp_path), KEYS, judge(stale_after))]
    gone = holder in ("stale lock", "foreign, old lock")
    assert path.exists() is not gone
    assert [one.outcome for one in released] == (["ok", "ok"] if gone else ["problem"])


def test_of_two_locks_only_the_stale_one_goes(tmp_path: Path) -> None:
    """The other is told, and stays."""
    stale, foreign = lock(tmp_path, "one", host=HERE), lock(tmp_path, "two", host=THERE)
    found = [*release_locks(FolderStore(tmp_path), KEYS, judge())]
    assert [(one.id, one.outcome) for one in found] == [("locks:released", "ok"), ("locks", "problem")]
    assert (stale.exists(), foreign.exists()) == (False, True)


def test_locks_of_other_stacks_are_left_alone(tmp_path: Path) -> None:
    """Also one whose name starts with the same letters."""
    other = lock(tmp_path, "one", host=HERE)
    other.parent.rename(other.parent.with_name("dev-two"))
    assert next(release_locks(FolderStore(tmp_path), KEYS, judge())).what == "no process holds the stack"
    assert (other.parent.with_name("dev-two") / other.name).exists()


def test_what_cannot_be_read_is_undecided_and_stays(tmp_path: Path) -> None:
    """A lock that was cut short may be one that is being written."""
    path = lock(tmp_path, "one", host=HERE)
    path.write_text(path.read_text()[:20])
    assert outcomes(tmp_path) == [("indeterminate", "there is a lock that cannot be read")]
    assert [*release_locks(FolderStore(tmp_path), KEYS, judge(0))]
    assert path.exists()


def test_a_lock_that_changes_between_two_looks_stays(tmp_path: Path) -> None:
    """It is judged by what is there at the moment of deletion."""
    path = lock(tmp_path, "one", host=HERE)
    reads: list[str] = []

    class Changing(FolderStore):
        def read(self, key: str) -> bytes:
            found = super().read(key)
            if not reads:
                lock(tmp_path, "one", host=HERE, pid=ALIVE, hours=0)
            reads.append(key)
            return found

    assert [*release_locks(Changing(tmp_path), KEYS, judge())]
    assert len(reads) == 3
    assert path.exists()


def test_a_lock_that_goes_by_itself_is_no_error(tmp_path: Path) -> None:
    """Its holder ended between listing and reading."""
    path = lock(tmp_path, "one", host=HERE)

    class Ending(FolderStore):
        def read(self, key: str) -> bytes:
            path.unlink(missing_ok=True)
            return super().read(key)

    assert [one.outcome for one in release_locks(Ending(tmp_path), KEYS, judge())] == ["ok"]


class Shared(FolderStore):
    """A store to which other machines write too, as to a bucket."""

    local = False


@pytest.mark.parametrize(
    ("pid", "hours", "stale_after", "holder"),
    [
        (DEAD, 99, None, "foreign lock"),
        (DEAD, 9, 10, "foreign lock"),
        (DEAD, 11, 10, "foreign, old lock"),
        (ALIVE, 99, 10, "own lock"),
    ],
)
def test_in_a_shared_store_our_host_name_is_no_proof(
    tmp_path: Path, *, pid: int, hours: float, stale_after: float | None, holder: str
) -> None:
    """Another machine may have the same name: a process that is missing here leaves a lock only when an age says so."""
    path = lock(tmp_path, "one", host=HERE, pid=pid, hours=hours)
    assert [one.what.partition(":")[0] for one in examine_locks(Shared(tmp_path), KEYS, judge(stale_after))] == [holder]
    assert [*release_locks(Shared(tmp_path), KEYS, judge(stale_after))]
    assert path.exists() is (holder != "foreign, old lock")


@pytest.mark.parametrize("failing", ["list", "read"])
def test_a_release_is_told_also_when_the_store_fails_afterwards(tmp_path: Path, failing: str) -> None:
    """The deletion happened: a person must hear of it whatever comes next."""
    path = lock(tmp_path, "one", host=HERE)
    states.store(tmp_path)

    class Failing(FolderStore):
        def list(self, prefix: str) -> tuple[Stored, ...]:
            self._fail("list")
            return super().list(prefix)

        def read(self, key: str) -> bytes:
            self._fail("read")
            return super().read(key)

        def _fail(self, what: str) -> None:
            if what == failing and not path.exists():
                raise OSError("the store went away")

    health = examine_store(Failing(tmp_path), KEYS, judge(), release=True)
    found = [(one.id, one.outcome) for one in health.findings]
    assert found[0] == ("locks:released", "ok")
    assert found[-1] == ("state", "indeterminate")
    assert not path.exists()


@contextmanager
def process(*program: str) -> Iterator[int]:
    """A process that answers, so that it has its own name already, and runs for as long as the block."""
    child = subprocess.Popen(
        program or [sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdin
        assert child.stdout
        child.stdin.write("here\n")
        child.stdin.flush()
        assert child.stdout.readline() == "here\n"
        yield child.pid
    finally:
        child.communicate()


def test_a_process_runs_or_does_not() -> None:
    """One that ended holds no lock."""
    with process() as pid:
        assert Host().runs(pid)
    assert not Host().runs(pid)
    assert Host().runs(os.getpid())


@pytest.mark.skipif(
    not Path("/proc/self/comm").is_file(), reason="names of processes are read from /proc, which is not here"
)
def test_a_process_of_another_program_does_not_hold_a_lock() -> None:
    """Its number was given out again."""
    with process("cat") as pid:
        assert not Host().runs(pid)


@pytest.mark.parametrize(
    ("program", "runs"),
    [
        ("pulumi", True),
        (".pulumi-wrapped", True),
        ("python3.13", True),
        ("qemu-x86_64 /usr/bin/pulumi", True),
        ("sshd /usr/sbin/sshd", False),
        ("", True),
        (None, True),
    ],
)
def test_a_program_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, runs: bool
) -> None:
    """Where it cannot be read, whoever has the number is taken for the holder."""
    monkeypatch.setattr(host, "PROC", tmp_path)
    if program is not None:
        told = tmp_path / str(os.getpid())
        told.mkdir()
        (told / "comm").write_text(f"{program.partition(' ')[0]}\n")
        (told / "cmdline").write_text(program.replace(" ", "\0"))
    assert Host().runs(os.getpid()) is runs


def test_a_clock_that_was_set_makes_no_process_look_younger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is older than everything on this machine, with a process that runs, is held."""
    monkeypatch.setattr(host, "PROC", tmp_path)
    (tmp_path / "stat").write_text("btime 4000000000\n")
    own = tmp_path / str(os.getpid())
    own.mkdir()
    (own / "comm").write_text("pulumi\n")
    (own / "stat").write_text(f"{os.getpid()} (pulumi) S " + " ".join(["1"] * 40))
    path = lock(tmp_path, "one", host=HERE, pid=os.getpid(), hours=1)
    here = Judge(host=Host(HERE), now=lambda: states.NOW)
    found = [*release_locks(FolderStore(tmp_path), KEYS, here)]
    assert [(one.id, one.what.partition(":")[0]) for one in found] == [("locks", "own lock")]
    assert path.exists()
