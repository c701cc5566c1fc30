"""The values of a plan against the provider's own types: a second look that does not trust the translation.

Owns: numbers and flags in their own form, and everything that is not as the schema says.
Does not own: the translation (``values``).
"""

from collections.abc import Mapping
from typing import Any

from llmlz.rehearsal.schema import Argument, Block

FLAGS = {"true": True, "false": False}
KINDS: Mapping[str, tuple[type, ...]] = {"string": (str,), "number": (int, float), "bool": (bool,)}


def conform(
    values: Mapping[str, Any], block: Block, absent: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], list[str]]:
    """The values in the form of their types, and what is wrong with them.

    ``absent`` are arguments that are configured although their value is not known.
    """
    problems: list[str] = []
    return _block(values, block, "", problems, absent), problems


def _block(
    values: Any, block: Block, path: str, problems: list[str], absent: frozenset[str] = frozenset()
) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        problems.append(f"{path} is not a block")
        return {}
    done: dict[str, Any] = {}
    for name, value in values.items():
        here = f"{path}.{name}" if path else str(name)
        argument = block.arguments.get(name)
        if argument is None:
            problems.append(f"the provider has no argument {here}")
        else:
            done[name] = value if value is None else _argument(value, argument, here, problems)
    needed = [name for name, argument in block.arguments.items() if argument.required and done.get(name) is None]
    problems += [f"{path}.{name}".lstrip(".") + " is required and missing" for name in needed if name not in absent]
    return done


def _argument(value: Any, argument: Argument, path: str, problems: list[str]) -> Any:
    if argument.block is None:
        return _value(value, argument.type, path, problems)
    if argument.nesting in ("single", "group"):
        return _block(value, argument.block, path, problems)
    if argument.nesting == "map":
        if isinstance(value, Mapping):
            return {k: _block(v, argument.block, f"{path}.{k}", problems) for k, v in value.items()}
        problems.append(f"{path} is not a map of blocks")
        return value
    if not isinstance(value, list):
        problems.append(f"{path} is not a list of blocks")
        return value
    return [_block(item, argument.block, f"{path}[{i}]", problems) for i, item in enumerate(value)]


def _value(value: Any, type_: Any, path: str, problems: list[str]) -> Any:
    kind, inner = type_ if isinstance(type_, list) else (type_, {})
    if value is None or kind == "dynamic":
        return value
    if kind in ("list", "set") and isinstance(value, list):
        return [_value(item, inner, f"{path}[{i}]", problems) for i, item in enumerate(value)]
    if kind == "map" and isinstance(value, Mapping):
        return {k: _value(v, inner, f"{path}.{k}", problems) for k, v in value.items()}
    if kind == "object" and isinstance(value, Mapping):
        problems += [f"the provider has no argument {path}.{name}" for name in value if name not in inner]
        # A plan has an empty list where a list is not set; checkov takes a null there for a list with something in it.
        given = {k: v for k, v in value.items() if k in inner and v is not None}
        return {k: _value(v, inner[k], f"{path}.{k}", problems) for k, v in given.items()}
    return _scalar(value, kind, path, problems)


def _scalar(value: Any, kind: str, path: str, problems: list[str]) -> Any:
    if kind == "bool" and isinstance(value, str) and value.lower() in FLAGS:
        return FLAGS[value.lower()]
    if kind == "number" and isinstance(value, str):
        value = _number(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, KINDS.get(kind, ())) and (kind == "bool" or not isinstance(value, bool))
    if not fits:
        problems.append(f"{path} is a {type(value).__name__} where the provider has a {kind}")
    return value


def _number(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
