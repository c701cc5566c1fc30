"""Who may call what in an estate: graphs, the boundaries of the bootstrap and the routes of the catalogue together."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from llmlz.access.calls import guardrail_versions
from llmlz.access.layers import Role, from_graph
from llmlz.access.matrix import Row, matrix
from llmlz.access.organization import OrganizationLayers, read_organization
from llmlz.access.resolve import resolved
from llmlz.access.surroundings import surroundings
from llmlz.access.world import Surroundings
from llmlz.graph.model import Graph
from llmlz.start.template import BOUNDARY, PLATFORM_BOUNDARY, boundary_document
from stacks.estate import Estate
from stacks.kinds import OrganizationStack, PlatformStack


def platform_of(estate: Estate, name: str) -> PlatformStack | None:
    """The platform of a stack, itself or the one it stands on; ``None`` for an organization."""
    stack = estate.stack(name)
    if isinstance(stack, OrganizationStack):
        return None
    return stack if isinstance(stack, PlatformStack) else stack.platform


def boundaries(platform: PlatformStack) -> Mapping[str, str]:
    """ARN to text of the two boundaries that the bootstrap deploys into a platform's account."""
    arns = {BOUNDARY: platform.boundary_arn, PLATFORM_BOUNDARY: platform.platform_boundary_arn}
    place = (platform.account, platform.region, platform.partition)
    return {arn: json.dumps(boundary_document(*place, name=name)) for name, arn in arns.items()}


def destinations(estate: Estate) -> Mapping[str, Sequence[str]]:
    """System-defined profile to the regions that may answer, from the catalogue."""
    routes = [route for model in estate.catalogue.models.values() for route in model.routes.values()]
    return {route.profile_id: route.destinations for route in routes if route.profile_id}


def places(stack: OrganizationStack) -> Mapping[str, str]:
    """Account to the logical name of its resource in the organization's graph, or to the id of its existing unit."""
    found: dict[str, str] = {}
    for name, unit in stack.settings.units.items():
        if unit.existing:
            found |= dict.fromkeys(unit.existing.accounts, unit.existing.id)
        elif unit.new:
            accounts = unit.new.accounts.items()
            found |= {account.id: f"{name}-account-{key}" for key, account in accounts if account.id}
    return found


def around(estate: Estate, graphs: Mapping[str, Graph], platform: PlatformStack) -> Surroundings:
    """The layers around every role of a platform's account; ``graphs`` are resolved."""
    above: dict[str, OrganizationLayers] = {}
    for stack in estate.organizations():
        graph, identity = graphs[stack.name], stack.settings.organization_id
        above |= read_organization(graph, places=places(stack), organization_id=identity)
    here = [graph for graph in graphs.values() if graph.account == platform.account]
    through = {platform.account} if platform.settings.invoke_from == "endpoints" else ()
    found = surroundings(here, above, context={}, through_endpoint=through)
    return found[platform.account, platform.region]


def rows(estate: Estate, graphs: Mapping[str, Graph], platform: str) -> tuple[Row, ...]:
    """The matrix of one platform: every role on it, every profile, with each guardrail version and without.

    Models have no resource policies (https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_service-with-iam.html,
    2026-11), so those of other resources are left out.
    """
    stack = platform_of(estate, platform)
    if stack is None:
        return ()
    known = resolved(graphs.values())
    here = [known[name] for name in (platform, *(team.name for team in estate.teams_on(platform)))]
    versions = [version for graph in here for version in guardrail_versions(graph)]
    layers = replace(around(estate, known, stack), guards=())
    routes = destinations(estate)
    return matrix(here, boundaries(stack), destinations=routes, guardrails=versions, around=layers)


def roles(estate: Estate, graphs: Mapping[str, Graph], name: str) -> tuple[Role, ...]:
    """The roles of one stack with their documents."""
    platform = platform_of(estate, name)
    if platform is None:
        return ()
    known = resolved(graphs.values())
    return from_graph(known[name], boundaries(platform), around=around(estate, known, platform))
