"""Where checkov cannot be asked, nothing that it decides is passed."""

from pathlib import Path

import pytest

from llmlz.checkov.process import Checkov
from llmlz.checks.by_checkov import evaluate_by_checkov
from llmlz.checks.compiled import records
from llmlz.checks.records import controls

BY_CHECKOV = {control.id: control for control in controls() if control.evaluator == "checkov"}


@pytest.mark.parametrize(("level", "blocks"), [(1, False), (2, True), (3, True)])
def test_a_missing_checkov_is_indeterminate_and_blocks_from_level_2(tmp_path: Path, level: int, blocks: bool) -> None:
    """Also a control that blocks only later, with the reason and the way out."""
    graph = BY_CHECKOV["DAT-09"].passes[0].graph()
    with Checkov(python=tmp_path / "none") as missing:
        found = evaluate_by_checkov(graph, level, missing).findings
    assert {finding.control for finding in found} >= {"DAT-09"}
    assert {(finding.verdict, finding.mandatory) for finding in found} == {("indeterminate", blocks)}
    assert all("checkov is not installed" in f.message and "make environments" in f.message for f in found)


def test_it_is_not_started_where_it_has_nothing_to_judge(tmp_path: Path) -> None:
    """A stack without a resource of its types has a verdict without it; the coverage says that it looked at nothing."""
    graph = next(c for c in controls() if c.id == "MOD-14").passes[0].graph()
    with Checkov(python=tmp_path / "none") as missing:
        found = evaluate_by_checkov(graph, 4, missing)
    assert found.findings == ()
    assert {entry.control for entry in found.coverage} == {r.id for r in records() if r.evaluator == "checkov"}
