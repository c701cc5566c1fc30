"""The tool that ring 2 needs."""

import pytest

from llmlz.errors import ToolMissingError
from llmlz.rehearsal.terraform import Terraform


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    """Terraform or OpenTofu with the real AWS provider; without them ring 2 is skipped, and says what it would prove."""
    try:
        return Terraform.find()
    except ToolMissingError as error:
        pytest.skip(f"ring 2: {error}")
