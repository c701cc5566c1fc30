"""What files must agree on: models, regions, data classes, names and addresses."""

import ipaddress
from collections.abc import Sequence
from itertools import combinations

from stacks.kinds import PlatformStack, TeamStack
from stacks.problems import Problem
from stacks.published import platform_size_problems, team_size_problems
from stacks.routing import choose
from stacks.settings.base import DATA_CLASSES
from stacks.settings.catalogue import Catalogue
from stacks.stack_file import AT
from stacks.validate import closest

MODELS = "bedrock-runtime"
"""AWS service that models are called through."""


def platform_problems(stack: PlatformStack) -> list[Problem]:
    """A platform against the catalogue: its region, and every model that it approves."""
    settings, known = stack.settings, stack.catalogue
    if settings.region not in known.regions:
        names = sorted(known.regions)
        return [
            Problem(
                file=stack.file,
                path=f"{AT}.region",
                value=settings.region,
                expected=f"a region of the catalogue: {', '.join(names)}{closest(settings.region, names)}",
                fix="correct the region; another one comes with a release that has a row for it",
            )
        ]
    problems = []
    for index, alias in enumerate(settings.models):
        expected, fix = _wrong_model(stack, alias)
        if expected:
            problems.append(
                Problem(file=stack.file, path=f"{AT}.models[{index}]", value=alias, expected=expected, fix=fix)
            )
    if settings.invoke_from == "endpoints" and not _has_endpoint(stack):
        problems.append(
            Problem(
                file=stack.file,
                path=f"{AT}.invoke_from",
                value="endpoints",
                expected=f"anywhere, or a network with an endpoint for {MODELS}",
                fix=f"add {MODELS} to network.new.interface_endpoints, or its id to network.existing.endpoint_ids",
            )
        )
    new = settings.network.new
    zones = known.regions[settings.region].zones
    if new:
        problems += [
            Problem(
                file=stack.file,
                path=f"{AT}.network.new.nat_zones[{index}]",
                value=zone,
                expected=f"a zone of {settings.region}: {', '.join(sorted(zones))}",
                fix="correct the zone",
            )
            for index, zone in enumerate(new.nat_zones)
            if zone not in zones
        ]
    return problems or platform_size_problems(stack)


def _has_endpoint(stack: PlatformStack) -> bool:
    new, existing = stack.settings.network.new, stack.settings.network.existing
    return MODELS in (new.interface_endpoints if new else existing.endpoint_ids if existing else ())


def _wrong_model(stack: PlatformStack, alias: str) -> tuple[str, str]:
    settings, models = stack.settings, stack.catalogue.models
    if alias not in models:
        return (
            f"a model by its name in the catalogue{_nearest(alias, stack.catalogue)}",
            "correct the alias, or add the model in overlay/models.yaml",
        )
    model = models[alias]
    if model.licence not in settings.licences:
        return (
            f"a model under an accepted licence; this one is under {model.licence!r}",
            f"remove the model, or add the licence to {AT}.licences after legal has agreed",
        )
    if (
        choose(
            model, region=settings.region, account=settings.account, partition=stack.partition, routing=settings.routing
        )
        is None
    ):
        offered = sorted(f"{geography} from {', '.join(route.regions)}" for geography, route in model.routes.items())
        return (
            f"a model that can be called from {settings.region} by one of the routes {', '.join(settings.routing)}; "
            f"this one offers {'; '.join(offered)}",
            f"remove the model, or change {AT}.routing",
        )
    return "", ""


def _nearest(alias: str, catalogue: Catalogue) -> str:
    """The catalogue's name for what was meant: also where the id of Bedrock was written."""
    for name, model in catalogue.models.items():
        if alias in {model.model_id, *(route.profile_id for route in model.routes.values())}:
            return f"; this id is {name} here"
    return closest(alias, sorted(catalogue.models))


def team_problems(stack: TeamStack, catalogue: Catalogue) -> list[Problem]:
    """A team's wishes against what its platform approves."""
    team, platform = stack.team, stack.platform.settings
    problems = []
    for index, alias in enumerate(team.models):
        if alias not in platform.models:
            near = _nearest(alias, catalogue)
            problems.append(
                Problem(
                    file=stack.team_file,
                    path=f"models[{index}]",
                    value=alias,
                    expected=f"a model that {stack.platform.name} approves: {', '.join(platform.models)}{near}",
                    fix=f"remove it, or ask {platform.owner} to approve it",
                )
            )
        elif alias in catalogue.models and team.data_class not in catalogue.models[alias].data_classes:
            classes = ", ".join(catalogue.models[alias].data_classes) or "none"
            problems.append(
                Problem(
                    file=stack.team_file,
                    path=f"models[{index}]",
                    value=alias,
                    expected=f"a model approved for {team.data_class} data; this one is approved for {classes}",
                    fix="remove the model, or lower data_class",
                )
            )
    if DATA_CLASSES.index(team.data_class) > DATA_CLASSES.index(platform.data_class):
        problems.append(
            Problem(
                file=stack.team_file,
                path="data_class",
                value=team.data_class,
                expected=f"at most {platform.data_class}: more is not for {stack.platform.name}",
                fix="use a platform of a higher tier for this data",
            )
        )
    if platform.environment not in team.environments:
        problems.append(
            Problem(
                file=stack.team_file,
                path="environments",
                value=", ".join(team.environments),
                expected=f"{platform.environment} among them: {stack.file} deploys the team there",
                fix=f"add {platform.environment}, or remove {stack.file}",
            )
        )
    if team.limits.budget_usd > platform.budget_usd:
        problems.append(
            Problem(
                file=stack.team_file,
                path="limits.budget_usd",
                value=str(team.limits.budget_usd),
                expected=f"at most {platform.budget_usd}, the budget of {stack.platform.name}",
                fix=f"lower it, or raise budget_usd in {stack.platform.file}",
            )
        )
    if team.vectors and platform.vector_store is None:
        problems.append(
            Problem(
                file=stack.team_file,
                path="vectors",
                value="",
                expected=f"nothing: {stack.platform.name} has no vector store",
                fix=f"remove it, or set vector_store in {stack.platform.file}",
            )
        )
    return problems or (team_size_problems(stack) if _callable(stack) else [])


def _callable(stack: TeamStack) -> bool:
    """Whether the platform can call the team's models; where not, the platform has said so."""
    known = stack.platform.region in stack.platform.catalogue.regions
    return known and not any(any(_wrong_model(stack.platform, alias)) for alias in stack.team.models)


def whole_problems(platforms: Sequence[PlatformStack], teams: Sequence[TeamStack]) -> list[Problem]:
    """Stacks against each other: places, addresses, and teams that are deployed twice."""
    problems = []
    for first, second in combinations(platforms, 2):
        if (first.account, first.region) == (second.account, second.region):
            problems.append(
                Problem(
                    file=second.file,
                    path=f"{AT}.account",
                    value=f"{second.account} in {second.region}",
                    expected=f"an account and region without a platform, which {first.file} is: logging is set only once",
                    fix="use another account or region",
                )
            )
        mine, theirs = second.settings.network.new, first.settings.network.new
        if mine and theirs and ipaddress.IPv4Network(mine.cidr).overlaps(ipaddress.IPv4Network(theirs.cidr)):
            problems.append(
                Problem(
                    file=second.file,
                    path=f"{AT}.network.new.cidr",
                    value=mine.cidr,
                    expected=f"addresses that do not overlap with {theirs.cidr} of {first.file}, or nothing can connect them",
                    fix="choose another block",
                )
            )
    for one, other in combinations(teams, 2):
        if (one.settings.team, one.platform.name) == (other.settings.team, other.platform.name):
            problems.append(
                Problem(
                    file=other.file,
                    path=f"{AT}.team",
                    value=other.settings.team,
                    expected=f"a team that is not on {other.platform.name} yet: {one.file} deploys it there",
                    fix="remove one of the two stack files",
                )
            )
    return problems
