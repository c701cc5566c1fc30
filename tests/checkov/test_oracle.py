"""checkov's own examples, through Pulumi's inputs and the projection, against checkov's own verdicts."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from llmlz.checkov.process import Checkov
from llmlz.rehearsal import names
from llmlz.rehearsal.terraform import Terraform
from tests.checkov import agreement, oracle
from tests.checkov.agreement import Outcome
from tests.rehearsal.refresh import full_schema

ENOUGH, AT_LEAST = 250, 0.98
WHERE = oracle.folder() or Path()
if oracle.folder() is None:  # the examples are checkov's and not ours: whoever has them names the folder
    pytest.skip(
        f"would prove that verdicts are checkov's own; {oracle.VARIABLE} names no folder", allow_module_level=True
    )


@pytest.fixture(scope="module")
def found(checkov: Checkov, terraform: Terraform) -> Sequence[Outcome]:
    """Every case."""
    with pytest.MonkeyPatch.context() as patch:
        outcomes = list(
            agreement.outcomes(
                WHERE, checkov, full_schema(terraform), lambda table: patch.setattr(names, "types", lambda: table)
            )
        )
    for part, some in (
        ("single", [o for o in outcomes if not o.connected]),
        ("connected", [o for o in outcomes if o.connected]),
    ):
        counts = agreement.totals(some)
        print(f"{part}: {dict(counts)}, {agreement.share(counts):.1%} of the decided ones agree")
    return outcomes


@pytest.mark.ring(2)
def test_verdicts_are_checkovs_own(found: Sequence[Outcome]) -> None:
    """In at least 98 of 100 decided cases, and in at least 250 cases."""
    counts = agreement.totals(found)
    assert counts["agree"] + counts["differ"] >= ENOUGH
    assert agreement.share(counts) >= AT_LEAST


@pytest.mark.ring(2)
def test_every_difference_is_listed(found: Sequence[Outcome]) -> None:
    """With its reason; a case that agrees by now must leave the list."""
    differ = {outcome.case for outcome in found if outcome.kind == "differ"}
    assert differ == {(row["folder"], row["check"], row["address"]) for row in agreement.differences()}


@pytest.mark.ring(2)
def test_the_summary_is_what_was_measured(found: Sequence[Outcome]) -> None:
    """Else: python -m tests.checkov.agreement."""
    assert agreement.text(found) == agreement.SUMMARY.read_text(encoding="utf-8")


def test_every_difference_has_a_reason() -> None:
    """A sentence, and no case twice."""
    rows = agreement.differences()
    assert all(len(row["reason"].split()) > 8 for row in rows)
    assert len({(row["folder"], row["check"], row["address"]) for row in rows}) == len(rows)
