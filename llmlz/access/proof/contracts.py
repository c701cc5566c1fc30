"""What each layer promises alone: the same world, with all other layers wide open.

Layers hide each other's mistakes: of 47 mistakes planted in one study only 15 broke the composition. So every layer is
proved by itself for what ``promised_by`` says of it.
"""

from collections.abc import Mapping
from dataclasses import replace

from llmlz.access.documents import Layer
from llmlz.access.proof.names import BOUNDARIES
from llmlz.access.proof.properties import Kind, Promise, Property
from llmlz.access.proof.subjects import EVERYTHING, Subject
from llmlz.access.world import World

FIELDS: Mapping[Layer, tuple[str, ...]] = {
    "boundary": ("boundary",),
    "endpoint": ("endpoints",),
    "identity": ("identity",),
    "resource": ("guards", "resource_account"),
    "resource_control": ("resource_control",),
    "service_control": ("service_control",),
    "session": ("session",),
}
"""Layer to where a world keeps it."""

SHOWN_BY: Mapping[Promise, tuple[Kind, ...]] = {
    "boundary": ("team", "workload", "knowledge_base"),
    "identity": ("team", "workload", "knowledge_base", "team_pipeline", "break_glass", "spending_stop"),
    "platform_boundary": ("pipeline", "team_pipeline", "break_glass", "spending_stop"),
}
"""Layers of one principal to the kinds of principal that have them; the others are given every permission."""

EXEMPT: tuple[Kind, ...] = ("pipeline", "break_glass")
"""Roles that policies of the organization exempt by name: whoever is left in the account does not stand for them."""


def only(world: World, layer: Layer | None) -> World:
    """The world with this layer as it is and every other one open; with ``None``, without any layer."""
    kept = {name: getattr(world, name) for name in (FIELDS[layer] if layer else ())}
    return replace(World(account=world.account, identity=(EVERYTHING,)), **kept)


def _boundary_of(subject: Subject) -> Promise:
    """Which of the two boundaries a role of the platform carries; the one of code where it has none, which must show."""
    boundary = subject.world.boundary
    of_platform = boundary is not None and boundary.origin.name.endswith(f":policy/{BOUNDARIES[1]}")
    return "platform_boundary" if of_platform else "boundary"


def contracts(property_: Property, subject: Subject) -> tuple[Layer, ...]:
    """The layers whose promise is proved with this subject."""
    return tuple(
        "boundary" if promise == "platform_boundary" else promise
        for promise, level in property_.promised_by.items()
        if level <= subject.level and _shown_by(property_, subject, promise)
    )


def _shown_by(property_: Property, subject: Subject, layer: Promise) -> bool:
    if subject.kind == "workload" and layer in ("boundary", "platform_boundary"):
        return layer == _boundary_of(subject)
    if layer in SHOWN_BY:
        return subject.kind in SHOWN_BY[layer]
    if layer == "resource":
        return True
    if layer == "service_control" and subject.kind in EXEMPT:
        return True
    everybody = next((kind for kind in ("administrator", "outsider") if kind in property_.about), None)
    return subject.kind == everybody or everybody is None
