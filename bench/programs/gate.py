"""One team's change, judged by each way that ``gate-in-ci`` compares, and what they need beforehand.

``python -m bench.programs.gate check <estate> <stack> [planted]``: ``llmlz check``, and nothing around it.
``python -m bench.programs.gate deploy <estate> <stack> <place>``: the stack and its platform, onto nothing.
``python -m bench.programs.gate preview <estate> <stack> <place> [planted]``: ``pulumi preview --policy-pack``.
``python -m bench.programs.gate save <estate> <stack> <place> <count> [planted]``: what the other ways read: the pack's
settings, plan documents of checkov for a clean and a planted stack, and graphs of teams.

``planted`` gives the team a key that is never rotated, which every way has a rule against.
"""

import json
import sys
from pathlib import Path

PLANTED = "planted"
SETTINGS, CLEAN, RED, GRAPHS = "settings", "clean.json", "planted.json", "graphs"
"""Files and folders in the place."""

PLATFORMS = "platforms"
"""Graphs that the teams' graphs refer to."""


def plant() -> None:
    """Every team that is built from now on has a key that is never rotated."""
    import pulumi  # noqa: PLC0415  # ``check`` must load nothing that ``llmlz check`` does not load at this point
    import pulumi_aws as aws  # noqa: PLC0415

    from stacks import program as programs  # noqa: PLC0415
    from stacks.kinds import TeamStack  # noqa: PLC0415
    from stacks.providers import aws_provider  # noqa: PLC0415

    build = programs.team  # type: ignore[attr-defined]

    def with_key(stack: TeamStack) -> None:
        build(stack)
        opts = pulumi.ResourceOptions(provider=aws_provider(stack, PLANTED), protect=True)
        aws.kms.Key(PLANTED, description=PLANTED, enable_key_rotation=False, deletion_window_in_days=30, opts=opts)

    programs.team = with_key  # type: ignore[attr-defined]


def check(estate: Path, stack: str) -> None:
    """Ours: what the installed command runs."""
    sys.argv = ["llmlz", "check", "--estate", str(estate), "--stack", stack]
    from llmlz.cli.entry import main  # noqa: PLC0415  # it tunes the collector before it loads anything

    main()


def deploy(folder: Path, name: str, place: Path) -> None:
    """Make the stack and what it refers to."""
    from llmlz.engine.workspace import Workspace  # noqa: PLC0415
    from stacks.estate import load_estate  # noqa: PLC0415
    from stacks.kinds import PROJECT, beneath  # noqa: PLC0415
    from stacks.program import program  # noqa: PLC0415

    stack = load_estate(folder).stack(name)
    with Workspace(place, account=stack.account, region=stack.region) as workspace:
        for one in (*beneath(stack), stack):
            workspace.up(program(one), PROJECT, one.name)


def preview(folder: Path, name: str, place: Path) -> int:
    """The peer's first step: a preview with the pack; prints what it would do, or why not."""
    from stacks.collector import tune  # noqa: PLC0415

    tune()
    from llmlz.checks.records import POLICIES  # noqa: PLC0415
    from llmlz.engine.outcome import EngineError  # noqa: PLC0415
    from llmlz.engine.packs import PolicyPack  # noqa: PLC0415
    from llmlz.engine.workspace import Workspace  # noqa: PLC0415
    from stacks.estate import load_estate  # noqa: PLC0415
    from stacks.kinds import PROJECT  # noqa: PLC0415
    from stacks.program import program  # noqa: PLC0415

    config = json.loads((place / SETTINGS / "pack.json").read_text(encoding="utf-8"))
    stack = load_estate(folder).stack(name)
    with Workspace(place, account=stack.account, region=stack.region) as workspace:
        try:
            pack = PolicyPack(folder=POLICIES, config=config)
            outcome = workspace.preview(program(stack), PROJECT, name, policies=[pack])
        except EngineError as error:
            sys.stdout.write(f"{error}\n")
            return 1
    sys.stdout.write(json.dumps(outcome.changes))
    return 0


def save(folder: Path, name: str, place: Path, count: int, *, planted: bool) -> None:
    """Write what is read later; with ``planted`` one plan and one graph, else the settings and the rest."""
    from bench.checkov_peer import OURS_ASKS_LESS, of_records  # noqa: PLC0415
    from llmlz.checkov.process import PYTHON, Checkov  # noqa: PLC0415
    from llmlz.checkov.projection import project  # noqa: PLC0415
    from llmlz.checkov.scan import known as catalogue_of  # noqa: PLC0415
    from llmlz.cli.checking import known  # noqa: PLC0415
    from llmlz.cli.pack_settings import write_pack_settings  # noqa: PLC0415
    from stacks.estate import load_estate  # noqa: PLC0415

    estate = load_estate(folder)
    found = known(estate, name)
    team, graph = estate.stack(name), found.pop(name)
    graphs, platforms = place / GRAPHS, place / PLATFORMS
    for one in (graphs, platforms):
        one.mkdir(parents=True, exist_ok=True)
    text = graph.to_json()
    if planted:
        (graphs / f"{PLANTED}.json").write_text(text, encoding="utf-8")
    else:
        write_pack_settings({**found, name: graph}, name, team.level, (), place / SETTINGS)
        for other in found.values():
            (platforms / f"{other.stack}.json").write_text(other.to_json(), encoding="utf-8")
        for number in range(count):
            alike = text.replace(team.settings.team, f"team{number:04d}")  # type: ignore[union-attr]
            (graphs / f"{number:04d}.json").write_text(alike, encoding="utf-8")
    if PYTHON.exists():
        with Checkov() as checkov:
            checks = [check for check in of_records(checkov.hello()) if check not in OURS_ASKS_LESS]
            plan = project(graph, catalogue_of(checks, checkov)).plan
        (place / (RED if planted else CLEAN)).write_text(json.dumps(plan), encoding="utf-8")
        (place / "checks").write_text(",".join(checks), encoding="utf-8")


def main(how: str, estate: Path, stack: str, rest: list[str]) -> int:
    """Run one of them."""
    if planted := rest[-1:] == [PLANTED]:
        plant()
    match how:
        case "check":
            check(estate, stack)
        case "deploy":
            deploy(estate, stack, Path(rest[0]))
        case "preview":
            return preview(estate, stack, Path(rest[0]))
        case "save":
            save(estate, stack, Path(rest[0]), int(rest[1]), planted=planted)
        case _:
            raise ValueError(f"{how!r}, expected check, deploy, preview or save")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
