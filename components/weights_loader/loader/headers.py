"""The header of a safetensors file, checked as if its author meant harm.

Eight bytes with the length of the header, the header as JSON, then the tensors, without a gap and to the last byte:
https://huggingface.co/docs/safetensors (2026-11) and https://docs.rs/safetensors (2026-11), whose reader refuses the
same things.
"""

import json
from collections.abc import Iterable, Sequence
from math import prod
from typing import Any, BinaryIO

from .problems import RefusedError

LENGTH = 8
"""Bytes that the length of the header takes."""

LONGEST = 100_000_000
"""Bytes of a header, as in the reference implementation."""

BITS = {
    "BOOL": 8,
    "F4": 4,
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F8_E4M3": 8,
    "F8_E5M2": 8,
    "F8_E8M0": 8,
    "U8": 8,
    "I8": 8,
    "BF16": 16,
    "F16": 16,
    "U16": 16,
    "I16": 16,
    "F32": 32,
    "U32": 32,
    "I32": 32,
    "C64": 64,
    "F64": 64,
    "U64": 64,
    "I64": 64,
}
"""Type of an element to its size: https://docs.rs/safetensors/latest/safetensors/tensor/enum.Dtype.html (2026-11)."""


def check(file: BinaryIO, size: int) -> int:
    """Number of tensors in a file of ``size`` bytes; raises ``RefusedError`` for anything that is not sound."""
    start = file.read(LENGTH)
    if len(start) < LENGTH:
        raise RefusedError("it is too short for the length of a header")
    length = int.from_bytes(start, "little")
    if length > LONGEST:
        raise RefusedError(f"its header would have {length} bytes, {LONGEST} at most")
    if length > size - LENGTH:
        raise RefusedError(f"its header would have {length} bytes, and {size - LENGTH} follow")
    text = file.read(length)
    if len(text) < length:
        raise RefusedError("it ends within its header")
    return tensors(text, size - LENGTH - length)


def tensors(text: bytes, room: int) -> int:
    """Number of tensors that a header describes; together they fill ``room`` bytes exactly."""
    if not text.startswith(b"{"):
        raise RefusedError("its header does not start with {")
    try:
        header = json.loads(text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise RefusedError(f"its header is no JSON: {type(error).__name__}") from error
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise RefusedError("its metadata is more than texts by name")
    end = 0
    for begin, after, name in sorted(_place(name, described) for name, described in header.items()):
        if begin != end:
            raise RefusedError(f"tensor {name[:80]!r} starts at {begin}, and the one before it ends at {end}")
        end = after
    if end != room:
        raise RefusedError(f"its tensors end at {end}, and {room} bytes follow the header")
    return len(header)


def _place(name: str, described: Any) -> tuple[int, int, str]:
    """Where a tensor begins and ends; its type and shape must need as many bytes."""
    if not isinstance(described, dict) or set(described) != {"dtype", "shape", "data_offsets"}:
        raise RefusedError(f"tensor {name[:80]!r} has more or less than dtype, shape and data_offsets")
    dtype, shape, offsets = described["dtype"], described["shape"], described["data_offsets"]
    if not isinstance(dtype, str) or dtype not in BITS:
        raise RefusedError(f"tensor {name[:80]!r} has the unknown type {str(dtype)[:20]!r}")
    if not _counts(shape) or not _counts(offsets, 2) or offsets[0] > offsets[1]:
        raise RefusedError(f"tensor {name[:80]!r} has a shape or offsets that are none")
    bits = prod(shape) * BITS[dtype]
    if bits != 8 * (offsets[1] - offsets[0]):
        raise RefusedError(f"tensor {name[:80]!r} needs {bits} bits and has {offsets[1] - offsets[0]} bytes")
    return offsets[0], offsets[1], name


def _counts(value: Any, length: int | None = None) -> bool:
    """A list, as long as ``length`` says, of whole numbers from 0 on that fit 64 bits; ``True`` is no number."""
    fits = isinstance(value, list) and length in (None, len(value))
    return fits and all(type(each) is int and 0 <= each < 1 << 63 for each in value)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names are all different: readers disagree on which of two counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"{len(pairs) - len(found)} names come twice")
    return found


def _constant(name: str) -> Iterable[None]:
    raise ValueError(f"{name} is no JSON")
