"""Deleting a store never deletes its content along with it, and a database leaves a last snapshot."""

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import flag, text

FORCE = ("forceDestroy", "forceDelete")


def decide(resource: Resource, context: Context) -> Result:
    """No force flag; for the types in ``needs.snapshots`` the last snapshot has a name and is not skipped."""
    results = [require(flag(resource.inputs, name) is not True, f"{name} is set") for name in FORCE]
    if resource.type in context.needs["snapshots"]:
        results += [
            require(flag(resource.inputs, "skipFinalSnapshot") is not True, "skipFinalSnapshot is set"),
            require(text(resource.inputs, "finalSnapshotIdentifier") is not None, "finalSnapshotIdentifier is not set"),
        ]
    return together([HOLDS, *results])
