"""Who may call what in an estate: graphs, the boundary of the bootstrap and the routes of the catalogue together."""

import json
from collections.abc import Mapping, Sequence

from llmlz.access.calls import guardrail_versions
from llmlz.access.layers import Role, from_graph
from llmlz.access.matrix import Row, matrix
from llmlz.graph.model import Graph
from llmlz.start.template import boundary_document
from stacks.estate import Estate
from stacks.kinds import Stack, TeamStack


def boundaries(stack: Stack) -> Mapping[str, str]:
    """ARN to text of the permission boundary that the bootstrap deploys into the stack's account."""
    platform = stack.platform if isinstance(stack, TeamStack) else stack
    document = boundary_document(stack.account, stack.region, stack.partition)
    return {platform.boundary_arn: json.dumps(document)}


def destinations(estate: Estate) -> Mapping[str, Sequence[str]]:
    """System-defined profile to the regions that may answer, from the catalogue."""
    routes = [route for model in estate.catalogue.models.values() for route in model.routes.values()]
    return {route.profile_id: route.destinations for route in routes if route.profile_id}


def rows(estate: Estate, graphs: Mapping[str, Graph], platform: str) -> tuple[Row, ...]:
    """The matrix of one platform: every role on it, every profile, with each guardrail version and without."""
    names = [platform, *(team.name for team in estate.teams_on(platform))]
    here = [graphs[name] for name in names]
    versions = [version for graph in here for version in guardrail_versions(graph)]
    known = boundaries(estate.stack(platform))
    return matrix(here, known, destinations=destinations(estate), guardrails=versions)


def roles(estate: Estate, graphs: Mapping[str, Graph], name: str) -> tuple[Role, ...]:
    """The roles of one stack with their documents."""
    return from_graph(graphs[name], boundaries(estate.stack(name)))
