"""What a team's calls cost: inference profile to model to price, as plain values.

Owns: the rows. Does not own: where they are published.

Bills name the opaque id of a profile; with this list anybody finds the model and the list price behind it.
"""

from typing import TypedDict

from stacks.access_list import Approval, approvals, guarded
from stacks.kinds import TeamStack
from stacks.settings.catalogue import Model, Price


class Priced(TypedDict):
    """A list price, in the words of its source."""

    currency: str
    input_per_1000_tokens: float
    output_per_1000_tokens: float
    region: str
    """Region that the price is of."""
    same_region: bool
    """Whether calls start there; elsewhere the same model can cost more or less."""
    source: str
    date: str


class PriceRow(TypedDict):
    """One profile of a team."""

    profile: str
    """``<model>-<geography>``, as the team's outputs name it."""
    model: str
    """Alias in the catalogue."""
    model_id: str
    geography: str
    region: str
    """Where calls start."""
    price: Priced | None
    """``None`` where no price is known; never zero for that."""
    why: str
    """Why there is no price; empty where there is one."""


def price_map(stack: TeamStack) -> list[PriceRow]:
    """A row for every profile of the team, in the order of the team file."""
    return [_row(stack, approval) for approval in approvals([stack])]


def _row(stack: TeamStack, approval: Approval) -> PriceRow:
    known = stack.platform.catalogue.models[approval.alias]
    why = _unknown(known, approval.alias)
    return {
        "profile": approval.profile,
        "model": approval.alias,
        "model_id": approval.model_id,
        "geography": approval.route.geography,
        "region": approval.region,
        "price": None if why else _priced(known.price, approval.region),
        "why": why,
    }


def _unknown(model: Model, alias: str) -> str:
    """Why nothing can be said: tokens that cost nothing are a gap in the catalogue, not an offer.

    Models that make embeddings answer no tokens, and have no price for them.
    """
    tokens = model.price.per_1000_tokens
    whole = tokens.input and (tokens.output or not guarded(model))
    return "" if whole else f"the catalogue has no price per token of {alias}"


def _priced(price: Price, region: str) -> Priced:
    return {
        "currency": price.currency,
        "input_per_1000_tokens": price.per_1000_tokens.input,
        "output_per_1000_tokens": price.per_1000_tokens.output,
        "region": price.region,
        "same_region": price.region == region,
        "source": price.source,
        "date": str(price.date),
    }
