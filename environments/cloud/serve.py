"""Serve the emulator until standard input closes; runs in the emulator's own environment.

Owns: one server, and the end of everything it started when its starter goes, however that happens.
Does not own: where it listens and what it keeps; ``llmlz.local.emulator`` sets both.

The starter holds the other end of standard input. The kernel closes that end when the starter dies, even by a kill
that it cannot catch, so that neither a process nor a folder is left.

One difference of the emulator is evened out here: it knows guardrails and application inference profiles by their id
only, while the provider names them by ARN in the path, as AWS allows.
"""

import asyncio
import os
import re
import shutil
import signal
import sys
import threading
from typing import Any
from urllib.parse import unquote

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app

BY_ARN = re.compile(r"^(/guardrails/|/inference-profiles/)arn:[^/]*:(?:guardrail|application-inference-profile)/")


async def by_id(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer a request whose path holds an ARN as if it held the id."""
    if scope["type"] == "http" and (short := BY_ARN.sub(r"\1", unquote(scope["path"]))) != unquote(scope["path"]):
        scope = {**scope, "path": short, "raw_path": short.encode()}
    await app(scope, receive, send)


def end_with_starter(state: str) -> None:
    """Wait for standard input to close, then remove the state and end the whole process group."""
    while os.read(sys.stdin.fileno(), 1):  # not sys.stdin.read: its lock breaks an orderly exit
        pass
    shutil.rmtree(state, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main(host: str, port: str, state: str) -> None:
    """Listen on ``host`` and ``port``; ``state`` is the folder that is thrown away at the end."""
    threading.Thread(target=end_with_starter, args=(state,), daemon=True).start()
    config = Config()
    config.bind = [f"{host}:{port}"]
    config.keep_alive_timeout = 75
    config.backlog = 1024
    asyncio.run(serve(by_id, config))


if __name__ == "__main__":
    if os.getpgrp() != os.getpid():
        sys.exit("serve.py ends its whole process group: start it as the leader of its own")
    main(*sys.argv[1:])
