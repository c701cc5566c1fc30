"""The ladder's estate with a Qdrant in its cluster, and three teams of which two have a collection there."""

import atexit
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from tests import ladder

REGISTRY = f"{ladder.ACCOUNT}.dkr.ecr.{ladder.REGION}.amazonaws.com"
WISH = {
    "image": f"{REGISTRY}/qdrant@sha256:{'a' * 64}",
    "program_image": f"{REGISTRY}/python@sha256:{'b' * 64}",
}
"""What a runtime must say of it."""

COLLECTIONS: Mapping[str, int] = {"claims": 1024, "search": 256}
"""Team to the numbers in its vectors."""

WITHOUT = "sales"
"""A team with a namespace and no collection."""

LOWEST = "repeatable"
"""The first tier that may have it."""

yaml = YAML(typ="safe", pure=True)


def write(folder: Path, tier: str = LOWEST, *, wish: object = WISH, **platform: Any) -> Path:
    """The files of the estate; ``wish`` is what its runtime says of Qdrant."""
    ladder.write(folder, tier, **platform)
    runtime, stack, claims = (
        folder / name
        for name in (f"Pulumi.{ladder.RUNTIME}.yaml", f"Pulumi.{ladder.TEAM}.yaml", Path("teams") / "claims.yaml")
    )
    content = yaml.load(runtime.read_text())
    content["config"]["llmlz:settings"]["qdrant"] = wish
    yaml.dump(content, runtime)
    of_stack, team = yaml.load(stack.read_text()), yaml.load(claims.read_text())
    for name in (*COLLECTIONS, WITHOUT):
        of_stack["config"]["llmlz:settings"]["team"] = name
        yaml.dump(of_stack, folder / f"Pulumi.team-{name}.yaml")
        own = {"qdrant": {"dimensions": COLLECTIONS[name]}} if name in COLLECTIONS else {}
        yaml.dump({**team, "team": name, "cluster": {**team["cluster"], **own}}, folder / "teams" / f"{name}.yaml")
    return folder


@cache
def _folder() -> Path:
    place = Path(mkdtemp(prefix="llmlz-qdrant-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return write(place)


@cache
def estate(tier: str = LOWEST) -> Estate:
    """The estate with its platform at a tier."""
    return load_estate(_folder(), {ladder.PLATFORM: tier})


@cache
def recorded(tier: str = LOWEST) -> Mapping[str, Graph]:
    """Its graphs, recorded once per process."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    return record_estate(estate(tier))
