"""The monitor that a recorded program talks to instead of an engine.

It answers every registration with the inputs and with stand-ins for the outputs that only a cloud could know, and
keeps what was asked. Registrations arrive on a pool of threads; nothing that is kept depends on their order.
"""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from google.protobuf import empty_pb2
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from llmlz.errors import LlmlzError
from llmlz.graph.model import Kind, Options, Resource, Source
from llmlz.graph.outputs import known_outputs
from llmlz.graph.plain import plain, references
from llmlz.graph.sdk import plain_properties, sent_properties
from llmlz.graph.standins import Standins

STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
NOT_PROGRAM = (".venv", ".envs", "llmlz")
"""Top folders whose lines never make a resource themselves."""


NO_TRANSFORMS = "a recording cannot run it and would show other inputs; set the values as arguments"


class RecordingError(LlmlzError):
    """The program did something that a recording cannot hold; the message says what, and where."""


class RecordingMonitor(mocks.MockMonitor):
    """Keeps every registration of one program as a ``Resource``."""

    def __init__(
        self,
        *,
        project: str,
        stack: str,
        standins: Standins,
        others: Mapping[str, Mapping[str, Any]],
        calls: Mapping[str, Mapping[str, Any]],
        root: Path,
    ) -> None:
        """Answer stack references from ``others`` (stack name to outputs) and invokes from ``calls`` (token to answer).

        ``root`` is the folder that source paths are written relative to.
        """
        super().__init__(mocks=None)  # type: ignore[arg-type]  # nothing of the base that uses it is left
        self.project, self.stack, self.standins, self.others, self.calls = project, stack, standins, others, calls
        self.root = root
        self.recorded: dict[str, Resource] = {}
        self.stack_outputs: dict[str, Any] = {}
        self.lock = threading.Lock()

    # The names below are the RPC methods that the SDK calls.

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        """Keep one registration and answer with inputs and stand-ins."""
        with self.lock:
            if request.type == STACK:
                return resource_pb2.RegisterResourceResponse(urn=self.urn("", request.type, request.name))
            urn = self.urn(request.parent, request.type, request.name)
            if request.transforms:
                raise RecordingError(f"{urn} has a transform: {NO_TRANSFORMS}")
            found = plain(plain_properties(request.object), self.root)
            resource = Resource(
                urn=urn,
                type=request.type,
                name=request.name,
                kind=_kind(request),
                parent=self._parent(request.parent),
                inputs=found.value,
                options=_options(request),
                provider=request.provider.rpartition("::")[0] or None,
                references=references(found.value, _dependencies(request), self.standins.made),
                secrets=found.secrets,
                source=self._source(request),
            )
            self._keep(resource)
            if resource.kind == "component":
                return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
            return self._answer(resource)

    def ReadResource(self, request: Any) -> Any:  # noqa: N802
        """Answer a stack reference with the outputs of the other stack; anything else that is read is refused."""
        with self.lock:
            if request.type != STACK_REFERENCE:
                raise RecordingError(
                    f"{request.type} {request.name!r} is read, not made: pass what it holds as an argument"
                )
            name = request.id.rpartition("/")[2]
            if name not in self.others:
                raise RecordingError(
                    f"stack {request.id!r} is referenced, but it was not recorded before {self.stack!r}"
                )
            urn = self.urn(request.parent, request.type, request.name)
            state = {"name": request.id, "outputs": dict(self.others[name]), "secretOutputNames": []}
            self._keep(
                Resource(
                    urn=urn,
                    type=request.type,
                    name=request.name,
                    kind="read",
                    parent=self._parent(request.parent),
                    inputs={"name": request.id},
                    source=self._source(request),
                )
            )
            properties = sent_properties(state)
            return resource_pb2.ReadResourceResponse(urn=urn, properties=properties)

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        """Answer a data source from the table of calls; a call that is not in it is refused."""
        if request.tok not in self.calls:
            raise RecordingError(
                f"the program calls {request.tok}: look it up in stacks/ and pass the result as an argument"
            )
        answer = sent_properties(dict(self.calls[request.tok]))
        return resource_pb2.ResourceInvokeResponse(**{"return": answer})

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        """Keep what a component, or the stack itself, offers."""
        with self.lock:
            found = plain(plain_properties(request.outputs), self.root)
            if request.urn in self.recorded:
                known = self.recorded[request.urn]
                values = {name: getattr(known, name) for name in Resource.__slots__}
                self.recorded[request.urn] = Resource(**{**values, "outputs": found.value})
            else:
                self.stack_outputs = found.value
            return empty_pb2.Empty()

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802
        """Refuse: a recording would show inputs that the engine then changes."""
        raise RecordingError(f"the program registers a transform: {NO_TRANSFORMS}")

    def urn(self, parent: str, type_: str, name: str) -> str:
        """The URN that an engine gives: types of all parents but the stack, joined by ``$``."""
        chain = parent.split("::")[2] if parent else ""
        qualified = f"{chain}${type_}" if chain and chain != STACK else type_
        return f"urn:pulumi:{self.stack}::{self.project}::{qualified}::{name}"

    def _keep(self, resource: Resource) -> None:
        if resource.urn in self.recorded:
            raise RecordingError(f"two resources are called {resource.urn}, the second at {resource.source}")
        self.recorded[resource.urn] = resource

    def _answer(self, resource: Resource) -> Any:
        rid = self.standins.text(resource.urn, resource.type, "id")
        state = known_outputs(resource, self.standins)
        obj = sent_properties(state)
        return resource_pb2.RegisterResourceResponse(urn=resource.urn, id=rid, object=obj)

    def _parent(self, urn: str) -> str | None:
        return urn if urn and urn.split("::")[2] != STACK else None

    def _source(self, request: Any) -> Source | None:
        """The innermost line of the project itself: a component's line for its children, a stack's for components."""
        for frame in request.stackTrace.frames:
            path = Path(unquote(urlparse(frame.pc.uri).path))
            if not path.is_relative_to(self.root):
                continue
            top = path.relative_to(self.root).parts[0]
            if top not in NOT_PROGRAM:
                return Source(file=path.relative_to(self.root).as_posix(), line=frame.pc.line)
        return None


def _kind(request: Any) -> Kind:
    if not request.custom:
        return "component"
    return "provider" if request.type.startswith("pulumi:providers:") else "custom"


def _dependencies(request: Any) -> dict[str, list[str]]:
    return {name: sorted(found.urns) for name, found in request.propertyDependencies.items()}


def _options(request: Any) -> Options:
    timeouts = request.customTimeouts
    named = {name: getattr(timeouts, name) for name in ("create", "update", "delete")}
    former = [alias.urn or alias.spec.name for alias in request.aliases]  # both empty: the SDK's own renamed tokens
    return Options(
        aliases=tuple(sorted(name for name in [*former, *request.aliasURNs] if name)),
        custom_timeouts={name: value for name, value in named.items() if value},
        delete_before_replace=request.deleteBeforeReplace,
        depends_on=tuple(sorted(request.dependencies)),
        ignore_changes=tuple(sorted(request.ignoreChanges)),
        import_id=request.importId or None,
        protect=bool(request.protect),
        replace_on_changes=tuple(sorted(request.replaceOnChanges)),
        retain_on_delete=bool(request.retainOnDelete),
    )
