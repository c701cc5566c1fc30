"""The program that ``pulumi up`` starts: thin, and run as a folder by Pulumi's language host."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.estates import EXAMPLE
from tests.house.rules import ROOT

HOST = """
import runpy, sys
import pulumi
from pulumi.runtime import Mocks, set_mocks

class Echo(Mocks):
    names = []
    def new_resource(self, args):
        self.names.append(args.name)
        made = {"arn": "arn:aws:x:::" + args.name, "guardrailArn": "arn", "guardrailId": "id", "version": "1"}
        return args.name + "-id", {**args.inputs, **made}  # a document is not published with holes in it
    def call(self, args):
        return {}

set_mocks(Echo(), project="llmlz", stack=sys.argv[2], preview=False)
sys.modules.pop("platform", None)
sys.path.insert(0, sys.argv[1])
pulumi.runtime.test(lambda: runpy.run_path(sys.argv[1], run_name="__main__") and None)()
import platform
print(platform.__file__)
print(*sorted(Echo.names))
"""


def run(stack: str, folder: Path, estate: Path) -> subprocess.CompletedProcess[str]:
    """Run ``stacks`` as the language host does, with mocks for an engine."""
    environment = {**os.environ, "LLMLZ_ESTATE": str(estate)}
    command = [sys.executable, "-W", "ignore", "-c", HOST, str(ROOT / "stacks"), stack]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_program_is_thin() -> None:
    """Under 30 lines: load, build, nothing else."""
    assert len((ROOT / "stacks" / "__main__.py").read_text().splitlines()) < 30


def test_the_program_runs_from_another_folder(tmp_path: Path) -> None:
    """Everything is installed, and no module of ours is taken for one of Python's own."""
    done = run("platform-sandbox", tmp_path, EXAMPLE)
    assert done.returncode == 0, done.stderr
    where, names = done.stdout.splitlines()
    assert not Path(where).is_relative_to(ROOT / "stacks")
    assert "keys-logs" in names.split()


@pytest.mark.parametrize("stack", ["nope"])
def test_a_stack_that_is_not_in_the_estate_ends_with_code_2(stack: str, tmp_path: Path) -> None:
    """And with the one message that says which stacks there are."""
    done = run(stack, tmp_path, EXAMPLE)
    assert done.returncode == 2
    assert "expected: one of the stacks platform-sandbox" in done.stderr
    assert done.stderr.count("Traceback") == 0
