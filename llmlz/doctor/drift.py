"""Whether what is deployed is still what the program says: a preview that reads everything again, and writes nothing.

A preview takes no lock. Its exit code says what it found: ``ExitNoChanges`` in
https://github.com/pulumi/pulumi/blob/v3.256.0/pkg/cmd/pulumi/cmd/exit_codes.go (2026-11).
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from llmlz.doctor.finding import Finding, ok, problem, undecided
from llmlz.engine.process import Finished, run

CHANGES = 7
"""Exit code of ``--expect-no-changes`` when there are some."""

ESTATE = "LLMLZ_ESTATE"
"""Where ``stacks/__main__.py`` is told the folder of the estate."""

SHOWN = 10
QUIET = ("same", "read", "refresh")
"""Steps that change nothing in the cloud."""
TAIL = 5
"""Lines of the engine's last words in a finding."""

PREVIEW = ("preview", "--refresh", "--expect-no-changes", "--json", "--non-interactive", "--color", "never")


def examine_drift(
    engine: Path | None,
    folder: Path,
    stack: str,
    *,
    estate: Path,
    backend: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Finding:
    """What a preview of ``stack`` from ``folder``, which holds ``Pulumi.yaml``, says.

    The program and the engine read the stack from ``estate``, a folder with stack files. ``backend`` is the address of
    the state, the one of `pulumi login` if left out. Without an engine, or without an answer, it is undecided.
    The engine reads a copy of the stack file, as a preview writes a salt into one that has none.
    """
    where = f"{folder} {stack} of {estate}"
    if engine is None:
        return undecided("drift", "there is no pulumi, which would look", where, "install it, or `make engine`")
    if not (folder / "Pulumi.yaml").is_file():
        return undecided("drift", "there is no Pulumi.yaml here", where, "run this from the root of the repository")
    told = {**environment, ESTATE: str(estate.resolve()), **({"PULUMI_BACKEND_URL": backend} if backend else {})}
    file = estate / f"Pulumi.{stack}.yaml"
    if not file.is_file():
        return undecided("drift", f"there is no {file}", where, "name the estate of the stack with --estate")
    with TemporaryDirectory() as aside:
        settings = ("--config-file", str(shutil.copy(file, aside)))
        return judged(run([engine, *PREVIEW, *settings, "--stack", stack], folder=folder, environment=told), where)


def judged(done: Finished, where: str) -> Finding:
    """What the end of the preview means; an error is no answer."""
    if done.code == 0:
        return ok("drift", "what is deployed is what the program says", where)
    if done.code == CHANGES:
        fix = "find out who changed it; pulumi up puts back what the program says; refresh takes over what is there"
        return problem("drift", _changes(done.stdout), where, fix)
    words = "\n".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-TAIL:])
    return undecided("drift", f"the preview ended with {done.code}: {words}", where, "mend that, then look again")


def _changes(said: str) -> str:
    """Operations and resources of a preview's digest, or that there are some."""
    try:
        steps: list[dict[str, Any]] = [step for step in json.loads(said)["steps"] if step["op"] not in QUIET]
    except (ValueError, KeyError, TypeError):
        return "the preview has changes, and does not say which"
    counts = ", ".join(f"{number} {op}" for op, number in sorted(Counter(step["op"] for step in steps).items()))
    names = ", ".join(step["urn"].rpartition("::")[2] for step in steps[:SHOWN])
    return f"{counts}: {names}" + (f" and {len(steps) - SHOWN} more" if len(steps) > SHOWN else "")
