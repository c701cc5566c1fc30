"""The warm process says what checkov's own command says, although it reads and searches less."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from llmlz.checkov import projection
from llmlz.checkov.process import PROJECT, PYTHON, Checkov
from llmlz.checkov.projection import project
from llmlz.checkov.scan import known
from llmlz.rehearsal import names
from llmlz.rehearsal.terraform import Terraform
from tests.checkov import oracle, peer
from tests.checkov.test_climb import aws_checks, graphs
from tests.checkov.translate import Translator
from tests.rehearsal.refresh import full_schema

pytestmark = pytest.mark.ring(2)


@pytest.mark.parametrize("stack", ["platform-live", "organization"])
def test_a_stack_is_judged_as_by_the_command(stack: str, checkov: Checkov, tmp_path: Path) -> None:
    """Every AWS check, checks over connected resources among them."""
    checks = aws_checks(checkov)
    projected = project(graphs()[stack], known(checks, checkov))
    said = checkov.plan(projected.plan, checks)
    assert peer.decided(said) == peer.command(projected.plan, checks, tmp_path / "plan.json")
    assert len(said.results) > 50
    assert said.errors == ()


EMPTY_BLOCK = {("CKV_AWS_8", "aws_instance", "failed")}
"""checkov's own reader puts line numbers into an empty block, which then is not empty, and this check says nothing."""


def merged(plans: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several plans as one."""
    resources = [r for plan in plans for r in plan["planned_values"]["root_module"]["resources"]]
    configured = [r for plan in plans for r in plan["configuration"]["root_module"]["resources"]]
    return {
        "terraform_version": "1.0.0",
        "planned_values": {"root_module": {"resources": resources}},
        "configuration": {"root_module": {"resources": configured}},
    }


def test_examples_are_judged_as_by_the_command(
    checkov: Checkov, terraform: Terraform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of checkov's own AWS examples in one plan: hundreds of checks over more than a hundred types."""
    where = oracle.folder()
    if where is None:
        pytest.skip(f"ring 2: would have proved that no check is left out; {oracle.VARIABLE} names no folder")
    schema, checks = full_schema(terraform), aws_checks(checkov)
    lines = oracle.lines(where)
    translators = [Translator(schema, f"-{number}") for number in range(len(lines))]
    for line, translator in zip(lines, translators, strict=True):
        translator.by_type = translators[0].by_type
        for raw in line.resources:
            translator.token(raw["type"])
    table = {**names.types(), **translators[0].tokens()}
    monkeypatch.setattr(names, "types", lambda: table)
    catalogue = known(checks, checkov)
    monkeypatch.setattr(
        projection, "namesakes", lambda *_: ()
    )  # thousands of resources share the names of the examples
    plan = merged(
        [project(t.graph(line)[0], catalogue, schema).plan for line, t in zip(lines, translators, strict=True)]
    )
    said = checkov.plan(plan, checks)
    theirs = peer.command(plan, checks, tmp_path / "plan.json")
    ours = peer.decided(said)
    print(f"{len(ours)} verdicts of {len({check for check, _, _ in ours})} checks over {len(said.scanned)} resources")
    assert {(check, at.partition(".")[0], verdict) for check, at, verdict in ours - theirs} == EMPTY_BLOCK
    assert theirs - ours == set()
    assert len(ours) > 1000


SEARCHES = """
import random, sys
sys.path.insert(0, sys.argv[1])
import dpath, narrow

keys = ["a", "b", "policy", "[0]", "0", "x*", "key_id"]
globs = ["a", "a/[0]/b", "a/*/b", "*/a", "**/a", "policy/a", "a/b/[0]", "/a", "key_id", "x*", "0", "**/key_id", "a/**/b", "[0]/a"]


def value(seeded, depth):
    kind = seeded.random()
    if depth == 0 or kind < 0.3:
        return seeded.choice([None, True, 1, "text", "", [], {}])
    if kind < 0.6:
        return [value(seeded, depth - 1) for _ in range(seeded.randrange(3))]
    return {seeded.choice(keys): value(seeded, depth - 1) for _ in range(seeded.randrange(4))}


def told(call):
    try:
        return repr(call())
    except Exception as error:
        return type(error).__name__


hits = 0
for seed in range(4000):
    seeded = random.Random(seed)
    conf = {key: value(seeded, 4) for key in seeded.sample(keys, 4)}
    for glob in globs:
        for name, call in {
            "search": lambda dpath: dpath.search(conf, glob),
            "get": lambda dpath: dpath.get(conf, glob),
            "yielded": lambda dpath: [(k, v) for k, v in dpath.search(conf, glob, yielded=True)],
        }.items():
            theirs, ours = told(lambda: call(dpath)), told(lambda: call(narrow))
            hits += theirs not in ("{}", "[]", "KeyError")
            assert theirs == ours, (name, glob, conf, theirs, ours)
print(hits)
"""


@pytest.mark.usefixtures("checkov")
def test_the_narrow_search_finds_what_the_wide_one_finds() -> None:
    """On thousands of random resources, for every kind of path, and in the same order."""
    arguments = [str(PYTHON), "-c", SEARCHES, str(PROJECT)]
    done = subprocess.run(arguments, env={"BC_SKIP_MAPPING": "TRUE"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10_000
