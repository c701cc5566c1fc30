"""List prices of instances with accelerators, from the catalogue to what the inventory takes."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from llmlz.errors import BadInputError
from llmlz.inventory.prices import ListPrice, Prices
from stacks.catalogue_file import load_accelerators
from stacks.problems import SettingsError
from stacks.settings.accelerators import Accelerator


def list_prices(estate: Path) -> Prices:
    """Prices of the catalogue with the estate's changes; raises ``BadInputError`` for an overlay that is wrong."""
    try:
        return prices_of(load_accelerators(estate))
    except SettingsError as error:
        raise BadInputError(str(error)) from None


def prices_of(rows: Mapping[str, Accelerator]) -> Prices:
    """Rows of the catalogue as prices, with source and date."""
    return Prices(
        by_type={
            name: ListPrice(
                usd_per_hour={
                    region: None if usd is None else Decimal(str(usd)) for region, usd in row.usd_per_hour.items()
                },
                source=f"{row.source} ({row.source_date})",
                missing=row.no_price or "its price is not known",
            )
            for name, row in rows.items()
        },
        missing="the catalogue does not know this type",
    )
