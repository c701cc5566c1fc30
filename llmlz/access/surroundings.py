"""The layers around the roles of each account and region, from the graphs that are deployed there."""

from collections.abc import Collection, Iterable, Mapping

from llmlz.access.endpoints import endpoint_of, endpoints
from llmlz.access.guards import guards
from llmlz.access.organization import OrganizationLayers
from llmlz.access.world import Surroundings
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph

MODELS = ".bedrock-runtime"
"""End of the name of the service that models are called at:
https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html (2026-11)."""


def surroundings(
    graphs: Iterable[Graph],
    organization: Mapping[str, OrganizationLayers],
    *,
    context: Mapping[str, Mapping[str, str]],
    through_endpoint: Collection[str] = (),
) -> Mapping[tuple[str, str], Surroundings]:
    """Account and region to what surrounds every role there.

    Endpoints and guards are those of all graphs of the account, whatever their region. ``organization`` and ``context``
    (condition keys that every request carries) are by account; an account that ``organization`` does not have is in
    none. Roles of the accounts in ``through_endpoint`` call models through the endpoint of their region; raises
    ``BadInputError`` where there is none, or more than one.
    """
    by_account: dict[str, list[Graph]] = {}
    for graph in graphs:
        by_account.setdefault(graph.account, []).append(graph)
    found: dict[tuple[str, str], Surroundings] = {}
    for account, here in by_account.items():
        above = organization.get(account, OrganizationLayers())
        ways = {id_: document for graph in here for id_, document in endpoints(graph).items()}
        all_guards = guards(*here)
        for region in dict.fromkeys(graph.region for graph in here):
            found[account, region] = Surroundings(
                service_control=above.service_control,
                resource_control=above.resource_control,
                endpoints=ways,
                guards=all_guards,
                context={**above.context, **context.get(account, {})},
                invoke_endpoint=_way(account, region, here) if account in through_endpoint else None,
            )
    return found


def _way(account: str, region: str, graphs: Iterable[Graph]) -> str:
    found = [endpoint_of(graph, MODELS) for graph in graphs if graph.region == region]
    known = [endpoint for endpoint in found if endpoint]
    if len(known) != 1:
        raise BadInputError(
            f"account {account}, {region}: calls of models come through an endpoint, and its stacks make {len(known)} of"
            f" {MODELS}; expected one"
        )
    return known[0]
