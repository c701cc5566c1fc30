"""The few inner functions of the Pulumi SDK that a recording needs, in one place: SDK updates are tried here."""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from pulumi.runtime import rpc
from pulumi.runtime.sync_await import _sync_await

T = TypeVar("T")


def wait(awaitable: Awaitable[T]) -> T:
    """Run to the end, in a thread that may have no event loop of its own."""
    result: T = _sync_await(awaitable)
    return result


def plain_properties(struct: Any) -> Any:
    """What the SDK sent, as Python values with secrets still wrapped.

    Reading a reference to a resource needs an event loop, and registrations arrive on threads without one.
    """
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())
    return rpc.deserialize_properties(struct)


def sent_properties(values: Any) -> Any:
    """Python values as the SDK expects to receive them."""
    return wait(rpc.serialize_properties(values, {}))
