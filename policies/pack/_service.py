"""The policy pack as the Pulumi engine talks to it: the analyzer protocol over gRPC.

The SDK's own server decodes a resource once for each policy; this one decodes it once and knows which controls look at
its type, and still tells the engine every control by its own name, level and remediation.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc, plugin_pb2

from policies.pack._arriving import Arriving
from policies.pack._decode import decode
from policies.pack._dispatch import Dispatcher, Finding, Registered
from policies.pack._record import Record
from policies.pack._settings import SCHEMA, SETTINGS, SettingsError, read
from policies.pack._stack import Options

NAME = "llmlz"
SEVERITIES = {
    "low": analyzer_pb2.POLICY_SEVERITY_LOW,
    "medium": analyzer_pb2.POLICY_SEVERITY_MEDIUM,
    "high": analyzer_pb2.POLICY_SEVERITY_HIGH,
    "critical": analyzer_pb2.POLICY_SEVERITY_CRITICAL,
}

LEVELS = {analyzer_pb2.ADVISORY: "advisory", analyzer_pb2.DISABLED: "disabled"}
LONGEST_MESSAGE = 1 << 28
"""Bytes: a stack of 20,000 resources comes in one message."""

STUCK_SECONDS = 120.0
"""After this long in one call the pack ends itself: the engine then fails, and does not wait for ever."""
STUCK_EXIT = 70


class Service(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine. The names of the methods are the protocol's."""

    def __init__(self, records: Iterable[Record], version: str, stuck_seconds: float = STUCK_SECONDS) -> None:
        """Serve these records."""
        self.dispatcher = Dispatcher(records)
        self.version, self.stuck_seconds = version, stuck_seconds
        self._calls: dict[int, float] = {}
        threading.Thread(target=self._watch, daemon=True).start()

    def Handshake(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing to agree on."""
        return analyzer_pb2.AnalyzerHandshakeResponse()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Version of the pack."""
        return plugin_pb2.PluginInfo(version=self.version)

    def GetAnalyzerInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Every control by its name; what blocks is decided by level when it is found."""
        settings = analyzer_pb2.PolicyInfo(
            name=SETTINGS,
            displayName="Settings of the pack",
            description="Assurance level, other stacks of the estate, and what is not known before deployment.",
            enforcementLevel=analyzer_pb2.MANDATORY,
            configSchema=_schema(),
        )
        policies = [settings, *(_info(record) for record in self.dispatcher.rules.records)]
        return analyzer_pb2.AnalyzerInfo(
            name=NAME, displayName=NAME, version=self.version, supportsConfig=True, policies=policies
        )

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Keep whether it is a preview."""
        self.dispatcher.dry_run = request.dry_run
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Take settings; a wrong one ends the operation."""
        config = request.policyConfig
        weights = {n: LEVELS[c.enforcementLevel] for n, c in config.items() if c.enforcementLevel in LEVELS}
        properties = decode(config[SETTINGS].properties)[0] if SETTINGS in config else {}
        try:
            self.dispatcher.configure(read(properties, weights))
        except SettingsError as error:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        return empty_pb2.Empty()

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Decide what one resource shows."""
        return self._timed(lambda: self.dispatcher.arrives(_arriving(request)))

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing is changed behind a program's back."""
        return analyzer_pb2.RemediateResponse()

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Decide what needs the whole stack."""
        return self._timed(lambda: self.dispatcher.ends([_registered(r) for r in request.resources]))

    def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        """Nothing runs on."""
        return empty_pb2.Empty()

    def _timed(self, decided: Callable[[], Sequence[Finding]]) -> Any:
        """The response with what is decided; the watch ends the pack when that takes too long."""
        thread = threading.get_ident()
        self._calls[thread] = time.monotonic()
        try:
            return analyzer_pb2.AnalyzeResponse(diagnostics=[self._diagnostic(finding) for finding in decided()])
        finally:
            del self._calls[thread]

    def _diagnostic(self, finding: Finding) -> Any:
        record = finding.record
        return analyzer_pb2.AnalyzeDiagnostic(
            policyName=record.id,
            policyPackName=NAME,
            policyPackVersion=self.version,
            description=record.title,
            message=f"{finding.message}\nFix: {record.remediation}",
            enforcementLevel=analyzer_pb2.MANDATORY if finding.blocks else analyzer_pb2.ADVISORY,
            urn=finding.urn,
            severity=SEVERITIES[record.severity],
        )

    def _watch(self) -> None:
        while True:
            time.sleep(min(1.0, self.stuck_seconds / 4))
            oldest = min(tuple(self._calls.values()), default=None)
            if oldest is not None and time.monotonic() - oldest > self.stuck_seconds:
                print(
                    f"{NAME}: a rule did not end within {self.stuck_seconds:g} s; nothing was decided", file=sys.stderr
                )
                sys.stderr.flush()
                os._exit(STUCK_EXIT)


def serve(service: Service, started: Callable[[int], None]) -> grpc.Server:
    """Listen on a free port of this machine and tell it."""
    size = [("grpc.max_receive_message_length", LONGEST_MESSAGE), ("grpc.max_send_message_length", LONGEST_MESSAGE)]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4), options=size)
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    started(port)
    return server


def _arriving(request: Any) -> Arriving:
    inputs, secrets = decode(request.properties)
    provider = request.provider.urn or None
    options = Options(request.options.protect)
    return Arriving(request.urn, request.type, request.name, inputs, options, provider, secrets)


def _registered(resource: Any) -> Registered:
    arriving = _arriving(resource)
    dependencies = {name: tuple(found.urns) for name, found in resource.propertyDependencies.items()}
    return Registered(urn=resource.urn, outputs=arriving.inputs, dependencies=dependencies, arriving=arriving)


def _info(record: Record) -> Any:
    of_stack = record.scope == "stack"
    return analyzer_pb2.PolicyInfo(
        name=record.id,
        displayName=record.title,
        description=f"{record.title}. {record.why}",
        enforcementLevel=analyzer_pb2.MANDATORY,
        policy_type=analyzer_pb2.POLICY_TYPE_STACK if of_stack else analyzer_pb2.POLICY_TYPE_RESOURCE,
        severity=SEVERITIES[record.severity],
        remediation_steps=record.remediation,
    )


def _schema() -> Any:
    schema = analyzer_pb2.PolicyConfigSchema()
    schema.properties.update({name: dict(value) for name, value in SCHEMA.items()})
    return schema
