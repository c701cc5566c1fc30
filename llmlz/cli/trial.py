"""``llmlz try``: the whole way on one machine, from a settings file to a local cloud that teams call."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import (
    DEFAULT_STACK,
    EXAMPLE,
    EstateOption,
    JsonOption,
    StackOption,
    console,
    print_json,
    progress,
    usable_folder,
)
from llmlz.errors import BadInputError

BUILD = Path("build")


class Engine(StrEnum):
    """What can deploy onto the local cloud."""

    PULUMI = "pulumi"
    TERRAFORM = "terraform"


def trial(  # noqa: PLR0917  # Typer reads options from the signature
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Stop before the local cloud.")] = False,
    engine: Annotated[
        Engine | None, typer.Option(help="What deploys onto the local cloud.", show_default="the best that is found")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the local cloud.", show_default="a free one")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where the report and the logs go.")] = BUILD,
    as_json: JsonOption = False,
) -> None:
    """Record, check, evaluate, estimate and rehearse a platform with its teams; deploy it to a local cloud; call it.

    Nothing here needs an account, credentials or Docker. What could not be shown is said, and is in the report.
    """
    found = estate_at(estate)
    require_stack(found, stack)
    from llmlz.cli.trying import Trial  # noqa: PLC0415  # bad input is told before anything heavy is loaded
    from llmlz.local import footprint  # noqa: PLC0415
    from stacks.kinds import TeamStack  # noqa: PLC0415

    if isinstance(found.stack(stack), TeamStack):
        raise BadInputError(f"--stack {stack}: a team; expected a platform, its teams come along")
    usable_folder(folder)
    if port is not None and not plan_only:
        footprint.check_port(port)
    run = Trial(found, stack, folder, progress())
    run.offline()
    if not plan_only:
        run.local_cloud(port, engine.value if engine else None)
    page = run.report()
    if as_json:
        print_json(run.summary())
    else:
        console().print(f"\nreport: {page}", highlight=False)
    if run.steps.failed:
        raise typer.Exit(max(step.exit_code for step in run.steps.failed) or 1)
