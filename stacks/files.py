"""YAML files as plain values; whatever is wrong with a file itself is a problem with its place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stacks.problems import Problem, SettingsError


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a YAML 1.2 file; raises ``SettingsError`` where there is none."""
    shown = display(path)
    try:
        found = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _refusal(shown, "", "a file", "write it, or correct the name") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _refusal(shown, "", f"a readable text file ({error})", "correct the file") from None
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _refusal(shown, place, *_yaml_words(str(error.problem))) from None
    except YAMLError as error:
        raise _refusal(shown, "", f"YAML ({error})", "correct the file") from None
    if not isinstance(found, Mapping):
        raise _refusal(shown, "", "keys and values", "write at least one key")
    return dict(found)


def _yaml_words(problem: str) -> tuple[str, str]:
    if "\\t" in problem or "\t" in problem:
        return "spaces: YAML does not take tabs", "indent this line with spaces"
    return f"YAML ({problem})", "correct this line"


def display(path: Path) -> str:
    """The path as a person would type it: relative where the file is below the current folder."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _refusal(file: str, place: str, expected: str, fix: str) -> SettingsError:
    return SettingsError([Problem(file=file, path=place or "(whole file)", value="", expected=expected, fix=fix)])
