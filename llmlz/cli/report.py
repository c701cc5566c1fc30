"""``llmlz report``: one page about a platform and its teams, and the evidence behind it, without the long proofs."""

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


def report(
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    folder: Annotated[Path, typer.Option(help="Where the report goes, into a folder of that name.")] = BUILD,
    as_json: JsonOption = False,
) -> None:
    """Write what holds and what supports which clause: a page, and the evidence as JSON and Markdown beside it.

    Looks at controls, access and cost. Exits with 1 where something that must hold does not; the page is written anyway.
    """
    found = estate_at(estate)
    require_stack(found, stack)
    from llmlz.cli.trying import Trial  # noqa: PLC0415  # bad input is told before anything heavy is loaded
    from stacks.kinds import PlatformStack  # noqa: PLC0415

    if not isinstance(found.stack(stack), PlatformStack):
        raise BadInputError(f"--stack {stack}: expected a platform, its teams come along")
    usable_folder(folder)
    run = Trial(found, stack, folder, progress())
    run.offline(proofs=False)
    page = run.report()
    if as_json:
        print_json({**run.summary(), "report": str(page)})
    else:
        console().print(f"\nreport: {page}", highlight=False)
    if run.steps.failed:
        raise typer.Exit(max(step.exit_code for step in run.steps.failed) or 1)
