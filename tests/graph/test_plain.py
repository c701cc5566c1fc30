"""From what the SDK sends to plain values: secrets, files, numbers, and the references in them."""

from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from llmlz.graph.model import Reference, Standin, texts
from llmlz.graph.plain import Plain, is_file, plain, references
from llmlz.graph.standins import Standins

KEY = "urn:pulumi:test::llmlz::aws:kms/key:Key::key"
BUCKET = "urn:pulumi:test::llmlz::aws:s3/bucket:Bucket::bucket"
leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10)
names = st.from_regex(r"[a-z][A-Za-z]{0,6}", fullmatch=True)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4))


def secret(value: Any) -> dict[str, Any]:
    """A value as the SDK marks it."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "value": value}


@given(st.dictionaries(names, values, max_size=4))
def test_plain_values_stay_as_they_are(value: dict[str, Any]) -> None:
    """Nothing is invented or lost."""
    assert plain(value, Path("/")) == Plain(value, ())


def test_whole_numbers_are_integers_again() -> None:
    """The wire knows floating point only; a port of 443.0 is 443, and 0.5 stays."""
    assert plain({"port": 443.0, "capacity": 0.5, "on": True}, Path("/")).value == {
        "port": 443,
        "capacity": 0.5,
        "on": True,
    }
    assert isinstance(plain({"port": 443.0}, Path("/")).value["port"], int)


def test_secrets_are_unwrapped_and_their_paths_kept() -> None:
    """Readers see the value's shape and know which paths are secret, in a stable order."""
    sent = {"b": [{"password": secret("x")}, "y"], "a": secret({"token": "z"})}
    assert plain(sent, Path("/")) == Plain({"b": [{"password": "x"}, "y"], "a": {"token": "z"}}, ("a", "b[0].password"))


def test_files_become_texts_and_paths_below_the_root(tmp_path: Path) -> None:
    """A graph holds no path of the machine: below the root a relative one, elsewhere the name alone."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "index.py").write_text("x = 1\n")
    sent = {
        "code": pulumi.AssetArchive(
            {
                "z.py": pulumi.StringAsset("text"),
                "index.py": pulumi.FileAsset(str(tmp_path / "code" / "index.py")),
                "lib": pulumi.FileArchive(str(tmp_path / "code")),
            }
        ),
        "other": pulumi.FileAsset(str(tmp_path / "code" / "index.py")),
    }
    here, elsewhere = plain(sent, tmp_path).value, plain(sent, tmp_path / "code" / "deeper").value
    assert here["code"] == {
        "$archive": {
            "index.py": {"$asset": {"path": "code/index.py"}},
            "lib": {"$archive": {"path": "code"}},
            "z.py": {"$asset": {"text": "text"}},
        }
    }
    assert list(here["code"]["$archive"]) == ["index.py", "lib", "z.py"]
    assert elsewhere["other"] == {"$asset": {"path": "index.py"}}
    assert is_file(here["code"])
    assert not is_file({"text": "x"})


def test_what_is_no_plain_value_is_refused_with_its_place() -> None:
    """A value that JSON cannot hold never ends up in a graph as something else."""
    with pytest.raises(TypeError, match=r"^a\.b\[1\]: a set cannot be recorded$"):
        plain({"a": {"b": [1, {2}]}}, Path("/"))


@pytest.fixture
def made() -> Standins:
    """Stand-ins of a key and a bucket."""
    return Standins(account="111122223333", region="eu-central-1", partition="aws")


def test_an_output_inside_a_document_is_a_reference(made: Standins) -> None:
    """The path of the input, the resource and the output are all known, also within a longer text."""
    arn, name = made.text(KEY, "aws:kms/key:Key", "arn"), made.text(BUCKET, "aws:s3/bucket:Bucket", "bucket")
    inputs = {"policy": f'{{"Resource": ["{arn}", "arn:aws:s3:::{name}/*"]}}', "rules": [{"kmsKeyArn": arn}]}
    assert references(inputs, {"policy": [KEY, BUCKET], "rules": [KEY]}, made.made) == (
        Reference(at="policy", to=KEY, output="arn"),
        Reference(at="policy", to=BUCKET, output="bucket"),
        Reference(at="rules[0].kmsKeyArn", to=KEY, output="arn"),
    )


@pytest.mark.parametrize("change", [str.upper, lambda text: text[:-4], lambda text: text[::-1]])
def test_an_output_that_a_text_no_longer_shows_is_still_a_reference(change: Any, made: Standins) -> None:
    """A text that was cut, turned round or raised to capitals depends on the resource all the same; which output is open."""
    name = change(made.text(KEY, "aws:kms/key:Key", "keyId"))
    assert references({"name": name}, {"name": [KEY]}, made.made) == (Reference(at="name", to=KEY, output=None),)


def test_a_dependency_that_the_text_shows_is_counted_once(made: Standins) -> None:
    """The second net catches only what fell through the first."""
    arn = made.text(KEY, "aws:kms/key:Key", "arn")
    found = references({"config": {"key": arn, "name": "x"}}, {"config": [KEY, BUCKET]}, made.made)
    assert found == (Reference(at="config", to=BUCKET), Reference(at="config.key", to=KEY, output="arn"))


def test_numbers_are_references_and_flags_are_not(made: Standins) -> None:
    """A port that a database answers is found as a number and in a text; ``true`` is never a stand-in."""
    port = made.number(KEY, "port")
    made.made["True"] = Standin(urn=BUCKET, path="flag", value="True")
    found = references({"port": port, "url": f"db:{port}/x", "on": True}, {}, made.made)
    assert found == (Reference(at="port", to=KEY, output="port"), Reference(at="url", to=KEY, output="port"))


def test_a_foreign_core_is_no_reference(made: Standins) -> None:
    """Text that only looks like a stand-in points nowhere."""
    assert references({"name": "ref0123456789abq"}, {}, made.made) == ()


def test_paths_of_leaves() -> None:
    """Readers and references speak of the same paths."""
    value = {"a": {"b": [1, {"c": None}]}, "d": True}
    assert list(texts(value)) == [("a.b[0]", 1), ("a.b[1].c", None), ("d", True)]
