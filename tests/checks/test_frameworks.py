"""Frameworks load strictly, and a control cannot name a clause that does not exist."""

import ast
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from llmlz.checks import frameworks as module
from llmlz.checks.frameworks import FOLDER, frameworks, load, unknown_clauses
from llmlz.checks.records import Framework, controls
from llmlz.errors import BadInputError

SUPPORTS = {control.id: control.supports for control in controls()}
COMPLETE = {"owasp-llm": 10, "nist-ai-600-1": 12, "nist-ai-rmf": 72, "iso-42001": 38}
SMALL = """title: Small framework
edition: "1"
source: https://example.com/small
read: "2026-11"
scope: Everything it has.
clauses:
  A.1: What is first
  A.2: {title: What is second, why_not: nobody can show it}
"""


def planted(folder: Path, old: str, new: str) -> str:
    """The message about a small framework with one text replaced."""
    assert old in SMALL
    (folder / "small.yaml").write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInputError) as caught:
        load(folder)
    return str(caught.value)


def test_each_framework_of_the_records_has_a_file_and_back() -> None:
    """A record can name no framework whose clauses are not listed, and no list lies unused."""
    assert sorted(frameworks()) == sorted(get_args(Framework))
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(get_args(Framework))


@pytest.mark.parametrize("name", COMPLETE)
def test_short_frameworks_are_complete(name: str) -> None:
    """As many clauses as the framework has: one that nobody supports cannot be left out in silence."""
    assert len(frameworks()[name].clauses) == COMPLETE[name]


def test_parts_of_frameworks_are_complete() -> None:
    """The same, part by part: a clause that stands under another number would keep the sum."""
    functions = Counter(clause[:2] for clause in frameworks()["nist-ai-rmf"].clauses)
    assert functions == {"GV": 19, "MP": 18, "MS": 22, "MG": 13}
    areas = Counter(clause.split(".")[1] for clause in frameworks()["iso-42001"].clauses)
    assert areas == {"2": 3, "3": 2, "4": 5, "5": 4, "6": 9, "7": 5, "8": 4, "9": 3, "10": 3}
    sections = Counter(clause.partition(".")[0] for clause in frameworks()["cis-aws"].clauses)
    assert sections == {"2": 26, "3": 8, "4": 10, "5": 16, "6": 8}


def test_every_clause_that_a_record_names_is_listed() -> None:
    """A link into nothing would be counted as support of nothing."""
    assert unknown_clauses(SUPPORTS) == ()


def test_no_clause_has_both_a_control_and_a_reason_for_having_none() -> None:
    """Who writes the first control for a clause takes the reason away."""
    named = {(name, clause) for supports in SUPPORTS.values() for name, found in supports.items() for clause in found}
    reasons = {(name, id_) for name, f in frameworks().items() for id_, clause in f.clauses.items() if clause.why_not}
    assert named & reasons == set()


def test_titles_are_plain_and_claim_nothing() -> None:
    """Short, without a full stop, one clause a title, and no text says that a clause is satisfied or complied with."""
    for name, framework in frameworks().items():
        titles = [clause.title for clause in framework.clauses.values()]
        assert [title for title in titles if title.endswith(".") or len(title) > 110] == [], name
        assert not re.search(r"satisf|compl(y|ie)|fulfil", FOLDER.joinpath(f"{name}.yaml").read_text("utf-8").lower())


def test_a_title_alone_and_a_whole_clause_load(tmp_path: Path) -> None:
    """Both forms give the same kind of clause, in the order of the file; a clause counts as checked unless it says not."""
    (tmp_path / "small.yaml").write_text(SMALL.replace("why_not:", "checked: false, why_not:"), encoding="utf-8")
    clauses = load(tmp_path)["small"].clauses
    assert [(id_, c.title, c.why_not, c.checked) for id_, c in clauses.items()] == [
        ("A.1", "What is first", None, True),
        ("A.2", "What is second", "nobody can show it", False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("why_not:", "because:", "clauses.A.2.because: Extra inputs are not permitted, found 'nobody can show it'"),
        ('edition: "1"\n', "", "edition: Field required"),
        (
            "A.2:",
            "A.1:",
            'not YAML: found duplicate key "A.1" with value "{}" (original value: "What is first"), line 8',
        ),
        ("A.1: What is first", "2.10: What is first", "clauses.2.1.[key]: Input should be a valid string, found 2.1"),
        ("A.1: What is first", "A.1: 1", "clauses.A.1: Input should be a valid dictionary or instance of Clause"),
        ("A.1: What is first", "A.1: ''", "clauses.A.1.title: String should have at least 1 character, found ''"),
        (
            'read: "2026-11"',
            "read: 2026-11-21",
            "read: Input should be a valid string, found datetime.date(2026, 11, 21)",
        ),
        ("2026-11", "2026-13", "read: String should match pattern"),
        ("https:", "http:", "source: String should match pattern"),
        ("Everything it has.", "Everything. And more.", "scope is not one sentence that ends with a full stop"),
        ("title: Small", "title: [", "small.yaml: not YAML: "),
        (SMALL.partition("clauses:\n")[2], "  {}", "clauses: Dictionary should have at least 1 item"),
    ],
)
def test_a_malformed_framework_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The message names the file, the place, what was expected and what was found."""
    text = planted(tmp_path, old, new)
    assert text.startswith(f"frameworks in {tmp_path.name}/: 1 problem, nothing was checked\n  small.yaml: ")
    assert message in text


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    """Of several files, and several of one file."""
    (tmp_path / "other.yaml").write_text("- a list", encoding="utf-8")
    text = planted(tmp_path, 'edition: "1"\nsource: https', "source: ftp")
    assert text.splitlines()[0].endswith("3 problems, nothing was checked")
    assert [line.split(":")[0].strip() for line in text.splitlines()[1:]] == ["other.yaml", "small.yaml", "small.yaml"]


def test_a_folder_without_frameworks_is_an_error(tmp_path: Path) -> None:
    """A wrong folder must not look like frameworks without clauses."""
    with pytest.raises(BadInputError, match="no framework found"):
        load(tmp_path)


def test_a_planted_clause_that_does_not_exist_is_a_problem() -> None:
    """One problem for each, with the control, the framework, the clause and what may have been meant."""
    planted_links = {"DAT-05": {"aws-fsbp": ["RDS.2", "RDS.99"], "gdpr": ["Art.32"]}, "NET-05": {"pci": ["1.2"]}}
    first, second, third = unknown_clauses(planted_links)
    assert first.startswith("DAT-05: supports.aws-fsbp: no clause 'RDS.99' in policies/frameworks/aws-fsbp.yaml")
    assert second.endswith("no clause 'Art.32' in policies/frameworks/gdpr.yaml, did you mean 'Art. 32'?")
    assert third.startswith("NET-05: supports.pci: no framework 'pci', expected one of aws-fsbp, ccpa")


def test_a_clause_is_looked_for_in_its_own_framework(tmp_path: Path) -> None:
    """The number of one framework is nothing in another; frameworks that are given replace the project's."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    small = load(tmp_path)
    assert unknown_clauses({"X": {"small": ["A.1", "A.2"]}}, small) == ()
    assert len(unknown_clauses({"X": {"small": ["LLM01"], "owasp-llm": ["LLM01"]}}, small)) == 2


def test_the_module_reads_no_records() -> None:
    """Loading records asks this module, so it can import neither them nor what imports them."""
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    found = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name for name in found if name.startswith("llmlz")} == {"llmlz.errors"}
