"""A store says what it may hold and whose it is, and where that is delicate, on what ground and from where."""

from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._tags import has_tags, tags_of
from policies.pack._values import text


def decide(resource: Resource, context: Context) -> Result:
    """The tags of ``needs.tags`` are there, the class is at most ``needs.ceiling``, and delicate stores say more."""
    needs, tags = context.needs, tags_of(resource, context)
    classes, found = needs["classes"], text(tags, "data-class")
    if found is not None and found not in classes:
        return violated(f"data-class is {found!r}, none of {', '.join(classes)}")
    above = found is not None and classes.index(found) > classes.index(needs["ceiling"])
    return together(
        [
            has_tags(tags, _wanted(resource, found, needs)),
            require(not above, f"data-class is {found}, at most {needs['ceiling']} is for level {context.level}"),
        ]
    )


def _wanted(resource: Resource, found: str | None, needs: Mapping[str, Any]) -> list[str]:
    """A class that is not told is not taken for a low one, but then the missing tag says it all."""
    more = needs["of_types"].get(resource.type, [])
    classes, delicate = needs["classes"], needs["delicate"]
    if found is not None and classes.index(found) >= classes.index(delicate["from"]):
        more = [*more, *delicate["tags"]]
    return list(dict.fromkeys([*needs["tags"], *more]))
