"""Nothing is lost on the way: every leaf of what went in is somewhere in what came out."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from llmlz.graph.model import texts


def lost(inputs: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Paths of ``inputs`` whose value stands nowhere in ``values``, on its own or inside a document."""
    left = Counter(_shown(leaf) for _, leaf in texts(values) if leaf is not None)
    documents: list[str] | None = None
    missing = []
    for path, leaf in texts(inputs):
        if leaf is None:
            continue
        shown = _shown(leaf)
        if left[shown] > 0:
            left[shown] -= 1
            continue
        if documents is None:
            documents = [leaf for _, leaf in texts(values) if isinstance(leaf, str) and leaf[:1] in "[{"]
        if not any(shown in document for document in documents):
            missing.append(path)
    return missing


def _shown(leaf: Any) -> str:
    """A value as text: Pulumi and Terraform differ in whether a flag or a number is one."""
    if isinstance(leaf, bool):
        return str(leaf).lower()
    if isinstance(leaf, float) and leaf.is_integer():
        return str(int(leaf))
    return leaf.lower() if isinstance(leaf, str) and leaf.lower() in ("true", "false") else str(leaf)
