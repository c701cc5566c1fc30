"""A process that holds an emulator until it is ended: what the fault tests end in several ways.

Arguments: folder, account, region. Prints the footprint as one line of JSON when the emulator answers.
"""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from llmlz.local.emulator import Emulator

if __name__ == "__main__":
    folder, account, region = sys.argv[1:]
    with Emulator(Path(folder), account=account, region=region) as emulator:
        print(json.dumps(asdict(emulator.footprint)), flush=True)
        time.sleep(600)
