"""checkov's own environment, which ring 2 needs here, and graphs of a few resources."""

from collections.abc import Iterator

import pytest

from llmlz.checkov.process import FIX, PYTHON, Checkov
from llmlz.errors import ToolMissingError
from llmlz.rehearsal.terraform import Terraform


@pytest.fixture(scope="session")
def checkov() -> Iterator[Checkov]:
    """One warm checkov for all tests; without its environment they are skipped, and say what they would prove."""
    if not PYTHON.exists():
        pytest.skip(f"ring 2: would have proved that checkov reads a graph as it reads a plan; get it with {FIX}")
    with Checkov() as running:
        yield running


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """The real provider; without it these tests are skipped, and say what they would prove."""
    try:
        return Terraform.find()
    except ToolMissingError as error:
        pytest.skip(f"ring 2: would have proved that checkov judges a graph as it judges its plan ({error})")
