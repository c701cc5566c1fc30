"""From an estate to proofs: what ought to hold comes from the settings, what is judged from the graphs."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from llmlz.access.bundle import Bundle
from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.access.proof.subjects import Subject, subjects
from llmlz.access.resolve import resolved
from llmlz.access.vet import problems
from llmlz.cli.accessing import boundaries, places
from llmlz.graph.model import Graph
from stacks.access_list import Approval, approvals, foundation_models, unit_models
from stacks.estate import Estate
from stacks.kinds import OrganizationStack, PlatformStack, UnitPlan

ENDPOINT = "bedrock-runtime"


def bundle(estate: Estate, graphs: Mapping[str, Graph]) -> Bundle:
    """Graphs and intent of an estate."""
    return Bundle(graphs=dict(graphs), intent=intent(estate))


def subjects_of(found: Bundle, stack: str | None = None) -> tuple[Subject, ...]:
    """Whom properties are proved for: everybody, or the principals of one stack."""
    every = subjects(resolved(found.graphs.values()), found.intent)
    return every if stack is None else tuple(subject for subject in every if subject.stack == stack)


def intent(estate: Estate) -> Intent:
    """What ought to hold: the one list, the levels and the places of an estate."""
    above = next(iter(estate.organizations()), None)
    listed = approvals(estate.stacks.values())
    return Intent(
        platforms=tuple(_platform(platform, above, listed) for platform in estate.platforms()),
        boundaries={arn: text for platform in estate.platforms() for arn, text in boundaries(platform).items()},
        break_glass=tuple(above.settings.break_glass) if above else (),
        organization_id=above.settings.organization_id if above else "",
        organization_stack=above.name if above else "",
        places=places(above) if above else {},
    )


def _platform(platform: PlatformStack, above: OrganizationStack | None, listed: Sequence[Approval]) -> PlatformIntent:
    units = above.units.values() if above else ()
    unit: UnitPlan | None = next((unit for unit in units if platform in unit.platforms), None)
    together = unit_models(unit.platforms if unit else [platform], platform.region)
    network = platform.settings.network.existing
    return PlatformIntent(
        stack=platform.name,
        account=platform.account,
        region=platform.region,
        partition=platform.partition,
        level=platform.level,
        models=foundation_models(platform),
        unit_models=together.models,
        unit_unguarded=together.unguarded,
        unit_regions=together.regions,
        unit_destinations=together.destinations,
        through_endpoint=platform.settings.invoke_from == "endpoints",
        unit=unit.name if unit else "",
        endpoint_id=network.endpoint_ids.get(ENDPOINT) if network else None,
        teams=_teams([approval for approval in listed if approval.platform == platform.name]),
    )


def _teams(listed: Sequence[Approval]) -> tuple[TeamIntent, ...]:
    found: dict[str, list[Approval]] = {}
    for approval in listed:
        found.setdefault(approval.stack, []).append(approval)
    return tuple(
        TeamIntent(
            stack=stack,
            team=of_team[0].team,
            models=tuple(sorted({arn for approval in of_team for arn in approval.route.foundation_models})),
            unguarded=tuple(sorted({arn for a in of_team if not a.guarded for arn in a.route.foundation_models})),
            profiles={f"{approval.team}-{approval.profile}": approval.route.copy_from for approval in of_team},
        )
        for stack, of_team in found.items()
    )


def problems_of(found: Bundle) -> tuple[str, ...]:
    """What is wrong with the documents before anything is proved by them, one message each."""
    everybody = subjects_of(found)
    documents = dict.fromkeys(document for subject in everybody for document in subject.world.documents())
    accounts = {graph.account for graph in found.graphs.values()} | {
        arn.split(":")[4] for arn in found.intent.break_glass
    }
    return problems(tuple(documents), accounts=accounts)


def memory() -> Path:
    """Folder of earlier answers, in the user's cache."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "llmlz" / "proofs"
