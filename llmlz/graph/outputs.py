"""What a resource answers in a recording: its inputs, and stand-ins for the rest.

The names and types of outputs come from the SDK's own classes; no provider is asked.
"""

import functools
import typing
from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi import _types

from llmlz.graph.model import Resource
from llmlz.graph.plain import is_file
from llmlz.graph.standins import Standins

DEPTH = 2
"""How deep nested outputs get stand-ins: ``masterUserSecrets[0].secretArn`` is as deep as programs go."""


def known_outputs(resource: Resource, standins: Standins) -> dict[str, Any]:
    """Outputs by their Pulumi names. An input is echoed, so that code working on it sees the real value."""
    answer = {name: value for name, value in resource.inputs.items() if not is_file(value)}
    for name, kind in _output_types(resource.type).items():
        if name not in answer and name not in ("id", "urn"):
            value = _value(kind, resource, name, standins, DEPTH)
            if value is not None:
                answer[name] = value
    return answer


def _value(kind: Any, resource: Resource, path: str, standins: Standins, depth: int) -> Any:
    kind = _bare(kind)
    if kind is str:
        return standins.text(resource.urn, resource.type, path)
    if kind in (int, float):
        return standins.number(resource.urn, path)
    if typing.get_origin(kind) in (list, typing.Sequence) or _is_sequence(kind):
        (inner,) = typing.get_args(kind) or (str,)
        one = _value(inner, resource, f"{path}[0]", standins, depth - 1) if depth else None
        return None if one is None else [one]
    if isinstance(kind, type) and _types.is_output_type(kind) and depth:
        nested = {n: _value(t, resource, f"{path}.{n}", standins, depth - 1) for n, t in _nested_types(kind).items()}
        return {n: v for n, v in nested.items() if v is not None}
    return None  # flags and maps: no plausible value exists, and a wrong one would choose a branch


@functools.cache
def _output_types(token: str) -> Mapping[str, Any]:
    """Pulumi output name to type; ``_types.resource_types`` keys some names by their Python spelling."""
    cls = _class_of(token)
    if cls is None:
        return {}
    types, names = _types.resource_types(cls), _types.resource_py_to_pulumi_names(cls)
    return {pulumi_name: types.get(pulumi_name) or types.get(python) for python, pulumi_name in names.items()}


@functools.cache
def _nested_types(cls: type) -> Mapping[str, Any]:
    return _types.output_type_types(cls)


def _class_of(token: str) -> type | None:
    """The class that registered: it is loaded, or nothing could have registered."""
    for cls in pulumi.CustomResource.__subclasses__() + pulumi.ProviderResource.__subclasses__():
        if getattr(cls, "pulumi_type", None) == token:
            return cls
    return None


def _bare(kind: Any) -> Any:
    """``Optional[T]`` and ``Output[T]`` without their wrapping."""
    while (origin := typing.get_origin(kind)) is not None:
        arguments = [a for a in typing.get_args(kind) if a is not type(None)]
        if origin in (list, dict) or _is_sequence(kind) or len(arguments) != 1:
            return kind
        kind = arguments[0]
    return kind


def _is_sequence(kind: Any) -> bool:
    return getattr(typing.get_origin(kind), "__name__", "") in ("Sequence", "list")
