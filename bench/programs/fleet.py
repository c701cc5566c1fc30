"""Previews of the teams of an estate that was deployed onto nothing, in three ways.

``python -m bench.programs.fleet <deploy|warm|one|pool> <estate> <place> [<workers> | <stack>]``

``deploy`` makes everything, once. ``warm`` is ours: one process, a few stacks at a time. ``one`` is what a shell loop
starts for each stack: a process that reads the estate, imports and previews. ``pool`` is the SDK's Automation API with
inline programs on a pool of threads. All three have the echo provider in their own process, and print the operations
that each preview found.
"""

import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stacks.collector import tune

tune()

from llmlz.engine.find import find_engine  # noqa: E402
from llmlz.engine.workspace import PASSPHRASE, Workspace  # noqa: E402
from llmlz.fleet.run import run  # noqa: E402
from stacks.estate import Estate, load_estate  # noqa: E402
from stacks.kinds import PROJECT, TeamStack  # noqa: E402
from stacks.program import program  # noqa: E402

Changes = Mapping[str, Mapping[str, int]]
"""Stack to operation to number of resources."""


def teams(estate: Estate) -> list[str]:
    """The stacks that are previewed."""
    return [name for name, stack in estate.stacks.items() if isinstance(stack, TeamStack)]


def deploy(estate: Estate, workspace: Workspace) -> Changes:
    """Make every stack, platforms first."""
    return {name: workspace.up(program(s), PROJECT, name).changes for name, s in estate.stacks.items()}


def warm(estate: Estate, workspace: Workspace, workers: int) -> Changes:
    """Ours: nothing but the engine's own processes is started anew."""

    def preview(name: str) -> Mapping[str, int]:
        return workspace.changes(program(estate.stack(name)), PROJECT, name)

    found = {}
    for outcome in run(teams(estate), preview, workers=workers, stop=workspace.interrupt):
        if outcome.error is not None:
            raise outcome.error
        found[outcome.name] = outcome.result or {}
    return found


def one(estate: Estate, workspace: Workspace, name: str) -> Changes:
    """One stack."""
    return {name: workspace.changes(program(estate.stack(name)), PROJECT, name)}


def pool(estate: Estate, workspace: Workspace, workers: int) -> Changes:
    """As https://www.pulumi.com/docs/iac/automation-api/ and its examples have it (2026-11)."""
    from pulumi import automation  # noqa: PLC0415  # only this peer pays for it

    os.environ["PATH"] = f"{find_engine().parent}{os.pathsep}{os.environ['PATH']}"

    def preview(name: str) -> tuple[str, dict[str, int]]:
        options = automation.LocalWorkspaceOptions(  # of its own: the SDK writes the program into it
            work_dir=str(workspace.project_folder(PROJECT)),
            pulumi_home=str(workspace.folder / "home"),
            env_vars={
                "PULUMI_BACKEND_URL": f"file://{workspace.folder / 'state'}",
                "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
                "PULUMI_DEBUG_COMMANDS": "true",
                "PULUMI_DEBUG_PROVIDERS": workspace.attachment,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
            },
        )
        stack = automation.create_or_select_stack(
            stack_name=f"organization/{PROJECT}/{name}",
            project_name=PROJECT,
            program=program(estate.stack(name)),
            opts=options,
        )
        summary = stack.preview().change_summary
        return name, {str(operation): count for operation, count in summary.items()}

    first, *others = teams(estate)
    found = [preview(first)]  # alone: services of pulumi_aws that two threads load at once are broken, see BODIES
    with ThreadPoolExecutor(max_workers=workers) as threads:
        return dict([*found, *threads.map(preview, others)])


def main(how: str, folder: Path, place: Path, rest: list[str]) -> None:
    """Run one of them; print what was found as JSON."""
    estate = load_estate(folder)
    (platform,) = estate.platforms()
    with Workspace(place, account=platform.account, region=platform.region) as workspace:
        match how:
            case "deploy":
                found = deploy(estate, workspace)
            case "warm":
                found = warm(estate, workspace, int(rest[0]))
            case "one":
                found = one(estate, workspace, rest[0])
            case "pool":
                found = pool(estate, workspace, int(rest[0]))
            case _:
                raise ValueError(f"{how!r}, expected deploy, warm, one or pool")
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
