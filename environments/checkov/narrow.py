"""The search of checkov's commonest checks, without looking where nothing can be found.

Owns: a stand-in for the part of ``dpath`` that the two base classes of value checks use, with the same answers.

``dpath`` matches a path against every leaf of a resource, and a policy has hundreds. A path whose first step is a plain
name can only match below that name; and a path that may start anywhere, but ends in a plain name, only where a key has it.
"""

from collections.abc import Iterator
from typing import Any

import dpath
from checkov.terraform.checks.resource import base_resource_negative_value_check, base_resource_value_check

ANYWHERE = "**/"
GLOB = frozenset("*?[")


def search(conf: dict[str, Any], glob: str, yielded: bool = False) -> Any:
    """What ``dpath.search`` finds."""
    if yielded and glob.startswith(ANYWHERE) and _plain(glob.removeprefix(ANYWHERE)):
        return _ending(conf, glob.removeprefix(ANYWHERE), "")
    if yielded or not isinstance(glob, str):
        return dpath.search(conf, glob, yielded=yielded)
    return dpath.search(_below(conf, glob), glob)


def get(conf: dict[str, Any], glob: str) -> Any:
    """What ``dpath.get`` finds."""
    return dpath.get(_below(conf, glob) if isinstance(glob, str) else conf, glob)


def _below(conf: dict[str, Any], glob: str) -> dict[str, Any]:
    """The only part of a resource where a path can lead."""
    first = glob.lstrip("/").partition("/")[0]
    if not _plain(first):
        return conf
    return {first: conf[first]} if first in conf else {}


def _plain(step: str) -> bool:
    """Whether a step stands for one key: no pattern, no place in a list, and no further step."""
    return bool(step) and GLOB.isdisjoint(step) and "/" not in step and not step.isdigit()


def _ending(value: Any, name: str, path: str) -> Iterator[tuple[str, Any]]:
    """Every place whose last step is a name, in the order of ``dpath``: a level before the next."""
    if isinstance(value, dict):
        if name in value:
            yield path + name, value[name]
        for key, inner in value.items():
            if isinstance(inner, dict | list | tuple):
                yield from _ending(inner, name, f"{path}{key}/")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            if isinstance(inner, dict | list | tuple):
                yield from _ending(inner, name, f"{path}{index}/")


def install() -> None:
    """Put it in the place of ``dpath`` in both classes."""
    here = __import__(__name__)
    base_resource_value_check.dpath = here
    base_resource_negative_value_check.dpath = here
