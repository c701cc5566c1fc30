"""The first calls as a team: the deployed values, and the access evaluator that judges what the emulator cannot."""

from collections.abc import Mapping
from dataclasses import replace

from llmlz.access.calls import decide_call, guardrail_versions, targets
from llmlz.access.evaluate import Decision
from llmlz.access.layers import Role
from llmlz.cli import accessing
from llmlz.graph.inventory import named
from llmlz.graph.model import Graph
from llmlz.local.callers import callers, foreign_profile
from llmlz.local.calls import Call, Evaluate, Judgement, first_calls
from llmlz.local.deploy import Deployment
from llmlz.local.emulator import Emulator
from stacks.estate import Estate


def call_as_team(
    estate: Estate, graphs: Mapping[str, Graph], deployment: Deployment, emulator: Emulator
) -> tuple[Call, ...]:
    """Four calls as the first team of the deployment; raises ``LocalCloudError`` when there is nobody to call."""
    name, caller = next(iter(callers(deployment, emulator).items()))
    return first_calls(caller, graphs[name], foreign_profile(name, graphs), evaluator(estate, graphs, name))


def evaluator(estate: Estate, graphs: Mapping[str, Graph], name: str) -> Evaluate:
    """What judges calls of the role of stack ``name``, with the newest version of the guardrail."""
    routes = accessing.destinations(estate)
    known = {target.profile: target for graph in graphs.values() for target in targets(graph, routes) if target.profile}
    own = targets(graphs[name], routes)[0]
    versions = [version for graph in graphs.values() for version in guardrail_versions(graph)]
    (role, *_) = accessing.roles(estate, graphs, name)

    def evaluate(_: Graph, profile: str) -> Judgement:
        target = known.get(profile, replace(own, profile=profile))
        decision = decide_call(role, target, "bedrock:InvokeModel", versions[-1])
        return Judgement(outcome=decision.outcome, decided=named(decided(decision, role), list(graphs.values())))

    return evaluate


def decided(decision: Decision, role: Role) -> str:
    """What decided: a statement; a layer without one, and what there is in it; or the reason of neither."""
    if decision.statement:
        return str(decision.statement)
    if not decision.layer:
        return decision.reason
    there = [str(document.origin) for document in role.world().documents() if document.origin.layer == decision.layer]
    held = "; ".join(there) or f"role {role.name}" + (f" ({role.source})" if role.source else "")
    return f"the {decision.layer} layer, where no statement allows it: {held}"
