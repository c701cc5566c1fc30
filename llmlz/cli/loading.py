"""Reading an estate for a command: bad input ends here, with one message and exit code 2."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from llmlz.cli.options import EXAMPLE, progress
from llmlz.errors import BadInputError

if TYPE_CHECKING:
    from stacks.estate import Estate


def estate_at(folder: Path, tiers: Mapping[str, str] | None = None) -> "Estate":
    """The estate in ``folder``, perhaps with platforms at other tiers; raises ``BadInputError`` with every problem."""
    from stacks.estate import load_estate  # noqa: PLC0415  # loads pydantic: only commands that run pay for it
    from stacks.problems import SettingsError  # noqa: PLC0415

    try:
        estate = load_estate(folder, tiers or {})
    except SettingsError as error:
        raise BadInputError(str(error)) from None
    own = [place for place in (Path(), Path("stacks")) if any(place.glob("Pulumi.*.yaml"))]
    if folder == EXAMPLE and own:
        name = own[0].as_posix()
        progress().print(f"this is the example estate; to look at your own: --estate {name}", highlight=False)
    return estate


def require_stack(estate: "Estate", name: str) -> None:
    """Raise ``BadInputError`` when the estate has no stack of this name."""
    from stacks.problems import SettingsError  # noqa: PLC0415

    try:
        estate.stack(name)
    except SettingsError as error:
        raise BadInputError(str(error)) from None
