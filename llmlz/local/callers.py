"""Who makes the first calls: the teams of a deployment, with what each needs to call.

Owns: finding role, profile and guardrail among what was deployed.
Does not own: the calls (``calls``).
"""

from collections.abc import Iterable, Mapping

from llmlz.errors import LocalCloudError
from llmlz.graph.model import Graph
from llmlz.local.calls import GUARDRAIL, PROFILE, ROLE, Caller, guardrail_rules, text_profiles
from llmlz.local.deploy import Deployed, Deployment
from llmlz.local.emulator import Emulator

VERSION = "aws:bedrock/guardrailVersion:GuardrailVersion"


def callers(deployment: Deployment, emulator: Emulator) -> dict[str, Caller]:
    """Stack name to caller, for every deployed stack with inference profiles.

    Raises ``LocalCloudError`` when there is no guardrail, or a team without a role or a profile of a text model: then
    nothing can be called.
    """
    platform = next((s for s in deployment.stacks.values() if s.graph.of_type(GUARDRAIL)), None)
    if platform is None:
        raise LocalCloudError("no stack with a guardrail was deployed: deploy the platform with its teams")
    guardrail = _attribute(platform, (r.urn for r in platform.graph.of_type(GUARDRAIL)), "guardrail_id", "guardrail")
    versions = [platform.existing.get(r.urn, {}).get("version") for r in platform.graph.of_type(VERSION)]
    word, masks = guardrail_rules(platform.graph)
    return {
        name: Caller(
            endpoint=emulator.endpoint,
            region=team.graph.region,
            account=team.graph.account,
            role_arn=_attribute(team, (r.urn for r in team.graph.of_type(ROLE)), "arn", "role"),
            profile_arn=_attribute(team, text_profiles(team.graph), "arn", "profile of a text model"),
            guardrail=guardrail,
            version=max((str(v) for v in versions if v), key=int, default="DRAFT"),
            blocked_word=word,
            masks_cards=masks,
        )
        for name, team in deployment.stacks.items()
        if team.graph.of_type(PROFILE)
    }


def foreign_profile(team: str, graphs: Mapping[str, Graph]) -> str:
    """ARN, as recorded, of a profile of another team; an invented one where ``team`` is alone."""
    for name, graph in sorted(graphs.items()):
        urns = {profile.urn for profile in graph.of_type(PROFILE)}
        for standin in graph.standins.values():
            if name != team and standin.urn in urns and standin.path == "arn":
                return str(standin.value)
    own = graphs[team]
    return f"arn:{own.partition}:bedrock:{own.region}:{own.account}:application-inference-profile/of-another-team"


def _attribute(stack: Deployed, urns: Iterable[str], attribute: str, what: str) -> str:
    """The attribute of the first of ``urns`` that exists."""
    for urn in urns:
        if urn in stack.existing:
            return str(stack.existing[urn][attribute])
    raise LocalCloudError(f"{stack.graph.stack} has no {what} on the local cloud: nothing can be called as it")
