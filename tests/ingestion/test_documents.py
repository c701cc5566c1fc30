"""Which documents are taken in: default closed, decided before the content is read."""

import json
from typing import Any

import pytest

from components.ingestion.ingest.documents import (
    EMPTY,
    NO_CLASS,
    NOT_TEXT,
    TOO_HIGH,
    UNREADABLE_SIDECAR,
    HeldError,
    Rules,
    admit,
    decoded,
    said,
)

RULES = Rules(accepted=frozenset({"public", "internal"}), defaults={"owner": "team@example.com", "source": "intranet"})


def judged(tags: dict[str, str], sidecar: Any = None) -> dict[str, str] | str:
    """Provenance, or the reason why the document is held back."""
    content = None if sidecar is None else json.dumps({"metadataAttributes": sidecar}).encode()
    try:
        return admit(*said(tags, content), RULES)
    except HeldError as held:
        return held.reason


@pytest.mark.parametrize(
    ("tags", "sidecar", "expected"),
    [
        ({}, None, NO_CLASS),
        ({"owner": "a"}, {"owner": "b"}, NO_CLASS),
        ({"data-class": ""}, None, TOO_HIGH),
        ({"data-class": "confidential"}, None, TOO_HIGH),
        ({"data-class": "Internal"}, None, TOO_HIGH),
        ({"data-class": "secret squirrel"}, None, TOO_HIGH),
        ({"data-class": "internal"}, {"data_class": "restricted"}, TOO_HIGH),
        ({"data-class": "restricted"}, {"data_class": "internal"}, TOO_HIGH),
        ({}, {"data_class": {"value": {"type": "STRING", "stringValue": "restricted"}}}, TOO_HIGH),
        ({}, {"data_class": {"value": {"type": "NUMBER", "numberValue": 1}}}, TOO_HIGH),
        ({"data-class": "internal"}, {"data_class": {"other": 1}}, UNREADABLE_SIDECAR),
        ({"data-class": "internal"}, ["data_class"], UNREADABLE_SIDECAR),
    ],
)
def test_held_back(tags: dict[str, str], sidecar: Any, expected: str) -> None:
    """No class, a class that is not accepted in either place, a word that is none, and a sidecar that says nothing."""
    assert judged(tags, sidecar) == expected


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"other": {}}', b"\xff", b'{"metadataAttributes": null}'])
def test_a_broken_sidecar_holds_the_document_back(content: bytes) -> None:
    """Even beside a tag: what cannot be read might say more."""
    with pytest.raises(HeldError, match=UNREADABLE_SIDECAR):
        said({"data-class": "public"}, content)


def test_taken_in_with_what_is_known() -> None:
    """Defaults, then tags, then the sidecar; other tags are nobody's business."""
    assert judged({"data-class": "internal", "owner": "o@example.com", "cost": "7"}, {"source": "wiki"}) == {
        "data-class": "internal",
        "owner": "o@example.com",
        "source": "wiki",
    }
    long_form = {"data_class": {"value": {"type": "STRING", "stringValue": "public"}}, "lawful_basis": "consent"}
    assert judged({}, long_form) == {**RULES.defaults, "data-class": "public", "lawful-basis": "consent"}


def test_the_record_does_not_repeat_what_is_no_class() -> None:
    """A sentence in the place of a class might be content."""
    with pytest.raises(HeldError) as caught:
        admit({}, ("restricted", "Erika earns 70,000"), RULES)
    assert caught.value.stated == ("restricted", "not a class")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", EMPTY),
        (b" \n\t ", EMPTY),
        (b"\xef\xbb\xbf", EMPTY),
        (b"caf\xe9", NOT_TEXT),
        (b"\xff\xfeh\x00i\x00", NOT_TEXT),
        (b"a\x00b", NOT_TEXT),
        (b"%PDF-1.7 all ASCII", NOT_TEXT),
        (b"PK\x03\x04", NOT_TEXT),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, reason: str) -> None:
    """Never guessed: a wrong guess would be passed on as if it were the document."""
    with pytest.raises(HeldError, match=reason):
        decoded(content)


def test_text_is_read_with_one_kind_of_line_end() -> None:
    """With or without a mark of byte order."""
    assert decoded("\ufeffä\r\nb\rc\n".encode()) == "ä\nb\nc\n"
