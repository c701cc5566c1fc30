"""What the loader takes for a safetensors file, and that nothing else gets through."""

import io
import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.weights_loader.loader import headers
from components.weights_loader.loader.problems import RefusedError
from tests.components.weights import described, packed, tensors


def check(content: bytes, size: int | None = None) -> int:
    """How many tensors the loader sees."""
    return headers.check(io.BytesIO(content), len(content) if size is None else size)


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (tensors(b"one", b"three"), 2),
        (tensors(), 0),
        (tensors(b"", b"x", b""), 3),
        (packed({"a": described("F32", [], 0, 4)}, b"1234"), 1),
        (packed({"b": described("F16", [2], 2, 6), "a": described("I8", [2, 1], 0, 2)}, b"123456"), 2),
        (packed({"half": described("F4", [2, 3], 0, 3)}, b"123"), 1),
        (packed(json.dumps({"a": described("BF16", [0, 9], 0, 0)}).encode() + b"   "), 1),
    ],
)
def test_sound_files_are_taken(content: bytes, count: int) -> None:
    """Tensors without elements, without dimensions, out of order, of half bytes, and a header that is padded."""
    assert check(content) == count


ONE = described("U8", [4], 0, 4)
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "too short for the length"),
    "half a length": (b"\x10\0\0", "too short for the length"),
    "a header longer than the file": (b"\xff\0\0\0\0\0\0\0{}", "would have 255 bytes, and 2 follow"),
    "a header longer than any": ((1 << 40).to_bytes(8, "little") + b"{}", "100000000 at most"),
    "a length that would be negative": (b"\xff" * 8 + b"{}", "100000000 at most"),
    "no object": (packed([]), "does not start with {"),
    "space before the object": (packed(b" {}"), "does not start with {"),
    "no JSON": (packed(b"{'a': 1}"), "is no JSON"),
    "no text": (packed(b'{"\xff": 1}'), "is no JSON"),
    "something after the object": (packed(b"{} {}"), "is no JSON"),
    "objects without end": (packed(b'{"a":' * 100_000), "is no JSON"),
    "a number that is none": (packed(b'{"a": NaN}'), "is no JSON"),
    "a number without end": (packed(b'{"a": ' + b"9" * 5000 + b"}"), "is no JSON"),
    "a name twice": (packed(b'{"a": %b, "a": %b}' % ((json.dumps(ONE).encode(),) * 2), b"1234"), "is no JSON"),
    "metadata with more than texts": (packed({"__metadata__": {"a": 1}}), "metadata is more"),
    "metadata that is a text": (packed({"__metadata__": "pt"}), "metadata is more"),
    "an unknown type": (packed({"a": {**ONE, "dtype": "OBJECT"}}, b"1234"), "unknown type 'OBJECT'"),
    "a type that is no text": (packed({"a": {**ONE, "dtype": ["U8"]}}, b"1234"), "unknown type"),
    "a field more": (packed({"a": {**ONE, "code": "x"}}, b"1234"), "more or less than"),
    "a field less": (packed({"a": {"dtype": "U8", "shape": [4]}}, b"1234"), "more or less than"),
    "a tensor that is a number": (packed({"a": 4}, b"1234"), "more or less than"),
    "a negative dimension": (packed({"a": {**ONE, "shape": [-4]}}, b"1234"), "that are none"),
    "a dimension that is true": (packed({"a": {**ONE, "shape": [4, True]}}, b"1234"), "that are none"),
    "a dimension with a point": (packed({"a": {**ONE, "shape": [4.0]}}, b"1234"), "that are none"),
    "one offset": (packed({"a": {**ONE, "data_offsets": [4]}}, b"1234"), "that are none"),
    "three offsets": (packed({"a": {**ONE, "data_offsets": [0, 4, 4]}}, b"1234"), "that are none"),
    "offsets backwards": (packed({"a": {**ONE, "data_offsets": [4, 0]}}, b"1234"), "that are none"),
    "too few bytes for the shape": (packed({"a": described("F32", [2], 0, 4)}, b"1234"), "needs 64 bits"),
    "a product that overflows": (
        packed({"a": described("U8", [1 << 62, 1 << 62], 0, 4)}, b"1234"),
        "bits and has 4 bytes",
    ),
    "half a byte": (packed({"a": described("F4", [3], 0, 2)}, b"12"), "needs 12 bits"),
    "two tensors in one place": (packed({"a": ONE, "b": ONE}, b"1234"), "ends at 4"),
    "two tensors that overlap": (packed({"a": ONE, "b": described("U8", [4], 2, 6)}, b"123456"), "ends at 4"),
    "a gap": (packed({"a": ONE, "b": described("U8", [1], 5, 6)}, b"123456"), "ends at 4"),
    "a gap at the start": (packed({"a": described("U8", [4], 2, 6)}, b"123456"), "ends at 0"),
    "something at the end": (packed({"a": ONE}, b"1234PK\x03\x04"), "8 bytes follow"),
    "tensors beyond the end": (packed({"a": ONE}, b"123"), "3 bytes follow"),
    "a pickle": (pickle.dumps({"weights": [1.0]}), "at most"),
}


@pytest.mark.parametrize("what", BAD)
def test_everything_else_is_refused(what: str) -> None:
    """With what is wrong in the message."""
    content, message = BAD[what]
    with pytest.raises(RefusedError, match=message):
        check(content)


def test_a_file_that_ends_within_its_header_is_refused() -> None:
    """Where the size was promised and the disk holds less."""
    with pytest.raises(RefusedError, match="ends within its header"):
        check(packed(b'{"a": 1}')[:12], size=100)


values = st.lists(st.binary(max_size=12), max_size=5)


@given(values)
def test_whatever_a_writer_writes_is_taken(contents: list[bytes]) -> None:
    """Any number of tensors of any length."""
    assert check(tensors(*contents)) == len(contents)


@given(values.filter(any), st.data())
def test_no_byte_can_be_added_or_taken_away(contents: list[bytes], data: st.DataObject) -> None:
    """A file holds its tensors and nothing else: there is no room for a stowaway."""
    whole = tensors(*contents)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(RefusedError):
        check(whole[:cut])
    with pytest.raises(RefusedError):
        check(whole + data.draw(st.binary(min_size=1)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
near = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from([*headers.BITS, "OBJECT", None]),
        "shape": st.lists(st.integers(-1, 3), max_size=3) | json_values,
        "data_offsets": st.lists(st.integers(-1, 20), min_size=1, max_size=3) | json_values,
    }
)


@given(st.dictionaries(st.text(max_size=3), near | json_values, max_size=4), st.binary(max_size=20))
def test_any_header_is_taken_or_refused_and_what_is_taken_fills_the_file(header: dict[str, Any], data: bytes) -> None:
    """No other error gets out, and in a file that is taken every byte belongs to exactly one tensor."""
    try:
        check(packed(header, data))
    except RefusedError:
        return
    owners = [0] * len(data)
    for tensor in (value for name, value in header.items() if name != "__metadata__"):
        begin, end = tensor["data_offsets"]
        owners[begin:end] = [count + 1 for count in owners[begin:end]]
    assert owners == [1] * len(data)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_reader_fall_over(content: bytes) -> None:
    """Anything is a sound file or refused."""
    try:
        check(content)
    except RefusedError:
        return
    assert content[8:9] == b"{"
