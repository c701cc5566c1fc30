"""What ``pulumi up`` runs: load the estate, build the stack that was chosen."""

import gc
import os
import sys
from pathlib import Path

import pulumi

gc.freeze()
gc.set_threshold(100_000, 50, 50)  # registrations make many long-lived objects and few cycles; see bench/

from stacks.estate import load_estate  # noqa: E402
from stacks.problems import EXIT_CODE, SettingsError  # noqa: E402
from stacks.program import program  # noqa: E402

ESTATE = Path(os.environ.get("LLMLZ_ESTATE", Path(__file__).parent))

try:
    run = program(load_estate(ESTATE).stack(pulumi.get_stack()))
except SettingsError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(EXIT_CODE)
run()
