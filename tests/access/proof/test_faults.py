"""Every fault that is planted in the evaluator, the formulas or the prover is seen by its test."""

import pytest

from tests.access.proof.faults import FAULTS, Fault, planted, sees


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_seen(fault: Fault) -> None:
    """The test that is named for a fault fails with it."""
    assert sees(fault), f"{fault.seen_by.__name__} does not notice: {fault.name}"
    print(f"{fault.name} -> {fault.seen_by.__name__}")


def test_a_fault_is_taken_out_again() -> None:
    """What comes after runs on the real code."""
    with planted(FAULTS[0]):
        pass
    FAULTS[0].seen_by()
