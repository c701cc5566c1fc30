"""Emulators for tests, and what a test of ring 5 needs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from llmlz.errors import ToolMissingError
from llmlz.local.emulator import Emulator
from llmlz.local.environment import INSTALL, emulator_python
from llmlz.rehearsal.terraform import Terraform

ACCOUNT, REGION = "111122223333", "eu-central-1"
MakeEmulator = Callable[..., Emulator]


@pytest.fixture(scope="session")
def installed() -> None:
    """The emulator's environment, or a skip that says what is lost."""
    try:
        emulator_python(print)
    except ToolMissingError as error:
        pytest.skip(
            f"ring 5: would have proved that the estate deploys onto a local cloud; get it with {INSTALL} ({error})"
        )


@pytest.fixture
def make_emulator(installed: None, tmp_path: Path) -> MakeEmulator:
    """A factory for emulators that keep their log in the test's folder."""

    def make(port: int | None = None) -> Emulator:
        return Emulator(tmp_path / "cloud", account=ACCOUNT, region=REGION, port=port)

    return make


@pytest.fixture
def emulator(make_emulator: MakeEmulator) -> Iterator[Emulator]:
    """A running emulator."""
    with make_emulator() as running:
        yield running


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """Terraform with the AWS provider, or a skip that says what is lost."""
    try:
        return Terraform.find()
    except ToolMissingError as error:
        pytest.skip(f"ring 5: would have proved that the estate deploys onto a local cloud; {error}")
