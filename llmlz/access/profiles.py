"""Inference profiles by the names that people know: which model each calls, and whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llmlz.access.calls import PROFILE
from llmlz.graph.model import Graph, Resource

NOBODY = ""
"""Stack of a name that several stacks give to a profile of theirs: whose it is cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One application inference profile."""

    name: str
    """Logical name."""

    stack: str
    """The stack that makes it, or ``NOBODY``."""

    model: str
    """Id of the model behind it; the text that it is copied from where that shows no model; empty where it is not known
    which of several models is meant."""

    geography: str
    """Where the model may answer: the geography of a cross-region profile, or one region."""


def profiles(graphs: Sequence[Graph]) -> Mapping[str, Profile]:
    """Logical name to profile, over all graphs."""
    found: dict[str, Profile] = {}
    for graph in graphs:
        for resource in graph.of_type(PROFILE):
            model, geography = route(resource, str(resource.inputs.get("region") or graph.region))
            same = found.get(resource.name)
            found[resource.name] = Profile(
                name=resource.name,
                stack=NOBODY if same else graph.stack,
                model=model if same is None or same.model == model else "",
                geography=geography,
            )
    return found


def route(profile: Resource, region: str) -> tuple[str, str]:
    """Model and geography of a profile: ``inference-profile/eu.amazon.nova-lite-v1:0`` is Nova Lite in ``eu``."""
    copied = str((profile.inputs.get("modelSource") or {}).get("copyFrom") or "")
    kind, _, name = copied.split(":", 5)[-1].partition("/")
    if kind == "inference-profile":
        geography, _, model = name.partition(".")
        return model, geography
    return name or copied, region
