"""``llmlz organization``: policies for the owner of an organization, what is deployed, and how the two differ."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmlz.cli.loading import estate_at
from llmlz.cli.options import EXAMPLE, EstateOption, JsonOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from llmlz.graph.model import Graph
    from llmlz.organization.planned import Planned
    from stacks.estate import Estate
    from stacks.kinds import OrganizationStack

app = typer.Typer(
    help="Policies of an organization: as files for its owner, as deployed, and compared.", no_args_is_help=True
)
FolderArgument = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder for the policies.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="File with what is deployed.")]
OutputsOption = Annotated[
    Path | None,
    typer.Option("--outputs", metavar="FOLDER", help="Live outputs, <stack>.json each, in the place of stand-ins."),
]
NameOption = Annotated[str | None, typer.Option("--stack", help="Organization stack; not needed if there is one.")]


@app.command("write")
def write(
    folder: FolderArgument,
    estate: EstateOption = EXAMPLE,
    stack: NameOption = None,
    outputs: OutputsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write every policy as a file, with an index; exits with 1 when some need values that --outputs does not hold."""
    from llmlz.organization.files import write_policies  # noqa: PLC0415

    chosen, graph = _recorded(estate, stack, outputs)
    paths = write_policies(graph, folder)
    missing = [policy for policy in _planned(graph) if policy.unknown]
    if as_json:
        print_json({"written": [str(path) for path in paths], "missing": {p.name: p.unknown for p in missing}})
    else:
        for path in paths:
            console().print(f"written: {path}", highlight=False, markup=False)
    if missing:
        names = ", ".join(policy.name for policy in missing)
        raise ChecksFailedError(
            f"{len(missing)} policies are not written, as they need values of deployed stacks: {names}\n"
            f"  fix: pulumi stack output --json --stack <stack> > outputs/<stack>.json for {_needed(chosen, outputs)},"
            " then --outputs outputs"
        )


@app.command("read")
def read(file: FileArgument, estate: EstateOption = EXAMPLE, stack: NameOption = None) -> None:
    """Read what is deployed, with credentials of the management account, into a file."""
    from llmlz.files import write_whole  # noqa: PLC0415
    from llmlz.organization.deployed import read_deployed  # noqa: PLC0415

    chosen = _organization(estate_at(estate), stack)
    snapshot = read_deployed(_clients, [chosen.settings.root_id])
    if snapshot.management_account != chosen.account:
        raise BadInputError(
            f"the credentials are of the organization of {snapshot.management_account}; {chosen.file} is about"
            f" {chosen.account}"
        )
    write_whole(file.parent, {file.name: snapshot.to_json()})
    console().print(f"read: {len(snapshot.targets)} targets into {file}", highlight=False, markup=False)


@app.command("compare")
def compare(
    file: FileArgument,
    estate: EstateOption = EXAMPLE,
    stack: NameOption = None,
    outputs: OutputsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say where a file that was read differs from what the settings ask for; exits with 1 for any difference."""
    from llmlz.organization.compare import compare as differences  # noqa: PLC0415
    from llmlz.organization.snapshot import Snapshot  # noqa: PLC0415

    _, graph = _recorded(estate, stack, outputs)
    try:
        snapshot = Snapshot.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(f"{file}: {error}") from None
    found = differences(graph, snapshot)
    if as_json:
        print_json([asdict(difference) for difference in found])
    else:
        console().print("\n".join(map(str, found)) or "no difference", highlight=False, markup=False)
    if found:
        raise ChecksFailedError(f"{len(found)} differences between {file} and the settings")


@app.command("check")
def check(estate: EstateOption = EXAMPLE, stack: NameOption = None, outputs: OutputsOption = None) -> None:
    """Ask AWS whether the guardrails that Bedrock policies name exist, before anybody attaches the policies."""
    from llmlz.access.organization import BEDROCK  # noqa: PLC0415
    from llmlz.organization.check import check_bedrock  # noqa: PLC0415

    chosen, graph = _recorded(estate, stack, outputs)
    policies = [policy for policy in _planned(graph) if policy.type == BEDROCK]
    mistakes = [
        f"{policy.name}: {mistake}"
        for policy in policies
        for mistake in check_bedrock(policy.content, management_account=chosen.account, client_factory=_clients)
    ]
    console().print("\n".join(mistakes) or f"{len(policies)} policies checked", highlight=False, markup=False)
    if mistakes:
        raise ChecksFailedError(f"{len(mistakes)} mistakes: attached like this, every model call would fail")


def _needed(chosen: "OrganizationStack", outputs: Path | None) -> str:
    """The stacks whose outputs are not there; all of them where those that are there do not say enough."""
    stacks = [platform.name for plan in chosen.units.values() for platform in plan.platforms]
    if any("bedrock" in plan.tier_data.unit_policies for plan in chosen.units.values()):
        stacks.append(chosen.name)
    there = {path.stem for path in outputs.glob("*.json")} if outputs else set()
    return ", ".join([name for name in stacks if name not in there] or stacks)


def _planned(graph: "Graph") -> "tuple[Planned, ...]":
    from llmlz.organization.planned import planned  # noqa: PLC0415

    return planned(graph)


def _organization(estate: "Estate", name: str | None) -> "OrganizationStack":
    found = {stack.name: stack for stack in estate.organizations()}
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name not in found:
        given = f"--stack {name}: " if name else ""
        known = ", ".join(found) or f"there is none in {estate.folder}; name your estate with --estate"
        raise BadInputError(f"{given}expected an organization stack: {known}")
    return found[str(name)]


def _recorded(estate: Path, name: str | None, outputs: Path | None) -> "tuple[OrganizationStack, Graph]":
    from llmlz.access.resolve import resolved  # noqa: PLC0415
    from llmlz.cli.proving import real  # noqa: PLC0415
    from llmlz.cli.recording import record_estate  # noqa: PLC0415

    found = estate_at(estate)
    chosen = _organization(found, name)
    graphs = record_estate(found)
    return chosen, resolved(graphs.values(), real(outputs, None).outputs)[chosen.name]


def _clients(service: str, region: str | None = None) -> Any:
    import boto3  # noqa: PLC0415

    return boto3.client(service, region_name=region)
