"""What the echo provider answers for outputs: unknown before a resource exists, plausible and stable afterwards.

Owns: which outputs are computed.
Does not own: how they look (``llmlz.graph.standins``).
"""

import functools
import threading

import pulumi
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi import _types
from pulumi.runtime import rpc

from llmlz.graph.model import Resource, token_of
from llmlz.graph.outputs import known_outputs
from llmlz.graph.standins import Standins


class Answers:
    """Outputs for the resources of one account and region; safe to ask from several threads."""

    def __init__(self, standins: Standins) -> None:
        """Answer with stand-ins: the same texts that a recording of the same program holds."""
        self._standins = standins
        self._lock = threading.Lock()

    def identity(self, urn: str) -> str:
        """The id that a resource gets when it is created."""
        with self._lock:
            return self._standins.text(urn, token_of(urn), "id")

    def unknown(self, urn: str, inputs: Struct) -> Struct:
        """Outputs of a resource that does not exist yet: inputs, and unknowns where the provider would compute."""
        outputs = _copy(inputs)
        for name in computed(token_of(urn)):
            if name not in outputs.fields:
                outputs.fields[name].string_value = rpc.UNKNOWN
        return outputs

    def known(self, urn: str, inputs: Struct) -> Struct:
        """Outputs of a resource that was created: inputs, and stand-ins where the provider would compute."""
        values = MessageToDict(inputs)
        name = urn.rpartition("::")[2]
        resource = Resource(urn=urn, type=token_of(urn), name=name, kind="custom", parent=None, inputs=values)
        with self._lock:
            made = known_outputs(resource, self._standins)
        outputs = _copy(inputs)
        outputs.update({name: made[name] for name in computed(token_of(urn)) if name in made and name not in values})
        return outputs

    def changed(self, state: Struct, old: Struct, new: Struct) -> Struct:
        """Outputs after an update: as they were, with inputs that changed, came or went."""
        outputs = _copy(state)
        for name in set(old.fields) - set(new.fields):
            outputs.fields.pop(name, None)
        for name, value in new.fields.items():
            outputs.fields[name].CopyFrom(value)
        return outputs


@functools.cache
def computed(token: str) -> tuple[str, ...]:
    """Names of the outputs that are always there, given or not: in the SDK their type is not optional."""
    known = [cls for cls in pulumi.CustomResource.__subclasses__() if getattr(cls, "pulumi_type", None) == token]
    return tuple(
        sorted(
            name
            for cls in known
            for _, name, getter in _types._py_properties(cls)  # type: ignore[arg-type]  # a class is hashable
            if name not in ("id", "urn") and "Optional[" not in str(getter.fget.__annotations__.get("return"))
        )
    )


def _copy(struct: Struct) -> Struct:
    copy = Struct()
    copy.CopyFrom(struct)
    return copy
