"""The house rules that a program can judge: functions from code or graph to a list of violations."""

import ast
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path

import pulumi

import components
from llmlz.graph.model import Graph

ROOT = Path(__file__).parents[2]
PYTHON = ("bench", "components", "docs", "llmlz", "policies", "stacks", "tests")
LONGEST_MODULE = 400
TIER_NAMES = re.compile(r"\b(foundation|repeatable|reliable|scaled)\b(?!-model)")
"""``foundation-model`` is AWS's own word, in ARNs."""
INHERITED = ("urn", "id")


def modules(root: Path = ROOT, folders: Iterable[str] = PYTHON) -> Iterator[Path]:
    """Every Python file of these folders."""
    for folder in folders:
        yield from sorted((root / folder).rglob("*.py"))


def too_long(paths: Iterable[Path], root: Path = ROOT) -> list[str]:
    """Modules that pass the length at which a file does more than one thing."""
    sizes = {path: len(path.read_text().splitlines()) for path in paths}
    return [f"{path.relative_to(root)} has {size} lines" for path, size in sizes.items() if size > LONGEST_MODULE]


def tier_words(paths: Iterable[Path], root: Path = ROOT) -> list[str]:
    """Names of tiers in code: only ``stacks`` knows them. Prose, which is comments and docstrings, is free."""
    found = []
    for path in paths:
        tree = ast.parse(path.read_text())
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings of all kinds
        for node in ast.walk(tree):
            match node:
                case ast.Constant(value=str(word)) if id(node) not in prose:
                    pass
                case ast.Name(id=word) | ast.Attribute(attr=word):
                    pass
                case _:
                    continue
            if TIER_NAMES.search(word):
                found.append(f"{path.relative_to(root)}:{node.lineno} says {word!r}")
    return found


def without_parent(graph: Graph) -> list[str]:
    """Resources that hang from the stack: only components, providers and stack references may."""
    return [f"{r.urn} at {r.source} has no parent" for r in graph.resources if r.kind == "custom" and r.parent is None]


def without_prefix(graph: Graph) -> list[str]:
    """Children whose name does not start with their component's: aliases are inherited by that prefix."""
    names = {r.urn: r.name for r in graph.resources}
    return [
        f"{r.name} at {r.source} does not start with {names[r.parent]}-"
        for r in graph.custom()
        if r.parent and r.name != names[r.parent] and not r.name.startswith(f"{names[r.parent]}-")
    ]


def on_default_provider(graph: Graph) -> list[str]:
    """Resources without an explicit provider: their account would be whatever the credentials say."""
    return [f"{r.urn} at {r.source} is on a default provider" for r in graph.custom() if r.provider is None]


def component_classes() -> list[type[pulumi.ComponentResource]]:
    """Every component of the project."""
    for found in pkgutil.walk_packages(components.__path__, "components."):
        if "data_plane" not in found.name:
            importlib.import_module(found.name)
    known = pulumi.ComponentResource.__subclasses__()
    return sorted((c for c in known if c.__module__.startswith("components.")), key=lambda c: c.__name__)


def declared_outputs(cls: type) -> set[str]:
    """Outputs that a component's class declares."""
    return {name for name in inspect.get_annotations(cls) if not name.startswith("_")}


def unregistered_outputs(graph: Graph, classes: Iterable[type]) -> list[str]:
    """Declared outputs that a component did not register, and registered ones that it does not declare."""
    by_name = {cls.__name__: cls for cls in classes}
    found = []
    for resource in graph.resources:
        if resource.kind == "component" and resource.type.startswith("llmlz:"):
            declared = declared_outputs(by_name[resource.type.rpartition(":")[2]])
            found += [f"{resource.urn} does not register {name}" for name in sorted(declared - set(resource.outputs))]
            found += [f"{resource.urn} does not declare {name}" for name in sorted(set(resource.outputs) - declared)]
    return found


def odd_constructors(classes: Iterable[type]) -> list[str]:
    """Components whose constructor is not ``(name, args, opts=None)``, or whose args are not a frozen dataclass."""
    found = []
    for cls in classes:
        parameters = list(inspect.signature(cls.__init__).parameters)[1:]  # type: ignore[misc]
        if parameters != ["name", "args", "opts"]:
            found.append(f"{cls.__name__} takes {', '.join(parameters)}")
            continue
        args = typing.get_type_hints(cls.__init__)["args"]  # type: ignore[misc]
        if args.__name__ != f"{cls.__name__}Args" or not _plain_args(args):
            found.append(
                f"{cls.__name__} takes {args.__name__}, not a frozen, keyword-only, slotted {cls.__name__}Args"
            )
    return found


def _plain_args(args: type) -> bool:
    """Whether a class is a frozen, keyword-only, slotted dataclass."""
    if not dataclasses.is_dataclass(args):
        return False
    frozen = args.__dataclass_params__.frozen  # type: ignore[attr-defined]
    return bool(frozen and "__slots__" in vars(args) and all(field.kw_only for field in dataclasses.fields(args)))


def undocumented_fields(classes: Iterable[type]) -> list[str]:
    """Fields of args, and outputs of components, without a sentence below them."""
    found = []
    for cls in classes:
        args = typing.get_type_hints(cls.__init__)["args"]  # type: ignore[misc]
        for owner in (cls, args):
            fields = declared_outputs(owner) if owner is cls else {f.name for f in dataclasses.fields(owner)}
            found += [f"{owner.__name__}.{name} has no sentence" for name in sorted(fields - _documented(owner))]
    return found


def _documented(cls: type) -> set[str]:
    """Fields with a sentence below them."""
    body = _definition(cls).body
    return {
        field.target.id
        for field, after in itertools.pairwise(body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(after, ast.Expr)
    }


def _definition(cls: type) -> ast.ClassDef:
    """The class as its source has it."""
    module = ast.parse(Path(inspect.getfile(cls)).read_text())
    (found,) = (node for node in module.body if isinstance(node, ast.ClassDef) and node.name == cls.__name__)
    return found


def unlike_fields(classes: Iterable[type]) -> list[str]:
    """Equal names of args fields with unequal types: shared ideas have one spelling."""
    seen: dict[str, tuple[str, str]] = {}
    found = []
    for cls in classes:
        args = typing.get_type_hints(cls.__init__)["args"]  # type: ignore[misc]
        for name, kind in _spelled(args).items():
            first = seen.setdefault(name, (args.__name__, kind))
            if first[1] != kind:
                found.append(f"{args.__name__}.{name} is {kind}, {first[0]}.{name} is {first[1]}")
    return found


def _spelled(cls: type) -> dict[str, str]:
    """Field to its type as the source spells it."""
    fields = [node for node in _definition(cls).body if isinstance(node, ast.AnnAssign)]
    return {node.target.id: ast.unparse(node.annotation) for node in fields if isinstance(node.target, ast.Name)}


def undocumented_tests(paths: Iterable[Path], root: Path = ROOT) -> list[str]:
    """Tests that do not say what they prove, and test files that pytest would not collect."""
    found = []
    for path in paths:
        tree = ast.parse(path.read_text())
        tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name.startswith("test_")]
        found += [
            f"{path.relative_to(root)}: {n.name} says not what it proves" for n in tests if not ast.get_docstring(n)
        ]
        if tests and not path.name.startswith("test_"):
            found.append(f"{path.relative_to(root)} would not be collected")
    return found
