"""Real output of the engine, kept as files so that the loaders are tested without an engine.

``python -m tests.engine.fixtures`` writes them again; a test of ring 3 compares them with what the engine says now.
What differs between machines and runs (paths, times, random ids, ciphertexts, order) is normalised, nothing else.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llmlz.engine.workspace import Workspace
from llmlz.graph.states import SENTINELS
from tests.engine import programs

DATA = Path(__file__).parent / "data"
PROGRAMS = "tests/engine/programs.py"
DROPPED = {"created", "modified", "duration", "manifest", "seed", "sourcePosition"}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def record(folder: Path) -> Mapping[str, Any]:
    """File name to content: preview, plan and state of a platform, and of a team that refers to it."""
    found: dict[str, Any] = {}
    with Workspace(folder, account=programs.ACCOUNT, region=programs.REGION) as workspace:
        for project, stack, program in (
            ("platform", "prod", programs.platform()),
            ("team", "claims", programs.team),
        ):
            preview = workspace.preview(program, project, stack)
            workspace.up(program, project, stack)
            found[f"{project}-preview.json"] = preview.digest
            found[f"{project}-plan.json"] = preview.plan
            found[f"{project}-export.json"] = workspace.export(project, stack)
    return {name: normalised(content) for name, content in sorted(found.items())}


def normalised(value: Any) -> Any:
    """The value without what is true of one machine or one run only."""
    if isinstance(value, Mapping):
        kept = {name: normalised(inner) for name, inner in value.items() if name not in DROPPED}
        if "stackTrace" in value:
            kept["stackTrace"] = [frame for frame in map(_frame, value["stackTrace"]) if frame]
        if "ciphertext" in value:
            kept["ciphertext"] = "v1:ciphertext"
        if "salt" in value:
            kept["salt"] = "v1:salt"
        return kept
    if isinstance(value, list):
        inner = [normalised(one) for one in value]
        return sorted(inner, key=_order) if inner and _order(inner[0]) else inner
    if isinstance(value, str):
        return UUID.sub(lambda found: found[0] if found[0] in SENTINELS else "random-id", value)
    return value


def _order(one: Any) -> str:
    """What a list is sorted by where its order means nothing: URNs."""
    urn = one.get("urn", "") if isinstance(one, Mapping) else one
    return urn if isinstance(urn, str) and urn.startswith("urn:") else ""


def _frame(frame: Mapping[str, str]) -> dict[str, str] | None:
    """A line of the programs, as if the project lay at the root of the repository; other lines are the SDK's."""
    _, found, line = frame["sourcePosition"].partition(f"{PROGRAMS}#")
    return {"sourcePosition": f"project:///{PROGRAMS}#{line}"} if found else None


def read(path: Path) -> Any:
    """One kept file."""
    return json.loads(path.read_text(encoding="utf-8"))


def main() -> None:
    """Write the files."""
    DATA.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in record(Path(folder)).items():
            (DATA / name).write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
