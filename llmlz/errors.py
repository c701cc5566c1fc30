"""What a command says when it cannot do its work, and the exit code that goes with it."""

from typing import ClassVar


class LlmlzError(Exception):
    """A failure with a message for the person at the keyboard: no traceback is shown for it."""

    exit_code: ClassVar[int] = 1


class ChecksFailedError(LlmlzError):
    """Everything ran, and something that must hold does not."""

    exit_code = 1


class BadInputError(LlmlzError):
    """A file or an argument is wrong; nothing was done."""

    exit_code = 2


class ToolMissingError(LlmlzError):
    """A program that this step needs is not here; the message names it and how to get it."""

    exit_code = 3


class LocalCloudError(LlmlzError):
    """The emulator, or what runs against it, failed or died."""

    exit_code = 4


INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
