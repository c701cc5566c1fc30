"""Who holds a lock, and that only locks whose holder is gone are ever removed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from llmlz.doctor.backend import FolderStore
from llmlz.doctor.host import Host
from llmlz.doctor.locks import examine_locks, release_locks
from tests.doctor.states import ALIVE, DEAD, HERE, KEYS, THERE, judge, lock


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
    released = release_locks(FolderStore(tmp_path), KEYS, judge(stale_after))
    gone = holder in ("stale lock", "foreign, old lock")
    assert path.exists() is not gone
    assert [one.outcome for one in released] == (["ok", "ok"] if gone else ["problem"])


def test_of_two_locks_only_the_stale_one_goes(tmp_path: Path) -> None:
    """The other is told, and stays."""
    stale, foreign = lock(tmp_path, "one", host=HERE), lock(tmp_path, "two", host=THERE)
    found = release_locks(FolderStore(tmp_path), KEYS, judge())
    assert [(one.id, one.outcome) for one in found] == [("locks:released", "ok"), ("locks", "problem")]
    assert (stale.exists(), foreign.exists()) == (False, True)


def test_locks_of_other_stacks_are_left_alone(tmp_path: Path) -> None:
    """Also one whose name starts with the same letters."""
    other = lock(tmp_path, "one", host=HERE)
    other.parent.rename(other.parent.with_name("dev-two"))
    assert release_locks(FolderStore(tmp_path), KEYS, judge())[0].what == "no process holds the stack"
    assert (other.parent.with_name("dev-two") / other.name).exists()


def test_what_cannot_be_read_is_undecided_and_stays(tmp_path: Path) -> None:
    """A lock that was cut short may be one that is being written."""
    path = lock(tmp_path, "one", host=HERE)
    path.write_text(path.read_text()[:20])
    assert outcomes(tmp_path) == [("indeterminate", "there is a lock that cannot be read")]
    release_locks(FolderStore(tmp_path), KEYS, judge(0))
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

    release_locks(Changing(tmp_path), KEYS, judge())
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


@contextmanager
def process() -> Iterator[int]:
    """A process that runs for as long as the block."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        yield child.pid
    finally:
        child.communicate()


def test_a_process_runs_or_does_not() -> None:
    """Its number is not enough: one that started after the lock was taken is another process."""
    now = datetime.now(UTC)
    with process() as pid:
        assert Host().runs(pid, now + timedelta(seconds=5))
        if Path("/proc").is_dir():
            assert not Host().runs(pid, now - timedelta(hours=1))
    assert not Host().runs(pid, datetime.now(UTC))
    assert Host().runs(os.getpid(), now)
    assert Host().runs(1, now)  # of somebody else, perhaps
