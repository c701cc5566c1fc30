"""Run a Pulumi program in this process and write down what it registers."""

import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime import mocks, settings, stack

from llmlz.graph.model import Graph, Standin, texts
from llmlz.graph.monitor import RecordingMonitor
from llmlz.graph.sdk import forget, wait
from llmlz.graph.standins import Standins, cores

ROOT = Path(__file__).resolve().parents[2]
"""Source paths are written from here."""


def record(
    program: Callable[[], None],
    *,
    project: str,
    stack_name: str,
    account: str,
    region: str,
    partition: str = "aws",
    others: Mapping[str, Graph] | None = None,
    calls: Mapping[str, Mapping[str, Any]] | None = None,
    root: Path = ROOT,
) -> Graph:
    """The graph of ``program``, without an engine, a provider, a network or credentials.

    ``others`` answers the stack references: stack name to its recorded graph. ``calls`` answers data sources by token;
    none are expected. Raises ``RecordingError`` when the program does what a recording cannot hold, and whatever the
    program itself raises. Programs run one at a time: the Pulumi runtime is global to a process.
    """
    standins = Standins(account=account, region=region, partition=partition)
    monitor = RecordingMonitor(
        project=project,
        stack=stack_name,
        standins=standins,
        others={name: graph.outputs for name, graph in (others or {}).items()},
        calls=calls or {},
        root=root.resolve(),
    )
    _run(program, project, stack_name, monitor)
    return Graph(
        project=project,
        stack=stack_name,
        resources=tuple(sorted(monitor.recorded.values(), key=lambda r: r.urn)),
        outputs=monitor.stack_outputs,
        standins=_used(monitor, standins),
        account=account,
        region=region,
        partition=partition,
    )


def _used(monitor: RecordingMonitor, standins: Standins) -> dict[str, Standin]:
    """The stand-ins that turn up somewhere; the program never asked for the others."""
    values = [[r.inputs, r.outputs] for r in monitor.recorded.values()]
    found = {core for _, leaf in texts([values, monitor.stack_outputs]) for core in cores(str(leaf))}
    return {core: standins.made[core] for core in sorted(found) if core in standins.made}


def _run(program: Callable[[], None], project: str, stack_name: str, monitor: RecordingMonitor) -> None:
    """Run to the end with the cyclic garbage collector resting: registrations are many and hold no cycles worth it."""
    was = gc.isenabled()
    gc.disable()
    try:
        mocks.set_mocks(None, project=project, stack=stack_name, preview=False, monitor=monitor)  # type: ignore[arg-type]
        settings.set_root_resource(None)  # type: ignore[arg-type]
        wait(stack.run_in_stack(program))
    finally:
        forget()
        if was:
            gc.enable()
