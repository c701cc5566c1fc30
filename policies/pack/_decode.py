"""From what the Pulumi engine sends to the plain values that rules read.

Signatures and marks of unknown values are those of sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi 3.256.0.
"""

from collections.abc import Mapping
from typing import Any

from google.protobuf import struct_pb2

from policies.pack._values import UNKNOWN

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105  # a mark, no secret
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
UNKNOWNS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # flag
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        UNKNOWN,  # text
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
"""Whatever its kind, an unknown value is ``UNKNOWN`` to the rules."""


def decode(struct: struct_pb2.Struct) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Plain inputs, and the paths in them that are secret."""
    secrets: list[str] = []
    plain = {name: _value(value, name, secrets) for name, value in struct.fields.items() if not name.startswith("__")}
    return plain, tuple(sorted(secrets))


def _value(value: struct_pb2.Value, path: str, secrets: list[str]) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWNS else value.string_value
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "list_value":
        return [_value(item, f"{path}[{index}]", secrets) for index, item in enumerate(value.list_value.values)]
    if kind == "struct_value":
        return _struct(value.struct_value.fields, path, secrets)
    return None


def _struct(fields: Mapping[str, struct_pb2.Value], path: str, secrets: list[str]) -> Any:
    mark = fields[SIGNATURE].string_value if SIGNATURE in fields else None
    if mark == SECRET:
        secrets.append(path)
        return _value(fields["value"], path, secrets)
    if mark == OUTPUT:
        if "secret" in fields and fields["secret"].bool_value:
            secrets.append(path)
        return _value(fields["value"], path, secrets) if "value" in fields else UNKNOWN
    return {k: _value(v, f"{path}.{k}", secrets) for k, v in fields.items() if not k.startswith("__")}
