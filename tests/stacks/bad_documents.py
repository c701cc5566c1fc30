"""Kinds of bad input that would make a published document longer than a parameter holds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stacks.bad_input import CATALOGUE, CLAIMS, PLATFORM, Change, setting, yaml


def many_models(folder: Path) -> None:
    """Two dozen further models in the overlay, all of them approved, and all of them wished for by one team."""
    row = yaml.load((CATALOGUE / "models.yaml").read_text())["claude-haiku-4-5"]
    names = [f"model-number-{n}" for n in range(24)]
    (folder / "overlay").mkdir()
    yaml.dump({name: row for name in names}, folder / "overlay" / "models.yaml")  # noqa: C420  # no anchors in the file
    ours = yaml.load((folder / "teams" / "search.yaml").read_text())["models"] + ["claude-haiku-4-5", "nova-micro"]
    setting(PLATFORM, models=[*ours, *names])(folder)
    setting(CLAIMS, models=names)(folder)


def own_network(endpoints: int) -> Mapping[str, Any]:
    """A network that exists already, with this many endpoints."""
    kinds = ("public", "private", "data", "model")
    ids = {kind: {zone: f"subnet-{n}{zone}345678" for zone in "abc"} for n, kind in enumerate(kinds)}
    cidrs = {kind: {zone: f"10.{n}.{m}.0/24" for m, zone in enumerate("abc")} for n, kind in enumerate(kinds)}
    services = {f"service-number-{n}": f"vpce-{n:017x}" for n in range(endpoints)}
    return {"vpc_id": "vpc-12345678", "subnet_ids": ids, "subnet_cidrs": cidrs, "endpoint_ids": services}


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "more models than a document holds": (
        many_models,
        CLAIMS,
        "models",
        "24 models",
        "a document for the team's projects of at most 4096 characters",
    ),
    "more endpoints than a document holds": (
        setting(PLATFORM, network={"new": None, "existing": own_network(80)}),
        PLATFORM,
        "llmlz:settings.network",
        "80 endpoints",
        "a document for projects of at most 4096 characters",
    ),
}
