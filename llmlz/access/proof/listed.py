"""The inference profiles that a team has, against the list: a profile is what a call names, so it must be the right one."""

from collections.abc import Iterator, Mapping

from llmlz.access.calls import PROFILE
from llmlz.access.intent import Intent, TeamIntent
from llmlz.access.proof.run import TOGETHER, Proof
from llmlz.graph.model import Graph

PROPERTY = "profiles-of-the-list"
SAYS = "A team has exactly the inference profiles of the list, each made from the route that the list names"


def listed_profiles(graphs: Mapping[str, Graph], intent: Intent) -> tuple[Proof, ...]:
    """One proof per team: no profile is missing, additional or made from another model."""
    return tuple(
        _proof(platform.level, team, tuple(_differences(graphs[team.stack], team)))
        for platform in intent.platforms
        for team in platform.teams
    )


def _differences(graph: Graph, team: TeamIntent) -> Iterator[str]:
    made = {profile.name: profile for profile in graph.of_type(PROFILE)}
    for name in sorted(set(team.profiles) - set(made)):
        yield f"profile {name} is on the list and does not exist"
    for name, profile in made.items():
        source = (profile.inputs.get("modelSource") or {}).get("copyFrom")
        if name not in team.profiles:
            yield f"profile {name} ({profile.source}) is not on the list; it is made from {source}"
        elif source != team.profiles[name]:
            yield f"profile {name} ({profile.source}) is made from {source}, the list says {team.profiles[name]}"


def _proof(level: int, team: TeamIntent, differences: tuple[str, ...]) -> Proof:
    return Proof(
        property=PROPERTY,
        says=SAYS,
        subject=f"team {team.team} ({team.stack})",
        kind="team",
        stack=team.stack,
        level=level,
        layer=TOGETHER,
        reading="documented",
        verdict="broken" if differences else "proved",
        why="; ".join(differences),
    )
