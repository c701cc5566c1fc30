"""Stands in for Pulumi's AWS plugin: a process that the engine starts by itself, and that makes nothing.

Arguments: a file for what it was configured with, the account, the region, and logical names whose creation fails;
the engine adds its own address. Prints the port, as plugins do.
"""

import importlib
import json
import sys
import threading
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import provider_pb2_grpc

from llmlz.engine.answers import Answers
from llmlz.engine.echo import EchoError, EchoProvider
from llmlz.graph.model import token_of
from llmlz.graph.standins import Standins

REPOSITORY = Path(__file__).resolve().parents[2]


class Plugin(EchoProvider):
    """The echo provider, with a memory for its settings."""

    def __init__(self, notes: Path, **rest: Any) -> None:
        super().__init__(**rest)
        self._notes = notes

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Write down what a real provider would be told."""
        with self._notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(MessageToDict(request.args)) + "\n")
        return super().Configure(request, context)


def install(home: Path, *, account: str, region: str, failing: tuple[str, ...] = (), version: str = "7.51.1") -> Path:
    """Install it into the Pulumi home ``home``; returns the file of its notes."""
    folder = home / "plugins" / f"resource-aws-v{version}"
    folder.mkdir(parents=True)
    notes = home / "configured.jsonl"
    script = folder / "pulumi-resource-aws"
    arguments = " ".join([str(notes), account, region, *failing])
    script.write_text(
        f"#!/bin/sh\nPYTHONPATH={REPOSITORY} exec {sys.executable} -W ignore -m tests.local.plugin {arguments}\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return notes


def main(notes: str, account: str, region: str, *failing: str) -> None:
    """Serve until the engine ends the process."""
    lock = threading.Lock()

    def hook(operation: str, urn: str) -> None:
        _, service, name = token_of(urn).split(":")
        with lock:  # the answers know the outputs of classes that are loaded; the SDK loads lazily
            getattr(importlib.import_module(f"pulumi_aws.{service.partition('/')[0]}"), name)
        if operation == "create" and urn.rpartition("::")[2] in failing:
            raise EchoError(f"the emulator does not know {urn.rpartition('::')[2]}")

    answers = Answers(Standins(account=account, region=region, partition="aws"))
    provider = Plugin(Path(notes), account=account, answers=answers, calls={}, hook=hook)
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
