"""The catalogue with the estate's changes laid over it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from stacks.files import display, read_mapping
from stacks.problems import SettingsError
from stacks.settings.catalogue import Catalogue
from stacks.tier import merge
from stacks.validate import parse

FOLDER = Path(__file__).parent / "catalogue"


def load_catalogue(estate: Path) -> Catalogue:
    """Models and regions; ``overlay/models.yaml`` of the estate adds models or changes rows of ours."""
    ours, file = _ours(), FOLDER / "models.yaml"
    overlay = estate / "overlay" / "models.yaml"
    models: Mapping[str, Any] = ours["models"]
    if overlay.is_file():
        models, file = merge(models, read_mapping(overlay)), overlay
    catalogue, problems = parse(Catalogue, {"models": models, "regions": ours["regions"]}, file=display(file), at="")
    if catalogue is None:
        raise SettingsError(problems)
    return catalogue


@cache
def _ours() -> Mapping[str, Mapping[str, Any]]:
    return {"models": read_mapping(FOLDER / "models.yaml"), "regions": read_mapping(FOLDER / "regions.yaml")}
