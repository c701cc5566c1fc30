"""Evidence as text says the same to people and to tools, and never more than it knows."""

import json
import re

import pytest

from llmlz.evidence import output
from llmlz.evidence.collect import evidence
from llmlz.evidence.model import Evidence
from llmlz.evidence.output import NO_REASON, listed, said
from tests.evidence.samples import HOSTILE, WAIVER, collected, control, evaluation, finding, framework
from tests.report import samples

CLAIMS = re.compile(r"satisf|compl(y|ies|iant|iance)|fulfil|certif(y|ied)", re.IGNORECASE)


def as_json(shown: Evidence) -> str:
    """The JSON form, made at the time of the samples."""
    return output.as_json(shown, created=samples.CREATED, level=samples.LEVEL)


def as_markdown(shown: Evidence) -> str:
    """The page, made at the time of the samples."""
    return output.as_markdown(shown, created=samples.CREATED, level=samples.LEVEL)


def rows(markdown: str) -> list[list[str]]:
    """Cells of every line of every table."""
    lines = [line for line in markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_no_text_claims_that_a_clause_is_met() -> None:
    """What controls and frameworks say is support; the words of a certificate are not used."""
    shown = evidence(samples.evaluations())
    for text in (as_json(shown), as_markdown(shown)):
        assert CLAIMS.findall(text) == []
        assert "supported" in text


def test_equal_evidence_gives_equal_bytes() -> None:
    """No clock and no order of sets; the document says its format, when it was made and at which level."""
    first, second = (as_json(evidence(samples.evaluations())) for _ in range(2))
    assert first == second
    assert as_markdown(evidence(samples.evaluations())) == as_markdown(evidence(samples.evaluations()))
    read = json.loads(first)
    assert (read["format"], read["created"], read["level"]) == (1, samples.CREATED, samples.LEVEL)
    assert read["stacks"] == list(samples.evaluations())


def test_json_names_controls_once_and_clauses_name_them_by_id() -> None:
    """Another tool can follow a clause to its controls, their tests and their results in each stack."""
    read = json.loads(as_json(evidence(samples.evaluations())))
    known = {entry["id"]: entry for entry in read["controls"]}
    assert len(known) == len(read["controls"])
    clauses = [clause for f in read["frameworks"] for clause in f["clauses"]]
    assert {id_ for clause in clauses for id_ in clause["controls"]} <= set(known)
    logged = known["LOG-01"]
    assert logged["mutation"].endswith("test_the_mutation_flips_the_verdict[LOG-01]")
    assert {result["stack"] for result in logged["results"]} == set(samples.evaluations())


def test_markdown_shows_every_clause_in_one_table_whether_covered_or_not() -> None:
    """The same line, in the framework's own order: whoever reads what is covered reads what is not."""
    known = framework("1", "2", "3", **{"4": {"title": "four", "why_not": "about people", "checked": False}})
    found = evaluation({"A-01": ["x"], "A-02": []}, [finding("A-01", "x")])
    made = [control("A-01", "1", "3"), control("A-02", "3")]
    table = rows(as_markdown(collected(known, made, {"one": found})))
    start = table.index(["clause", "about", "state", "controls, or why none"])
    assert table[start + 2 : start + 6] == [
        ["1", "about 1", "supported", "A-01 (with a finding)"],
        ["2", "about 2", "not covered", NO_REASON],
        ["3", "about 3", "partly looked at", "A-01 (with a finding), A-02"],
        ["4 (not checked)", "four", "not covered", "about people"],
    ]
    assert ["Small framework", "1", "1", "0", "2", "4", "2"] in table


def test_hostile_names_of_stacks_stay_in_their_cells() -> None:
    """A name with a pipe, markup or a new line neither adds a column nor becomes a link."""
    shown = collected(framework("1"), [control("A-01", "1")], {HOSTILE: evaluation({"A-01": ["x"]})})
    text = as_markdown(shown)
    assert {len(row) for row in rows(text)} == {4, 5, 7}
    assert "<script" not in re.sub(r"\\<", "", text)
    assert r"a\|b \`c\` \[d\](https://example.com) \<script\> new line" in text
    assert json.loads(as_json(shown))["stacks"] == [HOSTILE]


def test_what_a_control_said_is_worst_first_and_names_stacks() -> None:
    """One sentence for each kind of result, with numbers that add up over stacks."""
    stacks = {
        "one": evaluation({"A-01": ["x", "y"]}),
        "two": evaluation({"A-01": ["x"]}, stack="two"),
        "three": evaluation({"A-01": ["x"]}, [finding("A-01", "x", stack="three")], stack="three"),
        "four": evaluation({"A-01": []}, stack="four"),
        "five": evaluation({"A-01": ["x"]}, [finding("A-01", "x", stack="five", waived=WAIVER)], stack="five"),
    }
    (shown,) = collected(framework("1"), [control("A-01", "1")], stacks).controls
    assert list(said(shown).items()) == [
        ("violated", "violated in three (1 finding)"),
        ("waived", f"in five: {WAIVER}"),
        ("holds", "holds on 3 resources in one, two"),
        ("looked at nothing", "looked at nothing in four"),
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"evaluator": "manual"}, "not run: a person decides it"),
        ({"evaluator": "checkov"}, "not run: checkov was not asked"),
        ({"evaluator": "code", "advisory_from": 3}, "not run; it runs from level 3"),
    ],
)
def test_what_was_not_run_says_why(changed: dict[str, object], sentence: str) -> None:
    """Nobody has to guess whether silence means that all is well."""
    (shown,) = collected(framework("1"), [control("A-01", "1", **changed)], {"one": evaluation({})}).controls
    assert said(shown) == {"not run": sentence}


def test_long_lists_of_stacks_are_cut_and_counted() -> None:
    """A page of two hundred teams stays readable, and says how many names it leaves out."""
    assert listed([f"team-{number}" for number in range(200)]).endswith("team-5 and 194 more")
    assert listed(["one", "two"]) == "one, two"
