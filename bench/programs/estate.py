"""``python -m bench.programs.estate <teams> <file>``: record a generated estate and save it as a bundle.

A process of its own: recording loads Pulumi, and proving must be measured without it.
"""

import sys
from pathlib import Path

from llmlz.access.bundle import write
from llmlz.cli.proving import bundle
from tests.generated import generated, recorded

if __name__ == "__main__":
    teams, file = int(sys.argv[1]), Path(sys.argv[2])
    write(bundle(generated(teams), recorded(teams)), file)
