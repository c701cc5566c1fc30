"""The house rules hold, and each of them fails when it is broken."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.house import rules

READERS = ("bench", "components", "llmlz", "policies")


def recorded(program: Callable[[], None]) -> Graph:
    """The graph of a small program."""
    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


class Sloppy(pulumi.ComponentResource):
    """Breaks three rules: a child without a parent, without a provider, and an output that is not registered."""

    arn: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        super().__init__("llmlz:index:Sloppy", name)
        self.arn = aws.sns.Topic(f"{name}-topic").arn
        aws.sns.Topic("unlike-its-parent", opts=pulumi.ResourceOptions(parent=self))
        self.register_outputs({})


@pytest.fixture(scope="module")
def sloppy() -> Graph:
    """The graph of the sloppy component."""

    def program() -> None:
        Sloppy("sloppy")

    return recorded(program)


def test_no_module_is_too_long() -> None:
    """Under 400 lines: a file does one thing."""
    assert rules.too_long(rules.modules()) == []


def test_a_module_of_401_lines_fails(tmp_path: Path) -> None:
    """The rule above is alive."""
    (tmp_path / "long.py").write_text("x = 1\n" * 401)
    assert rules.too_long([tmp_path / "long.py"], tmp_path) == ["long.py has 401 lines"]


def test_only_stacks_knows_the_tiers() -> None:
    """A reader or a component that names a tier would have to change with the tiers."""
    assert rules.tier_words(rules.modules(folders=READERS)) == []


@pytest.mark.parametrize("line", ['x = "reliable"', "scaled = 1\nprint(scaled)", 'f"{1} foundation"', "x.repeatable"])
def test_a_tiers_name_in_code_fails(line: str, tmp_path: Path) -> None:
    """As a text, a name, an attribute or a part of a text."""
    (tmp_path / "code.py").write_text(f'"""Prose may say reliable."""\n{line}\n')
    assert len(rules.tier_words([tmp_path / "code.py"], tmp_path)) >= 1


def test_prose_may_name_a_tier(tmp_path: Path) -> None:
    """Docstrings and comments are not code."""
    (tmp_path / "code.py").write_text('"""Prose may say reliable."""\n# and scaled\n')
    assert rules.tier_words([tmp_path / "code.py"], tmp_path) == []


def test_every_resource_has_its_component_as_parent(graphs: Mapping[str, Graph]) -> None:
    """Only components hang from the stack."""
    assert [line for graph in graphs.values() for line in rules.without_parent(graph)] == []


def test_a_component_that_omits_parent_fails(sloppy: Graph) -> None:
    """The rule above is alive."""
    (line,) = rules.without_parent(sloppy)
    assert "sloppy-topic" in line


def test_every_child_carries_the_name_of_its_component(graphs: Mapping[str, Graph]) -> None:
    """Aliases of a renamed component reach only children whose names start with its name."""
    assert [line for graph in graphs.values() for line in rules.without_prefix(graph)] == []


def test_a_child_with_another_name_fails(sloppy: Graph) -> None:
    """The rule above is alive."""
    (line,) = rules.without_prefix(sloppy)
    assert "unlike-its-parent" in line


def test_every_resource_has_an_explicit_provider(graphs: Mapping[str, Graph]) -> None:
    """The account is pinned for everything."""
    assert [line for graph in graphs.values() for line in rules.on_default_provider(graph)] == []


def test_a_resource_on_a_default_provider_fails(sloppy: Graph) -> None:
    """The rule above is alive."""
    assert len(rules.on_default_provider(sloppy)) == 2


def test_every_declared_output_is_registered(graphs: Mapping[str, Graph]) -> None:
    """And nothing is registered that the class does not declare."""
    classes = rules.component_classes()
    assert [line for graph in graphs.values() for line in rules.unregistered_outputs(graph, classes)] == []


def test_an_output_that_is_not_registered_fails(sloppy: Graph) -> None:
    """The rule above is alive."""
    (line,) = rules.unregistered_outputs(sloppy, [Sloppy])
    assert line.endswith("does not register arn")


def test_components_have_one_shape() -> None:
    """Constructor, args and documentation of every component are alike."""
    classes = rules.component_classes()
    assert len(classes) >= 9
    assert rules.odd_constructors(classes) == []
    assert rules.undocumented_fields(classes) == []
    assert rules.unlike_fields(classes) == []


def test_a_constructor_of_another_shape_fails() -> None:
    """The rule above is alive."""
    assert rules.odd_constructors([Sloppy]) == ["Sloppy takes name"]


def test_importing_components_loads_no_aws_service() -> None:
    """Each service of the SDK takes a tenth of a second and more to load: only a program that uses it pays for it."""
    program = (
        "import pkgutil, importlib, sys, components\n"
        "for m in pkgutil.walk_packages(components.__path__, 'components.'): importlib.import_module(m.name)\n"
        "print(*[m for m in sys.modules if m.count('.') == 2 and m.startswith('pulumi_aws.') and m.endswith('._inputs')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == []


def test_every_test_says_what_it_proves() -> None:
    """And every file with tests is collected."""
    assert rules.undocumented_tests(rules.modules(folders=["tests"])) == []


IMPORTS: Mapping[str, tuple[str, str]] = {
    "components imports pydantic": ("components/key_ring.py", "import pydantic"),
    "a component imports a reader": ("components/key_ring.py", "import llmlz.graph.model"),
    "top-level components import each other": ("components/key_ring.py", "import components.data_bucket"),
    "a reader imports a component": ("llmlz/graph/model.py", "import components.key_ring"),
    "a reader imports stacks": ("llmlz/graph/model.py", "import stacks.estate"),
    "a policy imports a reader": ("policies/__init__.py", "import llmlz.graph.model"),
    "stacks imports a reader": ("stacks/estate.py", "import llmlz.graph.model"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter over the packages under ``root`` with the project's contracts."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", program, str(root)], cwd=root, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The four packages and the contracts, to be spoiled."""
    for package in ("components", "llmlz", "policies", "stacks"):
        shutil.copytree(rules.ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(rules.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("what", IMPORTS)
def test_a_forbidden_import_fails(what: str, copied: Path) -> None:
    """Each direction that the architecture forbids is a contract that breaks."""
    file, line = IMPORTS[what]
    path = copied / file
    path.write_text(f"{path.read_text()}\n{line}\n")
    result = lint(copied)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
