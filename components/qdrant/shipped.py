"""The program around Qdrant, as it is shipped into the cluster."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

PROGRAM = Path(__file__).with_name("program")


def program() -> dict[str, str]:
    """File name to text. Python needs no ``__init__.py``, and Pulumi keeps such names for itself."""
    return {path.name: path.read_text("utf-8") for path in sorted(PROGRAM.glob("[!_]*.py"))}


def digest(*parts: object) -> str:
    """Eight digits that change with what they stand for."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def program_map(name: str, namespace: str, labels: Mapping[str, str], opts: pulumi.ResourceOptions) -> Any:
    """Name of the map that holds the program; another program has another map."""
    text = program()
    found = kubernetes.core.v1.ConfigMap(
        name,
        metadata={"name": f"qdrant-program-{digest(text)}", "namespace": namespace, "labels": dict(labels)},
        data=text,
        immutable=True,
        opts=opts,
    )
    return found.metadata["name"]
