"""``llmlz start``: bootstrap an account, and write the first files of an estate."""

from pathlib import Path
from typing import Annotated

import typer

from llmlz.cli.options import JsonOption, console, print_json, progress
from llmlz.errors import BadInputError


def start(  # noqa: PLR0917  # Typer reads options from the signature
    account: Annotated[str, typer.Option(help="AWS account: twelve digits.")],
    region: Annotated[str, typer.Option(help="AWS region of the platform.")],
    owner: Annotated[str, typer.Option(help="Mail address of who answers for the platform.")],
    repository: Annotated[
        str, typer.Option(help="GitHub repository of the estate, as owner/name, or owner@id/name@id.")
    ],
    team: Annotated[str, typer.Option(help="Short name of the first team.")] = "first",
    budget_usd: Annotated[int, typer.Option(help="What the account may spend a month.")] = 500,
    team_budget_usd: Annotated[int, typer.Option(help="What the first team may spend a month.")] = 200,
    estate: Annotated[Path, typer.Option(help="Folder of the estate's files.")] = Path("stacks"),
    oidc_provider_arn: Annotated[
        str | None,
        typer.Option(help="OIDC provider of GitHub that the account has.", show_default="looked up, else made"),
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="URL of an AWS emulator.", show_default="the real cloud")] = None,
    as_json: JsonOption = False,
) -> None:
    """Bootstrap an account with your administrator credentials, write the first stack files, and say what to type next.

    A second run changes nothing; files that exist are kept as they are.
    """
    from llmlz.start.bootstrap import BootstrapSettings, bootstrap  # noqa: PLC0415
    from llmlz.start.estate import FirstEstate, write_estate  # noqa: PLC0415
    from stacks.estate import load_estate  # noqa: PLC0415
    from stacks.first import first_models, first_problems, first_tier  # noqa: PLC0415
    from stacks.problems import SettingsError  # noqa: PLC0415

    problems = first_problems(account=account, region=region, owner=owner, team=team, repository=repository)
    if problems:
        raise BadInputError("\n".join(problems))
    settings = BootstrapSettings(
        account=account, region=region, repository=repository, endpoint=endpoint, oidc_provider_arn=oidc_provider_arn
    )
    made = bootstrap(settings, progress().print)
    first = FirstEstate(
        account=account,
        budget_usd=budget_usd,
        owner=owner,
        region=region,
        secrets_provider=made.secrets_provider(),
        team=team,
        team_budget_usd=team_budget_usd,
        team_models=first_models(account=account, region=region),
        tier=first_tier(),
    )
    written = write_estate(estate, first)
    try:
        load_estate(estate)
    except SettingsError as error:
        raise BadInputError(str(error)) from None
    commands = made.next_commands(first.platform_stack, first.team_stack)
    if as_json:
        print_json(
            {
                "changed": made.changed,
                "kept": written.kept,
                "new": written.new,
                "next": commands,
                "outputs": dict(made.outputs),
            }
        )
        return
    console().print(
        f"account {account}: {'bootstrapped' if made.changed else 'was bootstrapped already, nothing changes'}",
        highlight=False,
    )
    for path in written.new:
        console().print(f"new   {estate / path}", highlight=False)
    for path in written.kept:
        console().print(f"kept  {estate / path}", highlight=False)
    console().print("\nnext, once the repository has a protected environment llmlz-apply:", highlight=False)
    for command in commands:
        console().print(f"  {command}", highlight=False)
