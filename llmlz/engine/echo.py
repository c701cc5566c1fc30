"""A resource provider that makes nothing: it answers every request with the inputs and with plausible outputs.

Owns: the server that the engine attaches to instead of real plugins, for as many packages as are named.
Does not own: what outputs look like (``answers``), nor what a change does (``differ``).

A preview answers as a first deployment does: no id, and unknowns for what only a cloud could know. A provider that
knew everything would hide the programs that fail on their first deployment.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent import futures
from types import TracebackType
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from llmlz.engine.answers import Answers
from llmlz.engine.differ import changes
from llmlz.graph.model import token_of
from llmlz.graph.standins import Standins

THREADS = 16
Hook = Callable[[str, str], None]
"""Called with the operation (``create``, ``update``, ``delete``, ``read``) and the URN before the echo answers; an
``EchoError`` from it fails that step."""


class EchoError(Exception):
    """A step is to fail as a cloud would fail it; the message is what the cloud says."""


class EchoProvider(provider_pb2_grpc.ResourceProviderServicer):
    """The requests of the engine, answered. The names are the RPC methods of Pulumi's provider protocol."""

    def __init__(self, *, account: str, answers: Answers, calls: Mapping[str, Mapping[str, Any]], hook: Hook) -> None:
        """``calls`` answers data sources by token; others fail."""
        self._account, self._answers, self._calls, self._hook = account, answers, calls, hook

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Say what the engine may send: secrets stay marked, unknowns stay bare."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Claim a version newer than any SDK asks for: one server stands in for several packages."""
        return plugin_pb2.PluginInfo(version="999.0.0")

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Accept the configuration of an explicit provider as it is."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Update a provider in place, whatever changed."""
        return _diff("", request.old_inputs, request.news)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Refuse an account that the program does not allow, as the AWS provider does; a role that is taken is of another."""
        given = MessageToDict(request.args)
        allowed, taken = _listed(given.get("allowedAccountIds")), _listed(given.get("assumeRoles"))
        account = str(taken[0].get("roleArn", "")).split(":")[4] if taken else self._account
        if allowed and account not in allowed:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"AWS account ID not allowed: {account}")
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Accept the inputs of a resource as they are."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Compare inputs with inputs, and say what is replaced."""
        return _diff(token_of(request.urn), request.old_inputs, request.news)

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Make up a resource; in a preview without an id and with unknowns."""
        if request.preview:
            return provider_pb2.CreateResponse(properties=self._answers.unknown(request.urn, request.properties))
        self._ask("create", request.urn, context)
        identity = self._answers.identity(request.urn)
        return provider_pb2.CreateResponse(id=identity, properties=self._answers.known(request.urn, request.properties))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Find everything as the state has it: nothing drifts here."""
        self._ask("read", request.urn, context)
        return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Take the new inputs and keep what was computed."""
        if not request.preview:
            self._ask("update", request.urn, context)
        outputs = self._answers.changed(request.olds, request.old_inputs, request.news)
        return provider_pb2.UpdateResponse(properties=outputs)

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Forget a resource."""
        self._ask("delete", request.urn, context)
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Answer a data source from the table of calls."""
        if request.tok not in self._calls:
            reason = f"the program calls {request.tok}: look it up in stacks/ and pass the result as an argument"
            return provider_pb2.InvokeResponse(failures=[provider_pb2.CheckFailure(reason=reason)])
        answer = Struct()
        answer.update(self._calls[request.tok])
        return provider_pb2.InvokeResponse(**{"return": answer})  # type: ignore[arg-type]  # a keyword of Python

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Agree: no answer takes long."""
        return empty_pb2.Empty()

    def Attach(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Agree: the engine has nothing that this provider asks for."""
        return empty_pb2.Empty()

    def _ask(self, operation: str, urn: str, context: grpc.ServicerContext) -> None:
        try:
            self._hook(operation, urn)
        except EchoError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))


class Echo:
    """The server, on a port of its own, for the time of a ``with`` block. It is a thread: nothing can be left behind."""

    def __init__(
        self,
        *,
        account: str,
        region: str,
        partition: str = "aws",
        packages: Iterable[str] = ("aws", "kubernetes"),
        calls: Mapping[str, Mapping[str, Any]] | None = None,
        hook: Hook = lambda operation, urn: None,
    ) -> None:
        """Serve ``packages`` for one account and region; see ``Hook`` and ``EchoProvider`` for the rest."""
        answers = Answers(Standins(account=account, region=region, partition=partition))
        provider = EchoProvider(account=account, answers=answers, calls=calls or {}, hook=hook)
        self._packages = tuple(packages)
        self._pool = futures.ThreadPoolExecutor(max_workers=THREADS)
        self._server = grpc.server(self._pool)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, self._server)
        self._port = 0

    @property
    def attachment(self) -> str:
        """The value of ``PULUMI_DEBUG_PROVIDERS``: package and port, for each."""
        return ",".join(f"{package}:{self._port}" for package in self._packages)

    def __enter__(self) -> "Echo":
        """Start to serve."""
        self._port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop at once; no request is worth waiting for."""
        self._server.stop(grace=None).wait()
        self._pool.shutdown()


def _diff(token: str, old: Struct, new: Struct) -> Any:
    found = changes(token, MessageToDict(old), MessageToDict(new))
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted({change.input for change in found}),
        replaces=sorted({change.input for change in found if change.replaces}),
    )


def _listed(given: Any) -> list[Any]:
    """A list among the settings of a provider, which travel as JSON texts; nothing for anything else."""
    found = json.loads(given) if isinstance(given, str) and given.startswith("[") else given
    return found if isinstance(found, list) else []
