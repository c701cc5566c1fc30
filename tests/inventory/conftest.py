"""The emulator's fixtures."""

from tests.local.conftest import emulator, installed, make_emulator

__all__ = ["emulator", "installed", "make_emulator"]
