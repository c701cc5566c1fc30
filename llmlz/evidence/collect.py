"""Evidence from records and evaluations: nothing is looked at again here."""

from collections.abc import Mapping, Sequence

from llmlz.checks import frameworks as listed
from llmlz.checks import records
from llmlz.checks.evaluate import Evaluation
from llmlz.checks.frameworks import Clause, FrameworkRecord
from llmlz.checks.records import Control
from llmlz.evidence.model import (
    AGAINST,
    MEANING,
    ClauseEvidence,
    ControlEvidence,
    Evidence,
    FrameworkEvidence,
    Result,
    StackResult,
    State,
)

TESTS = {"code": "tests/policies/test_controls.py", "checkov": "tests/checkov/test_records.py"}
CASE = "test_exactly_the_named_resources_fail"
MUTATION = "test_the_mutation_flips_the_verdict"


def evidence(
    evaluations: Mapping[str, Evaluation],
    *,
    controls: Sequence[Control] | None = None,
    frameworks: Mapping[str, FrameworkRecord] | None = None,
) -> Evidence:
    """Evidence from the last evaluation of each stack, by its name; controls and frameworks are the project's if left out.

    A waived finding is counted as waived, never as holding.
    """
    controls = records.controls() if controls is None else controls
    frameworks = listed.frameworks() if frameworks is None else frameworks
    shown = {control.id: _control(control, evaluations) for control in controls}
    found = tuple(_framework(name, record, controls, shown) for name, record in frameworks.items())
    return Evidence(stacks=tuple(evaluations), controls=tuple(shown.values()), frameworks=found)


def _control(control: Control, evaluations: Mapping[str, Evaluation]) -> ControlEvidence:
    return ControlEvidence(
        id=control.id,
        title=control.title,
        evaluator=control.evaluator,
        level=control.advisory_from,
        mutation=f"{_tests(control)}::{MUTATION}[{control.id}]" if control.mutation else "",
        cases=tuple(
            f"{_tests(control)}::{CASE}[{_spelled(f'{control.id}: {f.name}')}]"
            for f in (*control.passes, *control.fails)
        ),
        results=tuple(_result(control.id, stack, found) for stack, found in evaluations.items()),
    )


def _tests(control: Control) -> str:
    """The file that tries its examples; a control that a person decides has none."""
    return TESTS.get(control.evaluator, "")


def _spelled(name: str) -> str:
    """A parameter's id as pytest writes it."""
    return name.encode("unicode_escape").decode("ascii")


def _result(control: str, stack: str, found: Evaluation) -> StackResult:
    ran = [entry for entry in found.coverage if entry.control == control]
    findings = [finding for finding in found.findings if finding.control == control]
    standing = [finding for finding in findings if not finding.waived]
    looked = {urn for entry in ran for urn in entry.looked_at}
    verdicts = {finding.verdict for finding in standing}
    result: Result = "holds" if looked else "looked at nothing" if ran else "not run"
    if findings:
        result = "violated" if "violated" in verdicts else "indeterminate" if verdicts else "waived"
    return StackResult(
        stack=stack,
        result=result,
        looked_at=len(looked),
        findings=len(standing),
        waived=tuple(finding.waived for finding in findings if finding.waived),
    )


def _framework(
    name: str, record: FrameworkRecord, controls: Sequence[Control], shown: Mapping[str, ControlEvidence]
) -> FrameworkEvidence:
    naming: dict[str, list[ControlEvidence]] = {}
    for control in controls:
        for framework, clauses in control.supports.items():
            for clause in dict.fromkeys(clauses) if framework == name else ():
                naming.setdefault(clause, []).append(shown[control.id])
    found = tuple(_clause(id_, clause, naming.get(id_, ())) for id_, clause in record.clauses.items())
    return FrameworkEvidence(
        name=name,
        title=record.title,
        edition=record.edition,
        source=record.source,
        read=record.read,
        scope=record.scope,
        clauses=found,
        totals={state: sum(clause.state == state for clause in found) for state in MEANING},
        against=sum(bool(clause.against) for clause in found),
    )


def _clause(id_: str, clause: Clause, naming: Sequence[ControlEvidence]) -> ClauseEvidence:
    return ClauseEvidence(
        id=id_,
        title=clause.title,
        state=_state(naming),
        controls=tuple(control.id for control in naming),
        against=tuple(control.id for control in naming if control.result in AGAINST),
        why_not="" if naming else clause.why_not or "",
        note=clause.note or "",
        checked=clause.checked,
    )


def _state(naming: Sequence[ControlEvidence]) -> State:
    if not naming:
        return "not covered"
    looked = sum(control.looked for control in naming)
    return "supported" if looked == len(naming) else "partly looked at" if looked else "not looked at"
