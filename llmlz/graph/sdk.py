"""The few inner functions of the Pulumi SDK that a recording needs, in one place: SDK updates are tried here."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from pulumi.runtime import rpc
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.sync_await import _ensure_event_loop, _sync_await

T = TypeVar("T")


def wait(awaitable: Awaitable[T]) -> T:
    """Run to the end, in a thread that may have no event loop of its own."""
    result: T = _sync_await(awaitable)
    return result


def plain_properties(struct: Any) -> Any:
    """What the SDK sent, as Python values with secrets still wrapped.

    Reading a reference to a resource needs an event loop, and registrations arrive on threads without one.
    """
    _ensure_event_loop()  # type: ignore[no-untyped-call]
    return rpc.deserialize_properties(struct)


def sent_properties(values: Any) -> Any:
    """Python values as the SDK expects to receive them."""
    return wait(rpc.serialize_properties(values, {}))


def forget() -> None:
    """End what a program left unfinished: after a failure it would fail the next recording of this process."""
    loop: asyncio.AbstractEventLoop = _ensure_event_loop()  # type: ignore[no-untyped-call]
    loop.set_exception_handler(lambda *_: None)  # whoever ran the program has the error already
    while unfinished := asyncio.all_tasks(loop):
        for task in unfinished:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*unfinished, return_exceptions=True))
    SETTINGS.rpc_manager.clear()
    SETTINGS.outputs.clear()
