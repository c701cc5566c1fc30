"""The emulator, as the local cloud's tests have it."""

from tests.local.conftest import emulator, installed, make_emulator

__all__ = ["emulator", "installed", "make_emulator"]
