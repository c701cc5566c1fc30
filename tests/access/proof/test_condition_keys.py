"""The condition keys that the proof knows, and the assumptions that it makes, are listed with their sources."""

from pathlib import Path
from typing import get_args

import pytest
from ruamel.yaml import YAML

from llmlz.access.conditions import OPERATORS
from llmlz.access.proof import domain, keys
from llmlz.access.proof.keys import FITTING, Key, Type, known


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("AWS:sourcevpce", Key("aws:SourceVpce", "text")),
        ("aws:principaltag/Team", Key("aws:PrincipalTag/Team", "text")),
        ("kms:encryptioncontext:tenant", Key("kms:EncryptionContext:tenant", "text")),
        ("kms:EncryptionContext:aws:logs:arn", Key("kms:EncryptionContext:aws:logs:arn", "arn")),
        ("aws:TagKeys", Key("aws:TagKeys", "text", many=True)),
        ("sts:RequestContextProviders", Key("sts:RequestContextProviders", "arn", many=True)),
        ("aws:PrincipalTag/", None),
        ("aws:PrincipalTag", None),
        ("aws:SourceVpces", None),
    ],
)
def test_keys_are_known_by_name(asked: str, expected: Key | None) -> None:
    """In any case, members of a family with their own end; what is not listed is not known."""
    assert known(asked) == expected


def test_every_operator_fits_some_type() -> None:
    """No operator of the evaluator is forgotten, and every type has one."""
    assert {operator.shape for operator in OPERATORS.values()} == set(FITTING)
    assert {type_ for types in FITTING.values() for type_ in types} == set(get_args(Type))


@pytest.mark.parametrize("file", [keys.FILE, domain.FILE], ids=lambda path: path.name)
def test_facts_have_a_source_and_a_day(file: Path) -> None:
    """Every row says where it was read, and when; an axiom also says why it is there."""
    for row in YAML(typ="safe").load(file.read_text(encoding="utf-8")):
        assert row["source"].startswith("https://docs.aws.amazon.com/"), row
        assert str(row["read"]).startswith("20"), row
        assert file == keys.FILE or row["reason"], row


def test_a_key_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rows for one key, or a type that is none, are mistakes in the file."""
    for text, message in (
        ("- {source: x, text: [a:b], flag: [A:B]}", "A:B is listed twice"),
        ("- {source: x, words: [a:b]}", "type 'words' is none of text, arn"),
    ):
        (tmp_path / "keys.yaml").write_text(text)
        monkeypatch.setattr(keys, "FILE", tmp_path / "keys.yaml")
        with pytest.raises(ValueError, match=message):
            keys._listed.__wrapped__()
