"""Which documents are taken in: what is said about one decides before its content is read.

Default closed: a document of which nobody says how sensitive it is, is held back.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST_BYTES = 1024 * 1024
"""Larger ones are held back: a run has a bounded time for each."""

SIDECAR = ".metadata.json"
"""The file beside a document that says what it is; knowledge bases of Bedrock read the same one:
https://docs.aws.amazon.com/bedrock/latest/userguide/kb-metadata.html (2026-11)"""

CLASS = "data-class"
SAID = (CLASS, "lawful-basis", "owner", "source")
"""What tags and sidecars may say."""

PLAIN = re.compile(r"[a-z][a-z-]{0,31}")


class HeldError(Exception):
    """A document is not taken in; the reason is one of the words below and never quotes the document."""

    def __init__(self, reason: str, stated: tuple[str, ...] = ()) -> None:
        """Keep the reason, and the classes that were stated."""
        super().__init__(reason)
        self.reason, self.stated = reason, stated


NO_CLASS, TOO_HIGH, UNREADABLE_SIDECAR = "no-data-class", "data-class-not-accepted", "sidecar-unreadable"
TOO_LARGE, NOT_TEXT, EMPTY = "too-large", "not-text", "empty"
UNREADABLE = frozenset({NOT_TEXT, TOO_LARGE, UNREADABLE_SIDECAR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What holds for all documents of one team."""

    accepted: frozenset[str]
    """Data classes that may be taken in."""

    defaults: Mapping[str, str] = field(default_factory=dict)
    """Owner, source and lawful basis of documents that say nothing of their own; never a data class."""


def said(tags: Mapping[str, str], sidecar: bytes | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """What tags and sidecar say of a document, the sidecar last, and every data class that either states.

    Raises ``HeldError`` for a sidecar that is not one.
    """
    spoken = [tags] if sidecar is None else [tags, _attributes(sidecar)]
    known = [{_key(name): value for name, value in one.items() if _key(name) in SAID} for one in spoken]
    return {k: v for one in known for k, v in one.items()}, tuple(one[CLASS] for one in known if CLASS in one)


def admit(about: Mapping[str, str], classes: tuple[str, ...], rules: Rules) -> dict[str, str]:
    """Provenance of a document that may be read; raises ``HeldError`` where any class that is stated is too high."""
    if not classes:
        raise HeldError(NO_CLASS)
    if not set(classes) <= rules.accepted:
        raise HeldError(TOO_HIGH, tuple(c if PLAIN.fullmatch(c) else "not a class" for c in classes))
    return {**rules.defaults, **about}


def decoded(content: bytes) -> str:
    """The text of a document; raises ``HeldError`` for what is no UTF-8 text, and for what is empty."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HeldError(NOT_TEXT) from None
    if text.startswith("%PDF-") or any(unicodedata.category(c) == "Cc" and c not in "\t\n\r\f" for c in set(text)):
        raise HeldError(NOT_TEXT)
    if not text.strip():
        raise HeldError(EMPTY)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _attributes(sidecar: bytes) -> dict[str, str]:
    try:
        attributes: Any = json.loads(sidecar)["metadataAttributes"]
        return {str(name): _plain(value) for name, value in attributes.items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        raise HeldError(UNREADABLE_SIDECAR) from None


def _plain(value: Any) -> str:
    """A value in the short form, or in the long one with its type."""
    if isinstance(value, Mapping):
        return str(value["value"].get("stringValue", ""))
    return str(value)


def _key(name: str) -> str:
    return name.lower().replace("_", "-")
