"""The bootstrap's CloudFormation template as text, and the boundaries in it as plain policies.

Owns: reading ``bootstrap.yaml`` and resolving the functions in it that need no stack.
Does not own: deploying it (``bootstrap``), or judging what a boundary allows (``llmlz.access``). What is judged there
is what is deployed: both come from this one text.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

TEMPLATE = Path(__file__).with_name("bootstrap.yaml")
BOUNDARY = "llmlz-boundary"
"""Managed policy that bounds every role of the landing zone."""

PLATFORM_BOUNDARY = "llmlz-platform-boundary"
"""Managed policy that bounds the pipeline."""

VARIABLE = re.compile(r"\$\{([A-Za-z0-9:]+)\}")
"""A variable of ``Fn::Sub``."""


def template_text() -> str:
    """The template as CloudFormation gets it."""
    return TEMPLATE.read_text(encoding="utf-8")


@cache
def template() -> dict[str, Any]:
    """The template as plain values, functions unresolved; read once, so nobody changes it."""
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(template_text())
    return found


def boundary_document(account: str, region: str, partition: str = "aws", name: str = BOUNDARY) -> dict[str, Any]:
    """The policy of the boundary ``name`` in one account, as deployed.

    Raises ``ValueError`` when the template has no such policy, or holds a function that cannot be resolved here.
    """
    known = {"AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": partition}
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::IAM::ManagedPolicy" and resource["Properties"]["ManagedPolicyName"] == name:
            document: dict[str, Any] = resolved(resource["Properties"]["PolicyDocument"], known)
            return document
    raise ValueError(f"{TEMPLATE.name} has no managed policy called {name!r}")


def resolved(value: Any, known: Mapping[str, str]) -> Any:
    """``value`` with ``Ref`` and ``Fn::Sub`` replaced; raises ``ValueError`` for any other function or name."""
    if isinstance(value, list):
        return [resolved(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key == "Ref":
            return _known(inner, known)
        if key == "Fn::Sub" and isinstance(inner, str):
            return VARIABLE.sub(lambda found: _known(found.group(1), known), inner)
        if key.startswith("Fn::"):
            raise ValueError(f"{TEMPLATE.name}: {key} cannot be resolved without a stack")
    return {key: resolved(inner, known) for key, inner in value.items()}


def _known(name: str, known: Mapping[str, str]) -> str:
    if name not in known:
        raise ValueError(f"{TEMPLATE.name}: {name} is not known before the stack exists")
    return known[name]
