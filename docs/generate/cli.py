"""The page of commands: what each says of itself with ``--help``, and the exit codes."""

from collections.abc import Mapping
from typing import Any

import typer

from docs.generate.markdown import code, page, prose, table
from llmlz import errors
from llmlz.cli.app import app

WIDTH = 100

INTRO = """Every command of `llmlz`, as `--help` shows it.
Results go to standard output, progress to standard error."""


def commands() -> Mapping[str, Any]:
    """Name to command, in the order of ``llmlz --help``; commands of a group follow it as ``group command``."""
    top: Any = typer.main.get_command(app)
    found = {}
    for name, command in top.commands.items():
        found[name] = command
        found |= {f"{name} {inner}": one for inner, one in getattr(command, "commands", {}).items()}
    return found


def help_text(name: str) -> str:
    """What ``llmlz <name> --help`` prints on a terminal of one fixed width, without colours."""
    command = commands()[name]
    context = command.context_class(command, info_name=f"llmlz {name}", terminal_width=WIDTH)
    return "\n".join(line.rstrip() for line in str(command.get_help(context)).splitlines())


def exit_codes() -> dict[int, str]:
    """Exit code to what it means, from the errors that carry them."""
    kinds = sorted(errors.LlmlzError.__subclasses__(), key=lambda kind: kind.exit_code)
    kinds = [kind for kind in kinds if kind.__module__ == errors.__name__]
    meanings = {0: "Everything was done, and what must hold holds."}
    meanings |= {kind.exit_code: prose(kind.__doc__) for kind in kinds}
    return meanings | {errors.INTERRUPTED: "Stopped by Ctrl-C or by a signal; what was started is stopped too."}


def build() -> str:
    """The page."""
    parts = [f"## llmlz {name}\n\n```text\n{help_text(name)}\n```" for name in commands()]
    codes = table(["code", "meaning"], [[code(number), said] for number, said in exit_codes().items()])
    return page("Commands", INTRO, [*parts, "## Exit codes", codes])
