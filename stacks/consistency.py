"""What files must agree on: models, regions, data classes and names; ``network_problems`` for networks."""

from collections.abc import Sequence
from itertools import combinations

from stacks.document_problems import document_problems, quality_problems
from stacks.evidence import replica_problems
from stacks.kinds import PlatformStack, TeamStack
from stacks.knowledge_problems import knowledge_problems
from stacks.network_problems import address_problems, network_problems
from stacks.pipeline_problems import neighbour_problems, pipeline_problems, workflow_problems
from stacks.problems import Problem
from stacks.provenance import provenance_problems
from stacks.published import platform_size_problems, team_size_problems
from stacks.routing import choose
from stacks.settings.base import DATA_CLASSES
from stacks.settings.catalogue import Catalogue
from stacks.singleton_claims import claim_problems
from stacks.stack_file import AT
from stacks.validate import closest
from stacks.vector_problems import vector_problems
from stacks.weights_problems import weights_problems


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
    if "findings" in settings.watches and settings.detectors is None:
        problems.append(
            Problem(
                file=stack.file,
                path=f"{AT}.watches",
                value="findings",
                expected="detectors whose findings can be watched; this platform has none",
                fix="remove findings, or set detectors at a tier that has them",
            )
        )
    problems = [*problems, *replica_problems(stack), *network_problems(stack), *workflow_problems(stack)]
    problems += quality_problems(stack)
    problems += [*provenance_problems(stack), *vector_problems(stack), *weights_problems(stack)]
    return problems or platform_size_problems(stack)


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


RESERVED = frozenset(
    {
        "backup-jobs",
        "bedrock-logging",
        "break-glass",
        "cloudtrail",
        "flow-logs",
        "log-replica",
        "qdrant-backup",
        "qdrant-keys",
        "qdrant-server",
        "spending-stop",
        "vectors-data-plane",
        "weights-loader",
    }
)
"""Ends of the names of roles that a platform makes beside those of its teams, at one tier or another."""


def _taken_name(stack: TeamStack, catalogue: Catalogue) -> list[Problem]:
    """A team whose role would have the name of another one, now or at a higher tier: IAM's names are of the whole account."""
    name = stack.team.team
    codes = sorted(region.code for region in catalogue.regions.values() if name.startswith(f"{region.code}-"))
    if name not in RESERVED and not codes:
        return []
    why = (
        f"it starts like the names of a second region, {codes[0]}" if codes else "the platform has a role of that name"
    )
    expected = f"another name: {why}"
    return [Problem(file=stack.team_file, path="team", value=name, expected=expected, fix="choose another name")]


def team_problems(stack: TeamStack, catalogue: Catalogue) -> list[Problem]:
    """A team's wishes against what its platform approves."""
    team, platform = stack.team, stack.platform.settings
    problems = [*_taken_name(stack, catalogue), *provenance_problems(stack)]
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
    problems += pipeline_problems(stack)
    problems += document_problems(stack)
    problems += knowledge_problems(stack)
    return problems or (team_size_problems(stack) if _callable(stack) else [])


def _callable(stack: TeamStack) -> bool:
    """Whether the platform can call the team's models; where not, the platform has said so."""
    known = stack.platform.region in stack.platform.catalogue.regions
    return known and not any(any(_wrong_model(stack.platform, alias)) for alias in stack.team.models)


def whole_problems(platforms: Sequence[PlatformStack], teams: Sequence[TeamStack]) -> list[Problem]:
    """Stacks against each other: places, addresses, and teams that are deployed twice."""
    problems: list[Problem] = []
    for first, second in combinations(platforms, 2):
        problems += claim_problems(first, second)
        problems += address_problems(first, second)
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
        problems += neighbour_problems(one, other)
    return problems
