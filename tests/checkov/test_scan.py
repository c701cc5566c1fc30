"""Verdicts in the terms of a graph, and nothing that passes in silence."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from llmlz.checkov.answers import Answer, Catalogue, Judged, Verdict
from llmlz.checkov.process import Checkov, CheckovError
from llmlz.checkov.scan import Scan, known, scan
from llmlz.graph.model import Resource
from tests.checkov.parts import BUCKET, OPEN, OPEN_SSH, SECURITY_GROUP, catalogue, graph, refers, resource


class Said:
    """A checkov that says what it is told to."""

    def __init__(
        self, verdicts: Mapping[str, Verdict], errors: Sequence[str] = (), known_types: Catalogue | None = None
    ) -> None:
        """``verdicts`` is the logical name of a resource to the verdict of the only check."""
        self.verdicts, self.errors = verdicts, tuple(errors)
        self.catalogue = known_types or catalogue(["aws_security_group"])

    def hello(self, checks: Sequence[str], external: Path | None = None) -> Catalogue:
        """The one check."""
        return self.catalogue

    def plan(self, plan: Mapping[str, Any], checks: Sequence[str], external: Path | None = None) -> Answer:
        """The verdicts."""
        labels = {
            name: r["address"] for r in plan["planned_values"]["root_module"]["resources"] for name in [r["name"][:-7]]
        }
        found = tuple(
            Judged("X_1", labels.get(n, n), v, ("ingress/[0]/cidr_blocks",)) for n, v in self.verdicts.items()
        )
        return Answer(found, frozenset(f.address for f in found), self.errors)


def told(verdicts: Mapping[str, Verdict], *resources: Resource, errors: Sequence[str] = ()) -> Scan:
    """A scan by the only check."""
    return scan(graph(*resources), ["X_1"], checkov=cast(Checkov, Said(verdicts, errors)))


def test_a_verdict_names_the_resource_and_its_inputs() -> None:
    """In Pulumi's words."""
    found = told({"open": "failed"}, OPEN)
    (result,) = found.results
    assert (result.urn, result.verdict, result.message) == (OPEN.urn, "failed", "Some check: ingress[0].cidrBlocks")
    assert (found.doubts, found.looked_at) == ((), (OPEN.urn,))


def test_silence_is_a_doubt() -> None:
    """An empty result, for a resource whose type a check covers."""
    found = told({}, OPEN)
    assert found.results == ()
    assert "did not look at it" in found.doubts[0].message


def test_a_check_that_says_nothing_of_one_resource_is_a_doubt() -> None:
    """Although others looked at it."""
    said = Said({"open": "passed"})
    second = next(iter(said.catalogue.checks.values()))
    said.catalogue = Catalogue("3", {"X_1": second, "X_2": replace(second, id="X_2", name="Other")}, {})
    found = scan(graph(OPEN), ["X_1", "X_2"], checkov=cast(Checkov, said))
    assert [(d.check, "gave no verdict" in d.message) for d in found.doubts] == [("X_2", True)]


def test_what_checkov_could_not_read_is_a_doubt() -> None:
    """Of the resource that it names, or of the stack."""
    address = "aws_security_group.open"
    found = told({"open": "passed"}, OPEN, errors=["no graph could be made"])
    assert [d.urn.split("::")[2] for d in found.doubts] == ["pulumi:pulumi:Stack"]
    assert address not in found.doubts[0].message


def test_a_verdict_on_something_else_is_a_doubt() -> None:
    """An address that nobody asked about."""
    found = told({"open": "passed", "aws_other.thing": "passed"}, OPEN)
    assert "aws_other.thing, which nobody asked about" in found.doubts[0].message
    assert len(found.results) == 1


def test_what_is_in_doubt_does_not_pass() -> None:
    """A misspelt property may be the one that a check looks for."""
    misspelt = resource(SECURITY_GROUP, "open", {"ingressRules": [OPEN_SSH]})
    (result,) = told({"open": "passed"}, misspelt).results
    assert result.verdict == "unknown"
    (result,) = told({"open": "failed"}, misspelt).results
    assert result.verdict == "failed"


def test_a_check_over_neighbours_is_in_doubt_with_them() -> None:
    """What it sees at the other end may be wrong."""
    kinds = catalogue(["aws_security_group"], sees=["aws_security_group", "aws_s3_bucket"])
    bucket = resource(BUCKET, "bucket", {"misspelt": 1})
    user = resource(SECURITY_GROUP, "open", {"description": "d"}, references=(refers("description", bucket),))
    said = Said({"open": "passed"}, known_types=kinds)
    (result,) = scan(graph(bucket, user), ["X_1"], checkov=cast(Checkov, said)).results
    assert result.verdict == "unknown"


def test_a_check_that_cannot_judge_is_an_error() -> None:
    """A check that does not exist, and one of data sources, would otherwise pass everywhere."""
    said = Said({})
    with pytest.raises(CheckovError, match="has no check X_9"):
        known(["X_9"], cast(Checkov, said))
    check = next(iter(said.catalogue.checks.values()))
    data = replace(check, homes=frozenset({"data"}), types=frozenset())
    said.catalogue = Catalogue("3", {"X_1": data}, {})
    with pytest.raises(CheckovError, match="judges a data, of which a graph has none"):
        known(["X_1"], cast(Checkov, said))
