"""The copy of a state that the engine makes before it writes: whether one could go back to it."""

from collections.abc import Mapping
from typing import Any

from llmlz.doctor.backend import StackKeys, Store, Stored
from llmlz.doctor.checkpoint import (
    BrokenStateError,
    UnreadableStateError,
    backup_of,
    faults,
    read_deployment,
    strangers,
)
from llmlz.doctor.finding import Finding, ok, problem, undecided


def examine_copy(store: Store, current: Stored, keys: StackKeys) -> Finding:
    """One finding, whose place is the copy only if there is something to go back to, or something wrong with it."""
    key = backup_of(current.key)
    where, beside = f"{store.where}/{key}", f"{store.where}/{current.key}"
    try:
        deployment = read_deployment(store.read(key), key)
        wrong = _wrong(deployment, keys)
    except KeyError:
        return ok("copy", "no copy yet: the engine makes one when it writes the second time", beside)
    except BrokenStateError as error:
        return problem("copy", f"the copy is no state: {error}", where, "rely on versions of the bucket instead")
    except UnreadableStateError as error:
        return undecided("copy", f"the copy cannot be read: {error}", where, "look at it by hand")
    if wrong:
        return problem("copy", f"the copy {wrong}", where, "rely on versions of the bucket instead")
    count = len(deployment.get("resources") or ())
    if not count:
        return ok("copy", "the copy is of a time when no resource was recorded, and no way back", beside)
    return ok("copy", f"the copy of the state before the last write is whole: {count} resources", where)


def _wrong(deployment: Mapping[str, Any], keys: StackKeys) -> str:
    """Why nobody should go back to it; empty where nothing speaks against it."""
    try:
        if others := strangers(deployment, keys):
            return f"holds {', '.join(others)}"
        if found := faults(deployment):
            return f"does not hold together: {found[0].text}"
    except (AttributeError, KeyError, TypeError) as error:
        return f"has not the shape of a state: {type(error).__name__} {error}"
    return ""
