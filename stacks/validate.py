"""From plain values to settings: pydantic decides, and every complaint becomes a problem with value and fix."""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from stacks.problems import Problem
from stacks.settings.base import PATTERNS

Model = TypeVar("Model", bound=BaseModel)

LONGEST_VALUE = 60
"""Characters of a wrong value that a message shows."""


def parse(model: type[Model], values: Any, *, file: str, at: str) -> tuple[Model | None, list[Problem]]:
    """The settings, or every problem in them. ``at`` is the path under which ``values`` stand in ``file``."""
    try:
        return model.model_validate_json(json.dumps(values, default=str)), []
    except ValidationError as error:
        return None, [_problem(complaint, model, values, file, at) for complaint in error.errors(include_url=False)]


def shown(value: Any) -> str:
    """A value as it is shown in a message."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def closest(word: str, known: Sequence[str]) -> str:
    """``; closest: x`` where a known word is near, else nothing."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; closest: {near[0]}" if near else ""


def join(at: str, place: Sequence[str | int]) -> str:
    """``llmlz:settings`` and ``("models", 2)`` to ``llmlz:settings.models[2]``."""
    path = at
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else (f".{step}" if path else step)
    return path


def is_setting(model: type[BaseModel], path: str) -> bool:
    """Whether a dotted path leads to a setting, through any of the shapes that it may have."""
    return bool(_reached(model, path.split(".")))


def _known_keys(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    return sorted({key for shape in _reached(model, place) for key in shape.get("properties", {})})


def _reached(model: type[BaseModel], place: Sequence[str | int]) -> list[Mapping[str, Any]]:
    """Every shape that a model's schema allows at a place; none where the place does not exist."""
    schema = model.model_json_schema()
    here: list[Mapping[str, Any]] = [schema]
    for step in place:
        inner = [
            shape.get("items") if isinstance(step, int) else shape.get("properties", {}).get(step) for shape in here
        ]
        here = [shape for found in inner if found is not None for shape in _shapes(found, schema)]
    return here


def _shapes(here: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "$ref" in here:
        here = schema["$defs"][here["$ref"].rpartition("/")[2]]
    options = [*here.get("anyOf", []), *here.get("oneOf", [])]
    return [shape for option in options for shape in _shapes(option, schema)] or [here]


def _problem(complaint: Mapping[str, Any], model: type[BaseModel], values: Any, file: str, at: str) -> Problem:
    place = _place(complaint["loc"], values, names_absent=complaint["type"] in ("missing", "extra_forbidden"))
    value = "" if complaint["type"] == "missing" else shown(complaint["input"])
    expected, fix = _say(complaint, model, place, at)
    return Problem(file=file, path=join(at, place), value=value, expected=expected, fix=fix)


def _say(complaint: Mapping[str, Any], model: type[BaseModel], place: Sequence[str | int], at: str) -> tuple[str, str]:
    kind, context = complaint["type"], complaint.get("ctx", {})
    if kind == "missing":
        return "a value: it is required", f"add {join(at, place)}"
    if kind == "extra_forbidden":
        known = _known_keys(model, place[:-1])
        near = closest(str(place[-1]), known)
        return f"one of {', '.join(known)}{near}" if known else "no such key", "remove the key, or correct its spelling"
    if kind == "value_error":
        return str(context["error"]), "correct the value"
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return PATTERNS.get(pattern, f"text that matches {pattern}"), "correct the value"
    message = str(complaint["msg"])
    message = message.removeprefix("Input should be ").removeprefix("Value error, ")
    return message[:1].lower() + message[1:], "correct the value" + _type_hint(kind, complaint["input"])


def _type_hint(kind: str, value: Any) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return ": put it in quotes, with every digit of it"
    number = isinstance(value, str) and value.replace(".", "", 1).isdigit()
    return ": without quotes" if number and kind in ("int_type", "float_type") else ""


def _place(location: Sequence[str | int], values: Any, *, names_absent: bool) -> list[str | int]:
    """The place without the steps that pydantic adds for the members of a union.

    ``names_absent`` says that the last step is a key which need not be there: the complaint is about that.
    """
    place: list[str | int] = []
    here = values
    for number, step in enumerate(location):
        inside = (isinstance(here, Mapping) and step in here) or (isinstance(here, list) and isinstance(step, int))
        last = number == len(location) - 1
        if not inside and not (last and names_absent):
            continue  # the tag of a union
        place.append(step)
        here = here[step] if inside else None
    return place
