"""A cloud per test, which must have been asked everything that the test expected, and the engine's own fixtures."""

from collections.abc import Iterator

import pytest

from tests.doctor.stubs import Cloud
from tests.engine.conftest import engine, faults, workspace
from tests.local.conftest import emulator, installed, make_emulator

__all__ = ["emulator", "engine", "faults", "installed", "make_emulator", "workspace"]


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """Stubbed clients."""
    made = Cloud()
    yield made
    made.exhausted()
