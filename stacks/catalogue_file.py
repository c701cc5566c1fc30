"""The catalogue with the estate's changes laid over it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from stacks.files import display, read_mapping
from stacks.problems import Problem, SettingsError
from stacks.settings.accelerators import Accelerator, Accelerators
from stacks.settings.catalogue import Catalogue, WeightsList
from stacks.tier import merge
from stacks.validate import parse

FOLDER = Path(__file__).parent / "catalogue"


def load_catalogue(estate: Path) -> Catalogue:
    """Models, weights and regions; ``overlay/models.yaml`` and ``overlay/weights.yaml`` of the estate add rows or change ours.

    Raises ``SettingsError`` with every problem of both files.
    """
    ours, file = _ours(), FOLDER / "models.yaml"
    overlay = estate / "overlay" / "models.yaml"
    models: Mapping[str, Any] = ours["models"]
    if overlay.is_file():
        models, file = merge(models, read_mapping(overlay)), overlay
    catalogue, problems = parse(Catalogue, {"models": models, "regions": ours["regions"]}, file=display(file), at="")
    weights, found = _weights(estate)
    if catalogue is None or weights is None:
        raise SettingsError([*problems, *found])
    return catalogue.model_copy(update={"weights": weights.weights})


def _weights(estate: Path) -> tuple[WeightsList | None, list[Problem]]:
    """What can be loaded into the private store; a list of files replaces ours as a whole."""
    file, rows = FOLDER / "weights.yaml", _ours()["weights"]
    overlay = estate / "overlay" / "weights.yaml"
    if overlay.is_file():
        rows, file = merge(rows, read_mapping(overlay)), overlay
    parsed, problems = parse(WeightsList, {"weights": rows}, file=display(file), at="")
    return parsed, [replace(problem, path=problem.path.removeprefix("weights.")) for problem in problems]


def load_accelerators(estate: Path) -> Mapping[str, Accelerator]:
    """Instance types with GPUs; ``overlay/accelerators.yaml`` of the estate adds types or changes rows of ours."""
    rows, file = _our_accelerators(), FOLDER / "accelerators.yaml"
    overlay = estate / "overlay" / "accelerators.yaml"
    if overlay.is_file():
        rows, file = merge(rows, read_mapping(overlay)), overlay
    found, problems = parse(Accelerators, {"accelerators": rows}, file=display(file), at="")
    if found is None:
        raise SettingsError(problems)
    return found.accelerators


@cache
def _our_accelerators() -> Mapping[str, Any]:
    return read_mapping(FOLDER / "accelerators.yaml")


@cache
def _ours() -> Mapping[str, Mapping[str, Any]]:
    return {name: read_mapping(FOLDER / f"{name}.yaml") for name in ("models", "regions", "weights")}
