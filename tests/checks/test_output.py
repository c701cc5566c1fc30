"""Findings in the formats of other tools."""

import json
from xml.etree import ElementTree

import jsonschema
import pytest

from llmlz.checks.evaluate import Coverage, Finding
from llmlz.checks.output import as_json, as_junit, as_sarif
from llmlz.graph.model import Source

HARD = Finding(
    control="DAT-14",
    severity="critical",
    mandatory=True,
    urn="urn:pulumi:s::p::aws:s3/bucket:Bucket::docs",
    source=Source(file="components/archive.py", line=12),
    message="the bucket has no public access block",
    remediation="Add one.",
    verdict="violated",
)
SOFT = Finding(
    control="MOD-01",
    severity="high",
    mandatory=False,
    urn="urn:pulumi:s::p::aws:iam/policy:Policy::calls",
    source=None,
    message='policy is not JSON: \x00 <"&',
    remediation="Add a Deny.",
    verdict="indeterminate",
)
COVERAGE = (
    Coverage(control="DAT-14", looked_at=(HARD.urn, "urn:pulumi:s::p::aws:s3/bucket:Bucket::clean")),
    Coverage(control="LOG-06", looked_at=()),
    Coverage(control="MOD-01", looked_at=(SOFT.urn,)),
)
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {
                "artifactLocation": {"type": "object", "required": ["uri"], "properties": {"uri": {"type": "string"}}},
                "region": {"type": "object", "properties": {"startLine": {"type": "integer", "minimum": 1}}},
            },
        },
        "logicalLocations": {"type": "array", "items": {"type": "object", "required": ["fullyQualifiedName"]}},
    },
}
RESULT = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"]},
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": {"type": "object", "required": ["text"]},
        "help": {"type": "object", "required": ["text"]},
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                                "additionalProperties": False,
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""The parts of the SARIF 2.1.0 schema that are used here, closed: a property from elsewhere fails."""


def test_json_keeps_everything() -> None:
    """What a program reads is what the findings hold."""
    read = json.loads(as_json([HARD, SOFT], COVERAGE))
    assert read["findings"][0]["source"] == {"file": "components/archive.py", "line": 12}
    assert [c["control"] for c in read["coverage"]] == ["DAT-14", "LOG-06", "MOD-01"]


def test_sarif_has_the_shape_of_the_standard() -> None:
    """Code-scanning pages refuse a log of another shape."""
    for findings in ([], [HARD], [SOFT, HARD, HARD]):
        jsonschema.validate(json.loads(as_sarif(findings, version="1.2.3")), SARIF)


def test_sarif_points_at_the_line_and_its_rule() -> None:
    """A finding shows up on the pull request where the resource is made."""
    (run,) = json.loads(as_sarif([SOFT, HARD]))["runs"]
    soft, hard = run["results"]
    assert [r["id"] for r in run["tool"]["driver"]["rules"]] == ["DAT-14", "MOD-01"]
    assert (soft["ruleIndex"], hard["ruleIndex"]) == (1, 0)
    assert (soft["level"], hard["level"]) == ("warning", "error")
    assert hard["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "components/archive.py"},
        "region": {"startLine": 12},
    }
    assert "physicalLocation" not in soft["locations"][0]
    assert soft["message"]["text"].startswith("Indeterminate: ")


def test_junit_counts_what_it_shows() -> None:
    """One case per control and resource; what looked at nothing is visible."""
    root = ElementTree.fromstring(as_junit([HARD, SOFT], COVERAGE))  # noqa: S314  # written by the code under test
    suite = root.find("testsuite")
    assert suite is not None
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "0", "skipped": "2"}
    messages = {c.get("classname"): c[0].get("message") for c in suite if len(c)}
    assert messages["LOG-06"] == "the control looked at nothing"
    assert messages["DAT-14"] == "the bucket has no public access block"


@pytest.mark.parametrize(("verdict", "kind"), [("violated", "failure"), ("indeterminate", "error")])
def test_junit_fails_for_both_verdicts(verdict: str, kind: str) -> None:
    """Undecided and mandatory is red, and not the same red as violated."""
    finding = Finding(**{**{n: getattr(HARD, n) for n in Finding.__slots__}, "verdict": verdict})
    root = ElementTree.fromstring(as_junit([finding]))  # noqa: S314  # written by the code under test
    assert [child.tag for case in root.iter("testcase") for child in case] == [kind]
