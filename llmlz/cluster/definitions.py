"""Custom resource definitions of the kinds that pools are made of: Karpenter's, and that of EKS Auto Mode."""

from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from llmlz.cluster.find import DEFINITIONS, find_cluster

OWN = "nodeclasses.eks.amazonaws.com.yaml"
"""AWS does not publish this one; ours is written after its documentation."""


def definitions() -> tuple[dict[str, Any], ...]:
    """Every definition, by file name; raises ``ToolMissingError`` where the programs were not built."""
    built = sorted((find_cluster() / DEFINITIONS).iterdir())
    return (*(_read(path.read_text(encoding="utf-8")) for path in built), own_definition())


def own_definition() -> dict[str, Any]:
    """The definition of ``eks.amazonaws.com/v1 NodeClass`` that this project wrote."""
    return _read((resources.files("llmlz.cluster") / "data" / OWN).read_text(encoding="utf-8"))


def _read(text: str) -> dict[str, Any]:
    document: dict[str, Any] = YAML(typ="safe").load(text)
    return document
