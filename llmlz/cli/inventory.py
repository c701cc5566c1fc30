"""``llmlz inventory``: accelerators and models of all accounts and clusters, and who holds them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.loading import estate_at
from llmlz.cli.options import EXAMPLE, EstateOption, JsonOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from llmlz.cli.inventorying import Stock

MINUTES, DAYS = 30, 14
"""What counts as idle and as soon, if nothing is said: longer than a GPU node takes to start and to be removed again,
and time enough to buy what follows."""


def inventory(  # noqa: PLR0917  # Typer reads options from the signature
    estate: EstateOption = EXAMPLE,
    account: Annotated[
        list[str] | None, typer.Option(help="Ask this account only; may be repeated.", show_default="all of the estate")
    ] = None,
    region: Annotated[
        list[str] | None, typer.Option(help="Ask this region only; may be repeated.", show_default="all of the estate")
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(help="Name of a role to take in each account but your own.", show_default="your own credentials"),
    ] = None,
    kubeconfig: Annotated[
        Path | None,
        typer.Option(help="Read the cluster of its current context too.", show_default="clusters of EKS alone"),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no account, the cluster of --kubeconfig alone.")
    ] = False,
    idle_minutes: Annotated[int, typer.Option(min=1, help="From when on something unused is a finding.")] = MINUTES,
    expiring_days: Annotated[int, typer.Option(min=0, help="From how many days on an end is a finding.")] = DAYS,
    endpoint: Annotated[str | None, typer.Option(help="URL of an AWS emulator.", show_default="the real cloud")] = None,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a page too, which needs nothing else.", show_default="no page"),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List GPUs, reservations and models: where, how many, free, who holds them, what they cost, when they end.

    Reads the accounts and regions of the estate's platforms, and the landing zone's clusters in them; changes nothing.
    Exits with 1 for a finding, and for whatever could not be read.
    """
    from llmlz.cli.inventorying import Asked, take  # noqa: PLC0415  # bad input is told before boto3 is loaded

    _check_options(
        kubeconfig, html, offline=offline, asked=[*(account or ()), *(region or ()), *([role] if role else ())]
    )
    found = estate_at(estate)
    stock = take(
        found,
        Asked(
            accounts=tuple(account or ()),
            endpoint=endpoint,
            expiring_days=expiring_days,
            idle_minutes=idle_minutes,
            kubeconfig=kubeconfig,
            offline=offline,
            regions=tuple(region or ()),
            role=role,
        ),
    )
    _show(stock, html, as_json=as_json)
    findings = stock.inventory.findings
    if findings:
        undecided = sum(one.outcome == "indeterminate" for one in findings)
        raise ChecksFailedError(
            f"inventory: {len(findings) - undecided} problems, {undecided} things that could not be decided"
        )


def _check_options(kubeconfig: Path | None, html: Path | None, *, offline: bool, asked: list[str]) -> None:
    if offline and kubeconfig is None:
        raise BadInputError("--offline asks no account, so that nothing is left; expected --kubeconfig with a file")
    if offline and asked:
        raise BadInputError(
            "--offline asks no account, and --account, --region and --role are about accounts; leave them out"
        )
    if html is not None and html.is_dir():
        raise BadInputError(f"--html {html}: expected a file, and this is a folder")


def _show(stock: "Stock", html: Path | None, *, as_json: bool) -> None:
    if html is not None:
        from llmlz.inventory.page import page, write  # noqa: PLC0415

        try:
            write(page(stock.inventory, created=stock.created, left_out=stock.left_out), html)
        except OSError as error:
            raise BadInputError(f"--html {html}: cannot be written ({error.strerror})") from None
    if as_json:
        from llmlz.inventory.plain import plain  # noqa: PLC0415

        print_json({**plain(stock.inventory), "created": stock.created.isoformat(), "left_out": list(stock.left_out)})
        return
    from llmlz.cli.inventory_tables import print_inventory  # noqa: PLC0415

    print_inventory(stock.inventory)
    for line in stock.left_out:
        console().print(f"left out: {line}", highlight=False, markup=False)
    if html is not None:
        console().print(f"page: {html}", highlight=False, markup=False)
