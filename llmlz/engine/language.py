"""Serves one Python function as a Pulumi program, so that the engine needs no language host.

Owns: the server that the engine calls back to run the program.
Does not own: the engine's process (``process``), or what is deployed (``workspace``).

The SDK's automation package has such a server too. This one differs in how a program ends: every task of the program
is ended with it, also when the engine is killed, and what the program raised is kept as it is.
"""

import asyncio
import contextlib
import contextvars
import gc
import platform
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import grpc
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

WORKERS = 32
"""Requests to the engine that a program may have open at once."""

BODIES = threading.Lock()
"""Held while a program's own statements run; its requests are answered later, for several programs at once. The services
of ``pulumi_aws`` load on first use, and two threads that do so at once get half a module:
https://github.com/python/cpython/issues/114763 (2026-11)"""


@dataclass(slots=True)
class Served:
    """A program that an engine can run; as a context manager around the program it remembers what that raised."""

    address: str = ""
    """Host and port, for ``--client``."""

    error: BaseException | None = None
    """What the program raised, if it did; failures of what it registered are the engine's to tell."""

    def __enter__(self) -> "Served":
        """Enter the program."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the program, with or without an error; the error goes on to the engine."""
        self.error = error


class ProgramServer(language_pb2_grpc.LanguageRuntimeServicer):
    """The requests of the engine to a language host, answered. The names are the RPC methods of that protocol."""

    def __init__(self, program: Callable[[], None]) -> None:
        """Run ``program`` when asked."""
        self._program = program
        self._leave: Callable[[], None] = lambda: None

    def leave(self) -> None:
        """End a program that still waits for the engine, which is gone and will never answer."""
        self._leave()

    def About(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Name the interpreter."""
        return language_pb2.AboutResponse(executable=sys.executable, version=platform.python_version())

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Have no version."""
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Need no package: providers are attached."""
        return language_pb2.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Need no plugin: providers are attached."""
        return language_pb2.GetRequiredPluginsResponse()

    def Run(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Run the program to its end, in a context of its own: the SDK keeps its settings in context variables."""
        error = contextvars.copy_context().run(self._run, request)
        if isinstance(error, grpc.RpcError) and error.code() == grpc.StatusCode.UNAVAILABLE:
            return language_pb2.RunResponse(bail=True)  # gone, and it knows why; or unreachable, and nothing was made
        return language_pb2.RunResponse(error=f"{type(error).__name__}: {error}" if error else "")

    def _run(self, request: Any) -> BaseException | None:
        reset_options(
            project=request.project,
            monitor_address=request.monitor_address,
            engine_address=request.args[0],
            stack=request.stack,
            parallel=request.parallel,
            preview=request.dryRun,
            organization=request.organization,
        )
        set_all_config(dict(request.config), list(request.configSecretKeys))
        with contextlib.ExitStack() as after, asyncio.Runner() as runner:
            loop, gone = runner.get_loop(), asyncio.Event()
            loop.set_exception_handler(lambda loop, told: None)  # what a task raised, the engine was told
            loop.set_default_executor(futures.ThreadPoolExecutor(max_workers=WORKERS))
            self._leave = lambda: _tell(loop, gone)
            try:
                error = runner.run(_to_its_end(self._program, gone))
            except SystemExit as left:
                error = left
            if gone.is_set():
                after.enter_context(_no_word_of_what_was_cut_off())
            return error


def _tell(loop: asyncio.AbstractEventLoop, gone: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the program has ended
        loop.call_soon_threadsafe(gone.set)


@contextlib.contextmanager
def _no_word_of_what_was_cut_off() -> Iterator[None]:
    """Drop what a program leaves that did not end, without a warning for each output that nobody awaits any more."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="coroutine '.*' was never awaited", category=RuntimeWarning)
        yield
        gc.collect()


async def _to_its_end(program: Callable[[], None], gone: asyncio.Event) -> BaseException | None:
    """What the program, or a task of it, raised; nothing when the engine was gone first.

    When a step fails the SDK waits for ever for outputs that nobody will set: it counts on being killed.
    """
    task = asyncio.ensure_future(run_in_stack(program))
    waiting = asyncio.ensure_future(gone.wait())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    return task.exception() if task.done() else None


@contextlib.contextmanager
def served(program: Callable[[], None]) -> Iterator[Served]:
    """Serve ``program`` until the block ends."""
    state = Served()

    def run() -> None:
        with state, BODIES:
            program()

    servicer = ProgramServer(run)
    with futures.ThreadPoolExecutor(max_workers=4) as pool:  # its end waits for the program's
        server = grpc.server(pool, options=_GRPC_CHANNEL_OPTIONS)
        language_pb2_grpc.add_LanguageRuntimeServicer_to_server(servicer, server)
        state.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        server.start()
        try:
            yield state
        finally:
            servicer.leave()
            server.stop(grace=None).wait()
