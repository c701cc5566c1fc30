"""The Terraform address of a resource, from nothing but its URN."""

import hashlib
import re

LABEL_HASH = 6
"""Hexadecimal digits that keep equal names under different parents apart."""


def address(urn: str, type_: str) -> str:
    """The Terraform address of a resource: the same on every stack and release that keeps the URN's type and name."""
    _, _, qualified, name = urn.split("::", 3)
    short = hashlib.sha256(f"{qualified}::{name}".encode()).hexdigest()[:LABEL_HASH]
    label = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return f"{type_}.{label if label[:1].isalpha() else '_' + label}-{short}"
