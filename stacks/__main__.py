"""What ``pulumi up`` runs: load the estate, build the stack that was chosen."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
# Running a folder puts it on the path, where stacks/platform.py would be taken for Python's own platform module.

from pathlib import Path  # noqa: E402

from stacks.collector import tune  # noqa: E402

tune()

import pulumi  # noqa: E402

from stacks.estate import load_estate  # noqa: E402
from stacks.problems import EXIT_CODE, SettingsError  # noqa: E402
from stacks.program import program  # noqa: E402

try:
    run = program(load_estate(Path(os.environ.get("LLMLZ_ESTATE", HERE))).stack(pulumi.get_stack()))
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(EXIT_CODE)
run()
