"""The first calls as a team: the deployed values, and the access evaluator that judges what the emulator cannot."""

from collections.abc import Mapping
from dataclasses import replace

from llmlz.access.calls import decide_call, guardrail_versions, targets
from llmlz.cli import accessing
from llmlz.graph.model import Graph
from llmlz.local.callers import callers, foreign_profile
from llmlz.local.calls import Call, first_calls
from llmlz.local.deploy import Deployment
from llmlz.local.emulator import Emulator
from stacks.estate import Estate


def call_as_team(
    estate: Estate, graphs: Mapping[str, Graph], deployment: Deployment, emulator: Emulator
) -> tuple[Call, ...]:
    """Four calls as the first team of the deployment; raises ``LocalCloudError`` when there is nobody to call."""
    name, caller = next(iter(callers(deployment, emulator).items()))
    routes = accessing.destinations(estate)
    known = {target.profile: target for graph in graphs.values() for target in targets(graph, routes) if target.profile}
    own = targets(graphs[name], routes)[0]
    versions = [version for graph in graphs.values() for version in guardrail_versions(graph)]
    (role, *_) = accessing.roles(estate, graphs, name)

    def evaluate(_: Graph, profile: str) -> str:
        target = known.get(profile, replace(own, profile=profile))
        return str(decide_call(role, target, "bedrock:InvokeModel", versions[-1]).outcome)

    return first_calls(caller, graphs[name], foreign_profile(name, graphs), evaluate)
