"""The page of components: what each takes and offers, from their classes."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from typing import get_type_hints

import pulumi

import components
from docs.generate.markdown import code, page, prose, sentences, table, types

DEPLOYED_ALONE = ("handler",)
"""Modules that run inside a function of the cloud, not in a program."""

INTRO = """What can be built: every component of `components/`, what it takes and what it offers.
Arguments are plain Python values; `Input[...]` takes an output of another resource too.
[CONTRIBUTING](../../CONTRIBUTING.md) shows how a component is made."""


def classes() -> list[type[pulumi.ComponentResource]]:
    """Every component of the project, by name."""
    for found in pkgutil.walk_packages(components.__path__, "components."):
        if found.name.rpartition(".")[2] not in DEPLOYED_ALONE:
            importlib.import_module(found.name)
    known = pulumi.ComponentResource.__subclasses__()
    return sorted((c for c in known if c.__module__.startswith("components.")), key=lambda c: c.__name__)


def page_of(cls: type[pulumi.ComponentResource]) -> str:
    """The section of one component."""
    takes = get_type_hints(cls.__init__)["args"]
    module = sys.modules[cls.__module__]
    about = "\n".join(prose(line) for line in (module.__doc__ or "").splitlines() if line)
    outputs = [[code(name), code(kind), sentences(cls)[name]] for name, kind in types(cls).items()]
    return "\n\n".join(
        part
        for part in (
            f"## {cls.__name__}",
            prose(cls.__doc__),
            f"{about}\n\nCode: [`{_file(cls)}`](../../{_file(cls)}), token `llmlz:index:{cls.__name__}`.",
            f"Takes `{takes.__name__}`:",
            _arguments(takes),
            *(_inner(inner) for inner in _inside(takes)),
            "Offers:" if outputs else "",
            table(["output", "type", "meaning"], outputs),
        )
        if part
    )


def build() -> str:
    """The page."""
    return page("Components", INTRO, map(page_of, classes()))


def _arguments(args: type) -> str:
    rows = [
        [code(field.name), code(types(args)[field.name]), _default(field), sentences(args)[field.name]]
        for field in dataclasses.fields(args)
    ]
    return table(["argument", "type", "if left out", "meaning"], rows)


def _inner(args: type) -> str:
    return f"`{args.__name__}`: {prose(args.__doc__)}\n\n{_arguments(args)}".rstrip()


def _default(field: "dataclasses.Field[object]") -> str:
    if field.default is not dataclasses.MISSING:
        return code(repr(field.default))
    if field.default_factory is not dataclasses.MISSING:
        return code(repr(field.default_factory()))
    return "required"


def _inside(args: type, seen: frozenset[type] = frozenset()) -> Iterator[type]:
    """Dataclasses that the arguments are made of, wherever they are written."""
    names = vars(sys.modules[args.__module__])
    words = [word for kind in types(args).values() for word in re.findall(r"\w+", kind)]
    for inner in dict.fromkeys(names.get(word) for word in words):
        if inspect.isclass(inner) and dataclasses.is_dataclass(inner) and inner not in seen:
            yield inner
            yield from _inside(inner, seen | {inner})


def _file(cls: type) -> str:
    return cls.__module__.replace(".", "/") + ".py"
