"""The entry point: exit codes, usage errors, and what is loaded when."""

import subprocess
import sys

import pytest

from tests.cli.command import COMMAND, ROOT, environment, llmlz, seen, within

HEAVY = ("boto3", "pulumi", "pulumi_aws", "components", "policies", "stacks")
LIGHT = ("stacks", "stacks.collector")
"""Loaded before anything else, on purpose, and empty of everything that takes time."""
"""What costs seconds, and what no help text needs."""


@pytest.mark.parametrize(
    "arguments",
    [
        ("recrod",),
        ("record", "--stak", "platform-sandbox"),
        ("record", "--stack"),
        ("record", "left-over"),
        ("check", "--level", "two"),
        ("access", "--explain", "only-a-role"),
        ("start", "--account", "111122223333"),
    ],
    ids=" ".join,
)
def test_a_usage_error_is_one_message_and_exit_code_2(arguments: tuple[str, ...]) -> None:
    """A slip of the keyboard shows what was wrong with what was typed, not the inside of the program."""
    ran = seen(*arguments).no_traceback()
    assert ran.code == 2
    assert ran.out == ""
    assert "Error: " in ran.err


def test_without_a_command_the_help_is_shown() -> None:
    """Whoever types ``llmlz`` alone learns what there is, without a traceback."""
    ran = llmlz().no_traceback()
    for name in ("try", "start", "record", "check", "access", "cost"):
        assert f"\n  {name} " in ran.out + ran.err


@pytest.mark.parametrize("arguments", [("--help",), ("record", "--help"), ("try", "--help"), ("start", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """Help answers at once: no SDK, no settings and no components are imported for it."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", COMMAND, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}
    assert done.returncode == 0
    assert "Usage: llmlz" in done.stdout
    assert "typer" in loaded  # the list is a list of modules
    assert sorted({name.partition(".")[0] for name in loaded - set(LIGHT)} & set(HEAVY)) == []


def test_an_unknown_stack_names_the_closest_one() -> None:
    """A slip in a name costs one look at the message."""
    ran = seen("record", "--stack", "platform-sandbx").no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert "closest: platform-sandbox" in ran.err


def test_success_is_exit_code_0_and_says_nothing_on_stderr() -> None:
    """Scripts can rely on the code, and on what is printed where."""
    ran = seen("cost", "--json")
    assert (ran.code, ran.err) == (0, "")


def test_a_failed_check_is_exit_code_1_and_says_so_last() -> None:
    """The code tells a pipeline that everything ran and something does not hold."""
    ran = within("check", "--stack", "team-search-sandbox", "--level", "3").no_traceback()
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "exit code 1"
