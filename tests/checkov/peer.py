"""checkov as people run it: its own command, over a file."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from llmlz.checkov.answers import Answer
from llmlz.checkov.process import PYTHON

COMMAND = PYTHON.parent / "checkov"
Verdict = tuple[str, str, str]
"""Check, address, passed or failed."""


def command(plan: Mapping[str, Any], checks: Sequence[str], file: Path) -> set[Verdict]:
    """What the command says about a plan; it does not print what it does not know."""
    file.write_text(json.dumps(plan), encoding="utf-8")
    arguments = [
        str(COMMAND),
        "-f",
        str(file),
        "--framework",
        "terraform_plan",
        "--check",
        ",".join(checks),
        "-o",
        "json",
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent), "BC_SKIP_MAPPING": "TRUE"}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    found = set()
    for part in ("passed_checks", "failed_checks"):
        for record in report["results"][part]:
            found.add((record["check_id"], record["resource_address"], record["check_result"]["result"].lower()))
    return found


def decided(answer: Answer) -> set[Verdict]:
    """The same of an answer of the warm process."""
    return {(r.check, r.address, r.verdict) for r in answer.results if r.verdict != "unknown"}
