"""What a running emulator occupies on this machine, and what is left of it.

Owns: process group, port and folder as plain values.
Does not own: starting one (``emulator``).
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from llmlz.errors import LocalCloudError

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Footprint:
    """What a running emulator occupies; plain values, so that another process can look for what is left."""

    pid: int
    """Process, and leader of its own process group."""

    port: int
    """TCP port on the loopback address."""

    state: str
    """Folder that is thrown away."""


def leftovers(footprint: Footprint) -> tuple[str, ...]:
    """What of a stopped emulator is still there, in words; empty when nothing is."""
    found = []
    if _group_exists(footprint.pid):
        found.append(f"process group {footprint.pid}")
    if taken(footprint.port):
        found.append(f"port {footprint.port}")
    if Path(footprint.state).exists():
        found.append(f"folder {footprint.state}")
    return tuple(found)


def taken(port: int) -> bool:
    """Whether something listens on ``port`` of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: closed connections linger
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def check_port(port: int) -> int:
    """The port, if nothing listens on it; raises ``LocalCloudError`` that names it and the fix."""
    if taken(port):
        raise LocalCloudError(
            f"port {port} is taken on {HOST}: the AWS emulator cannot listen there\n"
            f"  fix: stop what listens on it (lsof -i :{port}), or leave the port out to get a free one"
        )
    return port
