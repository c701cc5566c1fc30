"""What earlier releases left behind: one estate at each tier that a release had, and its settled state.

A folder for each tag; ``past-1`` and ``past-2`` were made from commits before the first tag: the last one with foundation
alone (5a0d5f5), and the last one before tiers were more than access (6971621). ``make keep TAG=v0.2.0`` writes the next.
"""

from functools import cache
from pathlib import Path

from llmlz.moves.kept import Kept, read_kept
from stacks.tier import TIERS

FOLDER = Path(__file__).parent
SUFFIX = ".json.gz"


def kept() -> tuple[tuple[str, str], ...]:
    """Release and tier of every file, oldest release first."""
    tags = sorted(place.name for place in FOLDER.iterdir() if place.is_dir() and not place.name.startswith("__"))
    return tuple((tag, tier) for tag in tags for tier in TIERS if path_of(tag, tier).is_file())


def path_of(tag: str, tier: str) -> Path:
    """The file of a release and tier."""
    return FOLDER / tag / f"{tier}{SUFFIX}"


@cache
def release(tag: str, tier: str) -> Kept:
    """One estate as a release made it, read once per process."""
    return read_kept(path_of(tag, tier))
