"""Reading an estate for a command: bad input ends here, with one message and exit code 2."""

from pathlib import Path
from typing import TYPE_CHECKING

from llmlz.errors import BadInputError

if TYPE_CHECKING:
    from stacks.estate import Estate


def estate_at(folder: Path) -> "Estate":
    """The estate in ``folder``; raises ``BadInputError`` with every problem of every file."""
    from stacks.estate import load_estate  # noqa: PLC0415  # loads pydantic: only commands that run pay for it
    from stacks.problems import SettingsError  # noqa: PLC0415

    try:
        return load_estate(folder)
    except SettingsError as error:
        raise BadInputError(str(error)) from None


def require_stack(estate: "Estate", name: str) -> None:
    """Raise ``BadInputError`` when the estate has no stack of this name."""
    from stacks.problems import SettingsError  # noqa: PLC0415

    try:
        estate.stack(name)
    except SettingsError as error:
        raise BadInputError(str(error)) from None
