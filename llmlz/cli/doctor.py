"""``llmlz doctor``: is the account ready for a deployment, and is the state of a stack sound."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llmlz.doctor.finding import Finding


def doctor(  # noqa: PLR0917  # Typer reads options from the signature
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    state: Annotated[
        str | None,
        typer.Option(help="State: a backend (file://<folder>, s3://<bucket>) or a file of `pulumi stack export`."),
    ] = None,
    drift: Annotated[bool, typer.Option("--drift", help="Preview too, to see what was changed by others.")] = False,
    release_lock: Annotated[
        bool, typer.Option("--release-lock", help="Delete locks of the state whose holder is gone, and only those.")
    ] = False,
    stale_after: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="HOURS", help="Age from which locks of other machines are left behind.", show_default="never"
        ),
    ] = None,
    accept_agreements: Annotated[
        bool, typer.Option("--accept-agreements", help="Accept the agreements of approved models that lack it.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of the account.")] = False,
    endpoint: Annotated[str | None, typer.Option(help="URL of an AWS emulator.", show_default="the real cloud")] = None,
    as_json: JsonOption = False,
) -> None:
    """Examine the account before `pulumi up`, and with --state what an earlier one left behind.

    Exits with 1 for a problem, and for whatever cannot be decided. Nothing is changed but by the two options that say so.
    """
    from llmlz.cli.doctoring import Asked, examine  # noqa: PLC0415

    _check_options(state, release_lock=release_lock, accept_agreements=accept_agreements, drift=drift, offline=offline)
    found = estate_at(estate)
    require_stack(found, stack)
    asked = Asked(
        accept_agreements=accept_agreements,
        drift=drift,
        endpoint=endpoint,
        offline=offline,
        release_lock=release_lock,
        stale_after_hours=stale_after,
        state=state,
    )
    findings, left_out = examine(found, stack, asked)
    if as_json:
        print_json({"findings": [asdict(one) for one in findings], "left_out": left_out, "stack": stack})
    else:
        _print(findings, left_out)
    problems = sum(one.outcome == "problem" for one in findings)
    undecided = sum(one.outcome == "indeterminate" for one in findings)
    if problems or undecided:
        raise ChecksFailedError(f"{stack}: {problems} problems, {undecided} things that could not be decided")


def _check_options(
    state: str | None, *, release_lock: bool, accept_agreements: bool, drift: bool, offline: bool
) -> None:
    if release_lock and state is None:
        raise BadInputError("--release-lock: expected --state with the backend whose locks it is about")
    for given, option in ((accept_agreements, "--accept-agreements"), (drift, "--drift")):
        if offline and given:
            raise BadInputError(f"--offline asks nothing of the account, and {option} does; leave one out")
    if offline and state is not None and state.startswith("s3://"):
        raise BadInputError(
            "--offline asks nothing of the account, and the state is in S3; pulumi stack export > state.json, then"
            " --state state.json"
        )


def _print(findings: "Sequence[Finding]", left_out: "Sequence[str]") -> None:
    """A table with what was found, and below each that is not well where it is and what to do."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from llmlz.cli.options import print_table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Check", "Outcome", "Found"):
        table.add_column(name, overflow="fold")
    for one in findings:
        lines = [one.what] if one.outcome == "ok" else [one.what, f"where: {one.where}", f"fix: {one.fix}"]
        table.add_row(*map(Text, (one.id, one.outcome, "\n".join(lines))))
    print_table(table)
    for line in left_out:
        console().print(f"left out: {line}", highlight=False, markup=False)
