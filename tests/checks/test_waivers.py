"""Waivers: what somebody answers for does not block until its last day, and nothing of it is hidden."""

from datetime import date
from pathlib import Path

import pytest

from llmlz.checks.evaluate import Coverage, Evaluation, Finding
from llmlz.checks.markdown import as_markdown
from llmlz.checks.output import as_junit, as_sarif
from llmlz.checks.waivers import FILE, Waiver, apply, load_waivers
from llmlz.errors import BadInputError
from llmlz.graph.model import stack_urn

PROJECT, STACK = "llmlz", "platform-live"
URN = f"urn:pulumi:{STACK}::{PROJECT}::aws:s3/bucket:Bucket::open"
TODAY = date(2026, 11, 21)
GOOD = """- control: DAT-14
  stack: platform-live
  resource: open
  owner: data@example.com
  reason: the public data set of the fair
  ticket: RISK-7
  since: 2026-11-01
  expires: 2026-11-21
"""


def finding(control: str = "DAT-14", urn: str = URN) -> Finding:
    """One that blocks."""
    return Finding(
        control=control,
        severity="critical",
        mandatory=True,
        urn=urn,
        source=None,
        message="the bucket is open",
        remediation="Close it.",
        verdict="violated",
    )


def evaluation(*findings: Finding) -> Evaluation:
    """With these findings."""
    return Evaluation(findings=findings, coverage=(Coverage(control="DAT-14", looked_at=(URN,)),))


def waivers(folder: Path, text: str = GOOD) -> tuple[Waiver, ...]:
    """Those in a file with this text."""
    (folder / FILE).write_text(text, encoding="utf-8")
    return load_waivers(folder, ["DAT-14", "GOV-04"], [STACK])


def test_a_waived_finding_does_not_block_and_is_shown_everywhere(tmp_path: Path) -> None:
    """On its last day too; every report says who answers for it, why, and until when."""
    after = apply(evaluation(finding()), waivers(tmp_path), STACK, PROJECT, TODAY)
    (found,) = after.findings
    said = "waived by data@example.com until 2026-11-21 (RISK-7: the public data set of the fair)"
    assert (found.mandatory, found.waived) == (False, said)
    assert said in as_markdown(after, stack=STACK, level=3)
    assert said in as_junit(after.findings, after.coverage)
    assert f'"justification": "{said}"' in as_sarif(after.findings)


@pytest.mark.parametrize("there", [True, False])
def test_one_that_is_over_fails(tmp_path: Path, there: bool) -> None:
    """The finding blocks again, and the waiver itself is a finding, whether or not something is left to waive."""
    before = evaluation(finding()) if there else evaluation()
    after = apply(before, waivers(tmp_path), STACK, PROJECT, date(2026, 11, 22))
    over = after.findings[-1]
    assert (over.control, over.mandatory) == ("GOV-06", True)
    assert over.message == "the waiver of DAT-14 for open expired on 2026-11-21 (RISK-7)"
    assert [f.mandatory for f in after.findings] == [True] * (1 + there)


def test_one_that_begins_later_waives_nothing_yet(tmp_path: Path) -> None:
    """Nobody answers for the days before."""
    before = apply(evaluation(finding()), waivers(tmp_path), STACK, PROJECT, date(2026, 10, 31))
    assert [(f.mandatory, f.waived) for f in before.findings] == [(True, "")]


def test_one_that_waives_nothing_is_told(tmp_path: Path) -> None:
    """It would wait for a finding of tomorrow that nobody has looked at."""
    (idle,) = apply(evaluation(), waivers(tmp_path), STACK, PROJECT, TODAY).findings
    assert (idle.message, idle.mandatory) == ("the waiver of DAT-14 for open waives nothing", False)


@pytest.mark.parametrize(
    ("urn", "control"),
    [(URN.replace("open", "other"), "DAT-14"), (URN, "DAT-15"), (stack_urn(PROJECT, STACK), "DAT-14")],
)
def test_nothing_else_is_waived(tmp_path: Path, urn: str, control: str) -> None:
    """Another resource, another control and the stack as a whole go on to block."""
    after = apply(evaluation(finding(control, urn)), waivers(tmp_path), STACK, PROJECT, TODAY)
    assert [f.mandatory for f in after.findings if f.control == control] == [True]


def test_another_stack_has_its_own(tmp_path: Path) -> None:
    """Also where the resource has the same name."""
    found = apply(evaluation(finding()), waivers(tmp_path), "platform-pilot", PROJECT, TODAY).findings
    assert [f.mandatory for f in found] == [True]


def test_a_control_of_a_whole_stack_is_waived_by_that_word(tmp_path: Path) -> None:
    """Its URN is not one that people know."""
    text = GOOD.replace("DAT-14", "GOV-04").replace("resource: open", "resource: stack")
    (found,) = apply(
        evaluation(finding("GOV-04", stack_urn(PROJECT, STACK))), waivers(tmp_path, text), STACK, PROJECT, TODAY
    ).findings
    assert not found.mandatory


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  ticket: RISK-7\n", "", "[0].ticket: Field required"),
        ("owner: data@example.com", "owner: ''", "[0].owner: String should have at least 3 characters"),
        ("since: 2026-11-01", "since: 2025-01-01", "it lasts 689 days, expected 0 to 366"),
        ("since: 2026-11-01", "since: 2026-12-24", "it lasts -33 days, expected 0 to 366"),
        ("control: DAT-14", "control: DAT-99", "[0].control: found 'DAT-99', expected the name of a control"),
        (
            "stack: platform-live",
            "stack: platform-life",
            "[0].stack: found 'platform-life', expected the name of a stack",
        ),
        ("expires: 2026-11-21", "expires: soon", "[0].expires: Input should be a valid date"),
        ("  ticket:", "  forever: true\n  ticket:", "[0].forever: Extra inputs are not permitted"),
        ("- control", "control", "expected YAML"),
        (GOOD, "control: DAT-14\n", "expected a list of waivers, found dict"),
    ],
)
def test_a_broken_file_stops_the_check(tmp_path: Path, old: str, new: str, message: str) -> None:
    """With the file, the place and what was expected: a waiver that is not understood must not be half believed."""
    with pytest.raises(BadInputError) as refused:
        waivers(tmp_path, GOOD.replace(old, new))
    assert message in str(refused.value)
    assert FILE in str(refused.value)


def test_an_estate_without_the_file_has_none(tmp_path: Path) -> None:
    """Nobody has to write an empty one."""
    assert load_waivers(tmp_path, [], []) == ()
