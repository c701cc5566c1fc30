"""The tool that ring 2 needs."""

from tests.rehearsal.conftest import terraform

__all__ = ["terraform"]
