"""Whom properties are proved for: the roles that the stacks make, and whoever else there can be.

The principals that no stack makes are given every permission: what holds for them holds for every role, user or
permission set that anyone may ever make in that place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from llmlz.access.data_access import data_access
from llmlz.access.documents import Origin, parse
from llmlz.access.endpoints import endpoints
from llmlz.access.guards import resource_policies
from llmlz.access.intent import Intent, PlatformIntent, TeamIntent
from llmlz.access.layers import Role, from_graph
from llmlz.access.organization import OrganizationLayers, read_organization
from llmlz.access.proof import knowledge
from llmlz.access.proof.names import (
    BREAK_GLASS,
    INGESTION,
    PIPELINE,
    SPENDING_STOP,
    TEAM_PIPELINE,
    Names,
    platform_names,
    team_names,
)
from llmlz.access.proof.properties import Kind
from llmlz.access.proof.prover import Fixed
from llmlz.access.proof.where import Clause
from llmlz.access.trusts import pod_roles, trusts
from llmlz.access.world import Guard, Surroundings, World
from llmlz.graph.model import Graph

ELSEWHERE = "000000000000"
"""An account outside every estate."""

EVERYTHING = parse(
    {"Version": "2012-10-17", "Statement": {"Sid": "Everything", "Effect": "Allow", "Action": "*", "Resource": "*"}},
    Origin(layer="identity", name="every permission"),
)
OF_TEAM: tuple[Kind, ...] = ("team", "team_pipeline", "workload", "knowledge_base")
"""Kinds of roles in the stack of a team, in the order in which they are proved."""
NO_LAYERS = OrganizationLayers()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One principal, or every principal of one kind in one place."""

    kind: Kind
    name: str
    stack: str
    """Stack of the platform or team that the principal belongs to."""

    level: int
    world: World
    fixed: Mapping[str, Fixed]
    """Condition key, in lower case, to the value that every request of the principal has."""

    names: Names
    assumed: tuple[Clause, ...] = ()
    """What every request of the principal fits as well; tells apart whom the kind leaves out."""

    def __str__(self) -> str:
        """Kind, name and stack."""
        return f"{self.kind.replace('_', '-')} {self.name} ({self.stack})"


def subjects(
    graphs: Mapping[str, Graph], intent: Intent, deployed: Mapping[str, OrganizationLayers] | None = None
) -> tuple[Subject, ...]:
    """Every subject of an estate, platform by platform; ``graphs`` are resolved (``access.resolve``).

    ``deployed`` is what an organization has really put around each account; else the graph of its stack is read.
    """
    above: Mapping[str, OrganizationLayers] = deployed or {}
    if intent.organization_stack and deployed is None:
        graph = graphs[intent.organization_stack]
        above = read_organization(graph, places=intent.places, organization_id=intent.organization_id)
    return tuple(
        subject
        for platform in intent.platforms
        for subject in _of_platform(platform, graphs, intent, above.get(platform.account, NO_LAYERS))
    )


def _of_platform(
    platform: PlatformIntent, graphs: Mapping[str, Graph], intent: Intent, layers: OrganizationLayers
) -> Iterator[Subject]:
    graph = graphs[platform.stack]
    names = platform_names(platform, graphs, intent)
    same_account = (p.stack for p in intent.platforms if p.account == platform.account and p is not platform)
    elsewhere = (trust for stack in same_account for trust in trusts(graphs[stack]))  # roles have no region
    here = [graph, *([graphs[platform.runtime]] if platform.runtime else [])]
    readers = data_access([*here, *(graphs[team.stack] for team in platform.teams)])  # who reads stands in team stacks
    own = (guard for each in here for guard in (*resource_policies(each), *trusts(each)))
    own_guards = (*own, *readers, *elsewhere)
    around = Surroundings(
        service_control=layers.service_control,
        resource_control=layers.resource_control,
        endpoints=endpoints(graph),
        guards=own_guards,
    )
    member = intent.organization_id if platform.account in intent.places else None
    build = _Builder(platform, intent, around, member, names)
    roles = from_graph(graph, intent.boundaries, around=around)
    for role in roles:
        yield build.role(_kind(role), role, platform.stack, names)
    if platform.runtime:
        yield from _of_pods(platform.runtime, graphs, build)
    yield build.pipeline()
    yield build.anyone("administrator", platform.stack, names, own_guards, names["exempt"])
    yield build.outsider("outsider", platform.stack, names, own_guards)
    yield build.guest()
    yield from (build.on_call(user) for user in intent.break_glass if any(_is_break_glass(r) for r in roles))
    for team in platform.teams:
        yield from _of_team(team, graphs, build, graph, own_guards)


def _of_pods(runtime: str, graphs: Mapping[str, Graph], build: "_Builder") -> Iterator[Subject]:
    """Roles that pods of the platform take; those of the control plane and of machines have policies that AWS writes."""
    graph = graphs[runtime]
    taken = pod_roles(graph)
    for role in from_graph(graph, build.intent.boundaries, around=build.around):
        if role.urn in taken:
            yield build.role("workload", role, runtime, build.names)


def _kind(role: Role) -> Kind:
    """What a role of a platform is for, by its name; more is promised of a workload than of the others."""
    if role.arn.endswith(f"-{SPENDING_STOP}"):
        return "spending_stop"
    return "break_glass" if _is_break_glass(role) else "workload"


def _is_break_glass(role: Role) -> bool:
    return role.arn.endswith(f":role/{BREAK_GLASS}")


def _of_team(
    team: TeamIntent, graphs: Mapping[str, Graph], build: "_Builder", platform: Graph, shared: Sequence[Guard]
) -> Iterator[Subject]:
    graph = graphs[team.stack]
    store = platform.outputs.get("vector_store") or {}
    names = {**team_names(team, graph, build.names, platform.outputs), **knowledge.of_team(graph, store)}
    all_guards = (*shared, *resource_policies(graph), *trusts(graph))
    around = replace(build.around, guards=all_guards)
    roles = from_graph(graph, build.intent.boundaries, around=around)
    kinds: dict[str, Kind] = {role.arn: _kind_in_team(role) for role in roles}
    for role in sorted(roles, key=lambda role: OF_TEAM.index(kinds[role.arn])):
        own = knowledge.of_role(role.urn, graph, store, names) if kinds[role.arn] == "knowledge_base" else names
        yield build.role(kinds[role.arn], role, team.stack, own)
    reaching = (arn for arn, kind in kinds.items() if kind in ("knowledge_base", "team", "workload"))
    left_out = (*names["exempt"], *names["readers"], *reaching)
    yield build.anyone("neighbour", team.stack, names, all_guards, left_out)
    yield build.outsider("stranger", team.stack, names, all_guards, tag=team.team)


def _kind_in_team(role: Role) -> Kind:
    """What a role of a team's stack is for, by the component that made it; what takes documents in is a workload."""
    if TEAM_PIPELINE in role.urn:
        return "team_pipeline"
    if knowledge.belongs_to_one(role.urn):
        return "knowledge_base"
    return "workload" if INGESTION in role.urn else "team"


@dataclass(frozen=True, slots=True)
class _Builder:
    """Subjects of one platform."""

    platform: PlatformIntent
    intent: Intent
    around: Surroundings
    organization_id: str | None
    names: Names

    def role(self, kind: Kind, role: Role, stack: str, names: Names) -> Subject:
        tags = {f"aws:principaltag/{key.lower()}": value for key, value in role.tags.items()}
        fixed = {**self._fixed(self.platform.account), "aws:principalarn": role.arn, **tags}
        return self._subject(kind, role.name, stack, world=role.world(), fixed=fixed, names=names)

    def pipeline(self) -> Subject:
        """The role that applies changes: every permission, under the boundary of the platform."""
        account, partition = self.platform.account, self.platform.partition
        arn = f"arn:{partition}:iam::{account}:policy/llmlz-platform-boundary"
        origin = Origin(layer="boundary", name="llmlz-platform-boundary")
        world = replace(self._open(self.around.guards), boundary=parse(self.intent.boundaries[arn], origin))
        fixed = {**self._fixed(account), "aws:principalarn": f"arn:{partition}:iam::{account}:role/{PIPELINE}"}
        return self._subject("pipeline", PIPELINE, self.platform.stack, world=world, fixed=fixed, names=self.names)

    def anyone(
        self, kind: Kind, stack: str, names: Names, own_guards: Sequence[Guard], left_out: Sequence[str]
    ) -> Subject:
        """Every principal of the account but the ones left out, with every permission and no boundary."""
        account = self.platform.account
        assumed = (
            Clause("aws:principalarn", "in", (f"arn:{self.platform.partition}:iam::{account}:*",)),
            Clause("aws:principalarn", "not_in", tuple(left_out)),
        )
        world = self._open(own_guards)
        fixed = self._fixed(account)
        return self._subject(kind, "anyone else", stack, world=world, fixed=fixed, names=names, assumed=assumed)

    def outsider(
        self, kind: Kind, stack: str, names: Names, own_guards: Sequence[Guard], tag: str | None = None
    ) -> Subject:
        """Every principal of an account that does not belong to the organization, with a tag of its own choice."""
        fixed = {**self._fixed(ELSEWHERE), "aws:principalorgid": None, "aws:principaltag/team": tag}
        world = World(
            account=ELSEWHERE,
            resource_account=self.platform.account,
            identity=(EVERYTHING,),
            resource_control=self.around.resource_control,
            guards=tuple(own_guards),
        )
        return self._subject(kind, "anyone", stack, world=world, fixed=fixed, names=names)

    def guest(self) -> Subject:
        """Whoever brings credentials of another account into the network, to reach what that account has."""
        fixed = {**self._fixed(ELSEWHERE), "aws:principalorgid": None}
        world = World(account=ELSEWHERE, identity=(EVERYTHING,), endpoints=self.around.endpoints)
        return self._subject("guest", "anyone", self.platform.stack, world=world, fixed=fixed, names=self.names)

    def on_call(self, user: str) -> Subject:
        """One user of another account of the organization, with every permission there."""
        account = user.split(":")[4]
        fixed = {**self._fixed(account), "aws:principalarn": user, "aws:multifactorauthage": "60"}
        world = World(
            account=account,
            resource_account=self.platform.account,
            identity=(EVERYTHING,),
            resource_control=self.around.resource_control,
            guards=self.around.guards,
        )
        name = user.rpartition("/")[2]
        return self._subject("on_call", name, self.platform.stack, world=world, fixed=fixed, names=self.names)

    def _open(self, own_guards: Sequence[Guard]) -> World:
        around = self.around
        return World(
            account=self.platform.account,
            identity=(EVERYTHING,),
            service_control=around.service_control,
            resource_control=around.resource_control,
            endpoints=around.endpoints,
            guards=tuple(own_guards),
        )

    def _fixed(self, account: str) -> dict[str, Fixed]:
        return {
            "aws:principalaccount": account,
            "aws:principalisawsservice": "false",
            "aws:principalorgid": self.organization_id,
            "aws:principaltag/team": None,
        }

    def _subject(
        self,
        kind: Kind,
        name: str,
        stack: str,
        *,
        world: World,
        fixed: Mapping[str, Fixed],
        names: Names,
        assumed: tuple[Clause, ...] = (),
    ) -> Subject:
        level = self.platform.level
        return Subject(
            kind=kind, name=name, stack=stack, level=level, world=world, fixed=fixed, names=names, assumed=assumed
        )
