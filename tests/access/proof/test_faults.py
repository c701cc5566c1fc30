"""Every fault that is planted in the evaluator, the formulas or the prover is seen by its test."""

import pytest

from tests.access.proof.faults import FAULTS, TESTS, Fault, planted, sees


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_seen(fault: Fault) -> None:
    """The test that is named for a fault fails with it."""
    assert sees(fault), f"{fault.seen_by} does not notice: {fault}"
    print(f"{fault} -> {fault.seen_by}")


def test_a_fault_is_taken_out_again() -> None:
    """What comes after runs on the real code."""
    for fault in (FAULTS[0], next(fault for fault in FAULTS if fault.module == "proof.tokens")):
        with planted(fault), pytest.raises(AssertionError):
            TESTS[fault.seen_by]()
        TESTS[fault.seen_by]()
