"""Findings in the formats that other tools read: JSON, JUnit XML, SARIF 2.1.0.

Owns: the texts. Does not own: where they are written, and the exit code.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any
from xml.etree import ElementTree

from llmlz.checks.evaluate import Coverage, Finding

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

SCORES = {"critical": "9.5", "high": "8.0", "medium": "5.0", "low": "2.0"}
"""Severity to the number by which code-scanning pages sort findings."""


def as_json(findings: Sequence[Finding], coverage: Sequence[Coverage] = ()) -> str:
    """One object with ``findings`` and ``coverage``, in the given order."""
    document = {"findings": [asdict(f) for f in findings], "coverage": [asdict(c) for c in coverage]}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def as_junit(findings: Sequence[Finding], coverage: Sequence[Coverage] = (), *, name: str = "llmlz check") -> str:
    """One test case per control and resource: violated is a failure, indeterminate an error, advisory is skipped.

    Controls that looked at nothing are skipped cases, so that a report shows them.
    """
    found = {(f.control, f.urn) for f in findings}
    failing = {control for control, _ in found}
    looked = [(c.control, urn) for c in coverage for urn in c.looked_at]
    idle = [(c.control, "nothing") for c in coverage if not c.looked_at and c.control not in failing]
    cases = sorted({*looked, *found, *idle})
    suite = ElementTree.Element("testsuite", name=name, tests=str(len(cases)))
    counts = {"failure": 0, "error": 0, "skipped": 0}
    for control, urn in cases:
        case = ElementTree.SubElement(suite, "testcase", classname=control, name=_clean(urn))
        same = [f for f in findings if (f.control, f.urn) == (control, urn)]
        if (control, urn) in idle:
            ElementTree.SubElement(case, "skipped", message="the control looked at nothing")
            counts["skipped"] += 1
        elif same:
            kind = _junit_kind(same)
            message = _clean("; ".join(f.message + (f" ({f.waived})" if f.waived else "") for f in same))
            ElementTree.SubElement(case, kind, message=message).text = _clean(
                f"{same[0].remediation} ({_where(same[0])})"
            )
            counts[kind] += 1
    suite.set("failures", str(counts["failure"]))
    suite.set("errors", str(counts["error"]))
    suite.set("skipped", str(counts["skipped"]))
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def as_sarif(findings: Sequence[Finding], *, version: str = "0") -> str:
    """A SARIF 2.1.0 log with one run; findings point at the line of the program that made the resource."""
    ordered = sorted(findings, key=lambda f: f.control)
    rules = [_sarif_rule(control, list(group)) for control, group in groupby(ordered, key=lambda f: f.control)]
    index = {rule["id"]: position for position, rule in enumerate(rules)}
    driver = {"name": "llmlz", "version": version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, index[finding.control]) for finding in findings],
    }
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, sort_keys=True) + "\n"


def _junit_kind(same: Sequence[Finding]) -> str:
    if not any(f.mandatory for f in same):
        return "skipped"
    return "failure" if any(f.verdict == "violated" for f in same if f.mandatory) else "error"


def _sarif_rule(control: str, findings: Sequence[Finding]) -> dict[str, Any]:
    first = findings[0]
    return {
        "id": control,
        "shortDescription": {"text": control},
        "help": {"text": first.remediation},
        "properties": {"security-severity": SCORES[first.severity], "tags": ["security"]},
    }


def _sarif_result(finding: Finding, rule_index: int) -> dict[str, Any]:
    doubt = "" if finding.verdict == "violated" else "Indeterminate: "
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": finding.urn, "kind": "resource"}]}
    if finding.source is not None:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": finding.source.file},
            "region": {"startLine": finding.source.line},
        }
    return {
        "ruleId": finding.control,
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": "error" if finding.mandatory else "warning",
        "message": {"text": f"{doubt}{finding.message}. {finding.remediation}"},
        "locations": [location],
        "partialFingerprints": {"controlAndUrn/v1": f"{finding.control} {finding.urn}"},
        "properties": {"severity": finding.severity, "verdict": finding.verdict},
        **({"suppressions": [{"kind": "external", "justification": finding.waived}]} if finding.waived else {}),
    }


def _where(finding: Finding) -> str:
    return str(finding.source) if finding.source else finding.urn


def _clean(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
