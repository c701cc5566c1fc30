"""Prices of machines for ``llmlz.cost``, from the catalogue with an estate's changes."""

from pathlib import Path

from llmlz.cost.machines import Machines, machines
from llmlz.errors import BadInputError
from stacks.catalogue_file import load_accelerators
from stacks.problems import SettingsError


def estate_machines(estate: Path) -> Machines:
    """Instance type to what it costs; raises ``BadInputError`` for an overlay that is wrong."""
    try:
        rows = load_accelerators(estate)
    except SettingsError as error:
        raise BadInputError(str(error)) from None
    return machines({name: row.model_dump() for name, row in rows.items()})
