"""Kinds of bad input about names that somebody else has in the same account."""

from collections.abc import Mapping
from pathlib import Path

from tests.stacks.bad_input import Change

STACK = "Pulumi.team-claims-sandbox.yaml"


def team(name: str) -> Change:
    """The team of the example under another name, in its file and in its stack."""

    def change(folder: Path) -> None:
        file = folder / "teams" / "claims.yaml"
        (folder / "teams" / f"{name}.yaml").write_text(file.read_text().replace("team: claims", f"team: {name}"))
        file.unlink()
        stack = folder / STACK
        stack.write_text(stack.read_text().replace("team: claims", f"team: {name}"))

    return change


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "a team with the name of a role of the platform": (
        team("spending-stop"),
        "teams/spending-stop.yaml",
        "team",
        "spending-stop",
        "another name: the platform has a role of that name",
    ),
    "a team whose name starts like those of a second region": (
        team("euw1-claims"),
        "teams/euw1-claims.yaml",
        "team",
        "euw1-claims",
        "it starts like the names of a second region, euw1",
    ),
}
