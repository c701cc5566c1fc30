"""Self-contained HTML pages: templates that escape every text, and hashes for the page's content security policy."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def environment(folders: Sequence[Path]) -> Environment:
    """Templates of these folders; every text is escaped, and a name that is not given is an error."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def digest(text: str) -> str:
    """What a content security policy says to let one inline style or script through: ``sha256-`` and the hash."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
