"""Locks of a stack: who holds each, and removing those whose holder is gone.

A lock is an object of its own per process, without expiry: a process that is killed leaves it for ever. `pulumi cancel`
removes all locks of a stack whoever holds them, and stops nobody; two writers can then overwrite each other's state.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from llmlz.doctor.backend import StackKeys, Store
from llmlz.doctor.finding import Finding, ok, problem, undecided
from llmlz.doctor.host import Host

Holder = Literal["own", "stale", "foreign, old", "foreign", "unreadable"]
RELEASABLE: tuple[Holder, ...] = ("stale", "foreign, old")
"""Never a lock whose process runs, on this machine or, for all that is known, on another."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lock:
    """One lock, as it was read."""

    key: str
    content: bytes
    pid: int = 0
    user: str = ""
    host: str = ""
    since: datetime | None = None
    """When it was taken; ``None`` when the lock cannot be read."""

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}, since {self.since}" if self.since else "unreadable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """What is needed to say who holds a lock."""

    host: Host
    now: Callable[[], datetime]
    stale_after: timedelta | None = None
    """Age from which a lock of another machine counts as left behind; none ever does if left out."""

    def holder(self, lock: Lock, *, local: bool) -> Holder:
        """Who holds it; ``local`` says that only this machine writes to the store.

        Containers and cloned machines share host names. Where others write too, a process that is missing here may run
        on a machine of the same name, so only age counts.
        """
        if lock.since is None:
            return "unreadable"
        if lock.host == self.host.name:
            if self.host.runs(lock.pid):
                return "own"
            if local:
                return "stale"
        if self.stale_after is not None and self.now() - lock.since > self.stale_after:
            return "foreign, old"
        return "foreign"


def read_locks(store: Store, keys: StackKeys) -> tuple[Lock, ...]:
    """Every lock of a stack."""
    found = []
    for stored in store.list(keys.locks):
        if stored.key.endswith(".json"):
            try:
                found.append(parse(stored.key, store.read(stored.key)))
            except KeyError:
                continue  # released in the meantime
    return tuple(found)


def parse(key: str, content: bytes) -> Lock:
    """The lock in an object; what is no lock has no time."""
    try:
        raw = json.loads(content)
        since = datetime.fromisoformat(raw["timestamp"])
        if since.tzinfo is None:
            raise ValueError("no zone")
        return Lock(
            key=key, content=content, pid=int(raw["pid"]), user=raw["username"], host=raw["hostname"], since=since
        )
    except (ValueError, KeyError, TypeError):
        return Lock(key=key, content=content)


def examine_locks(store: Store, keys: StackKeys, judge: Judge) -> tuple[Finding, ...]:
    """A finding for each lock, or one that says that there is none."""
    found = read_locks(store, keys)
    if not found:
        return (ok("locks", "no process holds the stack", store.where),)
    return tuple(_finding(lock, judge.holder(lock, local=store.local), f"{store.where}/{lock.key}") for lock in found)


def _finding(lock: Lock, holder: Holder, where: str) -> Finding:
    release = "llmlz doctor --release-lock with the same --state"
    if holder == "unreadable":
        return undecided(
            "locks", "there is a lock that cannot be read", where, "look at it, and remove it by hand if nothing runs"
        )
    what = f"{holder} lock: {lock}"
    if holder == "own":
        fix = f"wait for process {lock.pid}, or stop it with one Ctrl-C: it finishes its steps and releases the lock itself"
        return problem("locks", what, where, fix)
    if holder == "stale":
        return problem("locks", f"{what}; that process is gone", where, release)
    if holder == "foreign, old":
        return problem("locks", what, where, f"make sure that no job runs there any more, then {release}")
    fix = (
        f"wait; if nothing runs on any machine called {lock.host} any more, say from which age on locks of other machines"
        f" count as left behind: --stale-after <hours>, and {release}; never `pulumi cancel`, which removes every lock"
    )
    return problem("locks", what, where, fix)


def release_locks(store: Store, keys: StackKeys, judge: Judge) -> Iterator[Finding]:
    """Delete every lock whose holder is gone, each judged again from what is there at that moment; then say what is left.

    A lock's key belongs to one process alone, so that nobody's newer lock can be hit. Each deletion is told at once, so
    that it is known also when a later question fails; nothing is deleted unless the findings are taken.
    """
    for lock in read_locks(store, keys):
        if judge.holder(lock, local=store.local) not in RELEASABLE:
            continue
        try:
            again = parse(lock.key, store.read(lock.key))
        except KeyError:
            continue  # its holder released it
        if again != lock or judge.holder(again, local=store.local) not in RELEASABLE:
            continue
        store.delete(lock.key)
        yield ok("locks:released", f"released the lock of {lock}", f"{store.where}/{lock.key}")
    yield from examine_locks(store, keys, judge)
