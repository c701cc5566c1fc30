"""The entry point: tunes the collector, runs a command, and turns failures into messages and exit codes."""

import signal
import sys
from typing import Any

from stacks.collector import tune


def main() -> None:
    """Run ``llmlz``: 0 done, 1 a check failed, 2 bad input, 3 a tool is missing, 4 local cloud, 130 Ctrl-C."""
    tune()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped job cleans up as after Ctrl-C
    import typer  # noqa: PLC0415  # signals are ours before anything is loaded

    from llmlz.cli.app import app  # noqa: PLC0415
    from llmlz.errors import INTERRUPTED, LlmlzError  # noqa: PLC0415

    usage_error: Any = typer.BadParameter.__base__  # Typer brings its own copy of Click and names only the subclass
    try:
        code = app(standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(_say("stopped", INTERRUPTED))
    except usage_error as error:
        error.show()
        sys.exit(error.exit_code)
    except LlmlzError as error:
        sys.exit(_say(str(error), error.exit_code))
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str, code: int) -> int:
    sys.stderr.write(f"{message}\n" + (f"\nexit code {code}\n" if code not in (0, 130) else ""))
    return code
