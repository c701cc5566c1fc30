"""``llmlz move``: what a change of tier or release would create, change, replace and delete."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from llmlz.cli.moving import Asked
    from llmlz.moves.model import Move

NONE = "none"


def move(
    *,
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    to: Annotated[
        str | None, typer.Option("--to", help="Tier that the platform would move to; none takes it away.")
    ] = None,
    before: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            help="What is there now, instead of the settings: llmlz record --json of an earlier release, or pulumi stack "
            "export of a live stack. May be given once per stack.",
        ),
    ] = None,
    preview: Annotated[
        Path | None, typer.Option("--preview", help="Judge what pulumi preview --json printed of the live stack.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a move would do, and fail when it would replace or delete anything that holds state.

    The provider's plan over the state that the old program leaves decides, together with the list of what AWS refuses. It
    needs no cloud. A plan is what is judged: quotas, names in use and the API's own refusals show only in a real preview.
    """
    if (to is not None) + bool(before) + (preview is not None) != 1:
        raise BadInputError("expected exactly one of --to, --from and --preview")
    from llmlz.cli import moving  # noqa: PLC0415

    if preview is not None:
        tell(_previewed(preview), None, as_json=as_json)
        return
    if to == NONE:
        asked = moving.away(estate, stack)
        tell_away(moving.nothing_left(asked), asked, as_json=as_json)
        return
    asked = moving.climb(estate, stack, str(to)) if to else moving.since(estate, before or [])
    tell(moving.verdict(asked), asked, as_json=as_json)


def _previewed(file: Path) -> "Move":
    from llmlz.cli.moving import rules  # noqa: PLC0415
    from llmlz.moves.previewed import previewed  # noqa: PLC0415

    try:
        return previewed(json.loads(file.read_text(encoding="utf-8")), rules())
    except (OSError, ValueError) as error:
        raise BadInputError(f"--preview {file}: {error}") from None


def tell(found: "Move", asked: "Asked | None", *, as_json: bool) -> None:
    """Print the move; raises ``ChecksFailedError`` when something speaks against it."""
    from llmlz.cli.moving import idle_costs  # noqa: PLC0415

    needed, costs = asked.prerequisites if asked else (), idle_costs(asked) if asked else None
    if as_json:
        print_json(
            {
                **asdict(found),
                "holds": found.holds,
                "idle_usd_a_month": [str(cost) for cost in costs] if costs else None,
                "prerequisites": [dict(zip(("what", "why", "is"), one, strict=True)) for one in needed],
            }
        )
    else:
        if found.changes:
            _table(found)
        else:
            console().print("nothing changes", highlight=False)
        if costs:
            console().print(f"idle: {costs[0]:.2f} to {costs[1]:.2f} US dollars a month", highlight=False)
        for what, why, state in needed:
            console().print(f"needs: {what} ({state}): {why}", highlight=False, markup=False)
        for finding in found.findings:
            console().print(f"\n{finding}", highlight=False, markup=False)
    blocking = [finding for finding in found.findings if finding.blocks]
    if blocking:
        raise ChecksFailedError(f"{len(blocking)} findings speak against this move; nothing was changed")
    if not as_json:
        console().print("\nnothing that holds state is replaced or deleted", highlight=False)


def _table(found: "Move") -> None:
    from llmlz.moves.model import ACTIONS  # noqa: PLC0415

    counts = found.counts()
    width = max(map(len, counts), default=0)
    console().print(f"{'':<{width}}" + "".join(f"{action:>9}" for action in ACTIONS), highlight=False)
    for token, by_action in counts.items():
        cells = "".join(f"{by_action.get(action, '') or '':>9}" for action in ACTIONS)
        console().print(f"{token:<{width}}{cells}", highlight=False)
    for change in found.of("replace", "delete"):
        why = f" because of {', '.join(change.properties)}" if change.properties else ""
        console().print(f"{change.action} {change.name} [{change.type}]{why}", highlight=False, markup=False)


def tell_away(found: "Move", asked: "Asked", *, as_json: bool) -> None:
    """Print what a destroy takes, protected things first, and the order; raises ``ChecksFailedError`` while any remain."""
    order = list(asked.before)
    if as_json:
        print_json({**asdict(found), "order": order, "holds": found.holds})
    else:
        for finding in found.findings:
            console().print(str(finding), highlight=False, markup=False)
        console().print(f"\n{len(found.changes)} resources, in this order:", highlight=False)
        for name in order:
            console().print(f"  pulumi destroy --stack {name}", highlight=False)
    if found.findings:
        raise ChecksFailedError(f"{len(found.findings)} resources are protected or hold state; nothing was changed")
