"""What came of a deployment onto the emulator, whichever engine made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.graph.model import Standin


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What came of a merged graph; URNs are those of the merged graph."""

    attributes: Mapping[str, Mapping[str, Any]]
    """URN to attributes by their Terraform names, for every resource that was made."""

    reasons: Mapping[str, str]
    """URN to the provider's words, for every resource that it refused."""

    known: Mapping[str, tuple[Standin, Any]]
    """Core of a stand-in to the stand-in and the real value."""
