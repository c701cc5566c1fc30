"""Serve checkov over standard input and output; runs in checkov's own environment, and opens no connection.

Owns: the protocol. One JSON object a line comes in, with ``id``, ``ask`` and what is asked; one goes out, with the same
``id`` and either what was found or ``error``.
Does not own: which checks exist (``known``), and how they are run (``plans``, ``manifests``).

Standard output carries the protocol alone: whatever checkov or a check of the caller prints goes to standard error. The
process ends when its standard input closes, which the kernel sees to even when the starter is killed.
"""

import gc
import importlib
import json
import os
import platform
import socket
import sys
import traceback
from collections.abc import Mapping
from typing import IO, Any

os.environ.setdefault("BC_SKIP_MAPPING", "TRUE")


def refuse(*_: Any, **__: Any) -> None:
    """Take the place of every connection."""
    raise OSError("checkov is served without a network")


def answer(request: Mapping[str, Any]) -> dict[str, Any]:
    """What one request gets; raises whatever checkov raises."""
    # Imported late, so that nothing is printed before standard output is put away.
    known = importlib.import_module("known")
    known.load_external(request.get("external"))
    if request["ask"] == "hello":
        return hello(known, request)
    module = importlib.import_module({"plan": "plans", "manifests": "manifests"}[request["ask"]])
    found: dict[str, Any] = module.judge(request[request["ask"]], request["checks"])
    return found


def hello(known: Any, request: Mapping[str, Any]) -> dict[str, Any]:
    """Versions, and what each check judges."""
    return {
        "checkov": known.VERSION,
        "python": platform.python_version(),
        "checks": known.described(request.get("checks")),
        "documents": known.documents(),
    }


def serve(requests: IO[str], answers: IO[str]) -> None:
    """Answer until there are no more requests; a request that fails is answered too.

    Garbage is collected between requests: within one, nearly everything that is made stays.
    """
    gc.disable()
    for line in requests:
        number = None
        try:
            request = json.loads(line)
            number = request["id"]
            reply = answer(request)
        except Exception as error:
            traceback.print_exc()
            reply = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps({"id": number, **reply}, separators=(",", ":"), default=str) + "\n")
        answers.flush()
        gc.collect()
        if number == 1:  # what is there now, mostly checks, stays
            gc.freeze()


if __name__ == "__main__":
    protocol = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.create_connection = refuse  # type: ignore[assignment]
    serve(os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8"), protocol)
