"""Talks to a policy pack as the engine does, without an engine: a recorded graph goes in, findings come out."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from llmlz.errors import LlmlzError
from llmlz.graph.model import Graph, Resource
from llmlz.processes import end_session
from policies.pack._decode import SECRET, SIGNATURE

CALL_SECONDS = 300.0
SIZE = [("grpc.max_receive_message_length", 1 << 28), ("grpc.max_send_message_length", 1 << 28)]


class PackError(LlmlzError):
    """The pack did not start, crashed, or refused its settings."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Diagnostic:
    """One finding as the engine hears it."""

    policy: str
    urn: str
    """Empty for the stack as a whole."""

    mandatory: bool
    message: str


class Pack:
    """A running policy pack."""

    def __init__(self, stub: Any, pid: int) -> None:
        """``stub`` is connected to the process ``pid``."""
        self._stub, self.pid = stub, pid

    def policies(self) -> tuple[str, ...]:
        """Names of all policies; raises ``PackError``."""
        return tuple(policy.name for policy in self._call("GetAnalyzerInfo", empty_pb2.Empty()).policies)

    def configure(self, config: Mapping[str, Mapping[str, Any]], *, dry_run: bool = False) -> None:
        """Pass settings by policy, as in a file for ``--policy-pack-config``; raises ``PackError``."""
        self._call("ConfigureStack", analyzer_pb2.AnalyzerStackConfigureRequest(dry_run=dry_run))
        request = analyzer_pb2.ConfigureAnalyzerRequest()
        for policy, settings in config.items():
            properties = dict(settings)
            level = properties.pop("enforcementLevel", "mandatory").upper()
            request.policyConfig[policy].enforcementLevel = analyzer_pb2.EnforcementLevel.Value(level)
            request.policyConfig[policy].properties.update(properties)
        self._call("Configure", request)

    def analyze(self, graph: Graph) -> tuple[Diagnostic, ...]:
        """Findings of every resource and of the stack, in order; raises ``PackError``."""
        single, whole = messages(graph)
        return tuple(sorted([*self.ask("Analyze", *single), *self.ask("AnalyzeStack", whole)]))

    def ask(self, method: str, *requests: Any) -> Iterator[Diagnostic]:
        """Findings of one call after another; raises ``PackError``."""
        for request in requests:
            yield from map(_diagnostic, self._call(method, request).diagnostics)

    def nothing(self, method: str, *requests: Any) -> None:
        """Make calls whose answer is of no interest; raises ``PackError``."""
        for request in requests:
            self._call(method, request)

    def _call(self, method: str, request: Any) -> Any:
        try:
            return getattr(self._stub, method)(request, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            raise PackError(f"the policy pack failed at {method}: {error.details()}") from error


@contextmanager
def running(folder: Path, *, python: Path = Path(sys.executable)) -> Iterator[Pack]:
    """Start the pack in ``folder`` and end it afterwards; raises ``PackError`` where it does not come up."""
    child = subprocess.Popen(
        [python, "-u", "__main__.py", "127.0.0.1:0", "."],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        port = child.stdout.readline().strip() if child.stdout else ""
        if not port.isdigit():
            raise PackError(f"the policy pack in {folder} said {port!r} instead of its port")
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=SIZE) as channel:
            yield Pack(analyzer_pb2_grpc.AnalyzerStub(channel), child.pid)
    finally:
        end_session(child)
        if child.stdout:
            child.stdout.close()


def messages(graph: Graph) -> tuple[list[Any], Any]:
    """What the engine sends about a stack: one request for each resource as it arrives, and one for all at the end."""
    providers = {r.urn: r for r in graph.resources if r.kind == "provider"}
    single = [_message(analyzer_pb2.AnalyzeRequest, resource, providers) for resource in graph.resources]
    whole = analyzer_pb2.AnalyzeStackRequest(resources=[_whole(r, graph, providers) for r in graph.resources])
    return single, whole


def _message(kind: Any, resource: Resource, providers: Mapping[str, Resource]) -> Any:
    message = kind(urn=resource.urn, type=resource.type, name=resource.name, properties=_struct(resource))
    message.options.protect = resource.options.protect
    provider = providers.get(resource.provider or "")
    if provider:
        message.provider.urn, message.provider.type, message.provider.name = provider.urn, provider.type, provider.name
    elif resource.kind == "custom":
        message.provider.urn = resource.provider or "default"
    return message


def _whole(resource: Resource, graph: Graph, providers: Mapping[str, Resource]) -> Any:
    """What the engine knows at the end: outputs, and which input depends on which resource."""
    message = _message(analyzer_pb2.AnalyzerResource, resource, providers)
    for standin in graph.standins.values():
        if standin.urn == resource.urn and "[" not in standin.path:
            place, (*parents, last) = message.properties, standin.path.split(".")
            for name in parents:
                place = place.get_or_create_struct(name)
            place[last] = standin.value
    for reference in resource.references:
        name = reference.at.partition(".")[0].partition("[")[0]
        if reference.to not in message.propertyDependencies[name].urns:
            message.propertyDependencies[name].urns.append(reference.to)
    return message


def _struct(resource: Resource) -> struct_pb2.Struct:
    """Inputs as the engine sends them: secrets are marked."""

    def marked(value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            value = {k: marked(v, f"{path}.{k}" if path else k) for k, v in value.items()}
        elif isinstance(value, list):
            value = [marked(v, f"{path}[{i}]") for i, v in enumerate(value)]
        return {SIGNATURE: SECRET, "value": value} if path in resource.secrets else value

    struct = struct_pb2.Struct()
    struct.update(marked(resource.inputs, ""))
    return struct


def _diagnostic(found: Any) -> Diagnostic:
    return Diagnostic(
        policy=found.policyName,
        urn=found.urn,
        mandatory=found.enforcementLevel == analyzer_pb2.MANDATORY,
        message=found.message,
    )
