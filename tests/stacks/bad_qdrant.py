"""Kinds of bad input about Qdrant in a runtime, and about the collections of teams in it."""

from collections.abc import Mapping
from pathlib import Path

from tests.stacks.bad_input import Change
from tests.stacks.bad_networks import at
from tests.stacks.bad_runtimes import AT, CLAIMS, RUNTIME, runtime, space

ECR = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"
IMAGE, PROGRAM = (f"{ECR}/{name}@sha256:{digit * 64}" for name, digit in (("qdrant", "a"), ("python", "b")))
FOREIGN = f"docker.io/qdrant/qdrant@sha256:{'a' * 64}"
WISH = {"image": IMAGE, "program_image": PROGRAM}
"""Nothing is wrong with it."""


def qdrant(tier: str = "repeatable", **changes: object) -> Change:
    """A runtime with Qdrant, on a platform of this tier."""
    return runtime(before=at(tier), qdrant={**WISH, **changes})


def collection(where: Change, **wish: object) -> Change:
    """A team that wants a collection, in the runtime that ``where`` makes."""

    def change(folder: Path) -> None:
        where(folder)
        space(with_runtime=False, qdrant=wish)(folder)

    return change


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "Qdrant at a tier that promises a cost which does not move": (
        runtime(qdrant=WISH),
        RUNTIME,
        f"{AT}.qdrant",
        "",
        "one of null: locked at tier foundation, because its nodes and disks cost by the hour",
    ),
    "an image of Qdrant by its tag": (
        qdrant(image=f"{ECR}/qdrant:v1"),
        RUNTIME,
        f"{AT}.qdrant.image",
        f'"{ECR}/qdrant:v1"',
        "an image by its digest",
    ),
    "an image of Qdrant from a registry that the runtime does not take": (
        qdrant(image=FOREIGN),
        RUNTIME,
        f"{AT}.qdrant.image",
        FOREIGN,
        f"an image from a registry of this runtime: {ECR}",
    ),
    "a program around Qdrant from another registry": (
        qdrant(program_image=FOREIGN),
        RUNTIME,
        f"{AT}.qdrant.program_image",
        FOREIGN,
        f"an image from a registry of this runtime: {ECR}",
    ),
    "Qdrant with two nodes": (qdrant(replicas=2), RUNTIME, f"{AT}.qdrant.replicas", "2", "1 or 3"),
    "Qdrant without a disk": (
        qdrant(disk_gib=0),
        RUNTIME,
        f"{AT}.qdrant.disk_gib",
        "0",
        "greater than or equal to 1",
    ),
    "a collection where there is no Qdrant": (
        collection(runtime(), dimensions=1024),
        CLAIMS,
        "cluster.qdrant",
        "",
        "nothing: runtime-sandbox has no Qdrant",
    ),
    "a collection of vectors without numbers": (
        collection(qdrant(), dimensions=0),
        CLAIMS,
        "cluster.qdrant.dimensions",
        "0",
        "greater than or equal to 1",
    ),
    "a collection that does not say how long its vectors are": (
        collection(qdrant()),
        CLAIMS,
        "cluster.qdrant.dimensions",
        "",
        "a value: it is required",
    ),
}
"""What is wrong to: the change, file, path, value and expectation of the problem."""
