"""A process that deploys the small stacks: what the fault tests interrupt in the middle.

Argument: folder. Prints the emulator's footprint as JSON, then each message of the deployment.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from llmlz.local.deploy import deploy
from llmlz.local.emulator import Emulator
from llmlz.rehearsal.terraform import Terraform
from tests.local.conftest import ACCOUNT, REGION
from tests.local.programs import small


def say(text: str) -> None:
    """Print at once."""
    print(text, flush=True)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    graphs = small()
    with Emulator(folder, account=ACCOUNT, region=REGION) as emulator:
        say(json.dumps(asdict(emulator.footprint)))
        deploy(graphs, emulator, Terraform.find(), folder / "stacks", say)
        say("deployed")
