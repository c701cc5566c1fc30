"""The first calls as a team: the deployed values, and the access evaluator that judges what the emulator cannot."""

from collections.abc import Mapping, Sequence

from llmlz.access.calls import decide_call, guardrail_versions, targets
from llmlz.cli import accessing
from llmlz.errors import ChecksFailedError
from llmlz.graph.model import Graph
from llmlz.local.calls import GUARDRAIL, PROFILE, ROLE, Call, Caller, first_calls, guardrail_rules, text_profiles
from llmlz.local.deploy import Deployed, Deployment
from llmlz.local.emulator import Emulator
from stacks.estate import Estate

VERSION = "aws:bedrock/guardrailVersion:GuardrailVersion"


def call_as_team(
    estate: Estate, graphs: Mapping[str, Graph], deployment: Deployment, emulator: Emulator, teams: Sequence[str]
) -> tuple[Call, ...]:
    """Four calls as the first team; the profile of another team is the second team's."""
    if len(teams) < 2:  # noqa: PLR2004
        raise ChecksFailedError(
            "the calls need two teams on the platform: one that calls, and one that it must not reach"
        )
    mine, other = teams[0], teams[1]
    own = estate.stack(mine)
    platform = deployment.stacks[own.platform.name]  # type: ignore[union-attr]  # a team, since it is on a platform
    caller = _caller(deployment.stacks[mine], platform, emulator)
    foreign = next(resource for resource in graphs[other].of_type(PROFILE))
    routes = accessing.destinations(estate)
    target = next(t for t in targets(graphs[other], routes) if t.name == foreign.name)
    versions = guardrail_versions(platform.graph)
    (role,) = [r for r in accessing.roles(estate, graphs, mine) if r.urn]

    def evaluate(_: Graph, __: str) -> str:
        return str(decide_call(role, target, "bedrock:InvokeModel", versions[-1]).outcome)

    return first_calls(caller, graphs[mine], foreign.inputs["name"], evaluate)


def _caller(team: Deployed, platform: Deployed, emulator: Emulator) -> Caller:
    (guardrail,) = platform.graph.of_type(GUARDRAIL)
    (version, *_) = platform.graph.of_type(VERSION)
    (role,) = team.graph.of_type(ROLE)
    profile = next(text_profiles(team.graph))
    word, masks = guardrail_rules(platform.graph)
    return Caller(
        endpoint=emulator.endpoint,
        region=team.graph.region,
        account=emulator.account,
        role_arn=str(team.existing[role.urn]["arn"]),
        profile_arn=str(team.existing[profile]["arn"]),
        guardrail=str(platform.existing[guardrail.urn]["guardrail_id"]),
        version=str(platform.existing[version.urn]["version"]),
        blocked_word=word,
        masks_cards=masks,
    )
