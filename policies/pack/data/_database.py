"""Parameters of databases: a cluster or instance, its group, and what single members of a cluster override."""

from collections.abc import Iterator

from policies.pack._places import in_account
from policies.pack._relations import names, pointing_at
from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mappings, shown, text

CLUSTER = "aws:rds/cluster:Cluster"
MEMBER = "aws:rds/clusterInstance:ClusterInstance"
CLUSTER_GROUP = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
GROUP = "aws:rds/parameterGroup:ParameterGroup"
DEFAULT = "default."
"""Groups of AWS, which nobody can edit (docs.aws.amazon.com/AmazonRDS/latest/UserGuide/parameter-groups-overview.html,
2026-11)."""


def engine_of(database: Resource) -> str:
    """The engine; raises ``UnreadableError`` where the database takes it over from somewhere else."""
    engine = text(database.inputs, "engine")
    if engine is None:
        raise UnreadableError("engine is not set")
    return engine


def parameter(database: Resource, context: Context, name: str) -> tuple[str, ...]:
    """Every value that a parameter is given: in the database's group, and in groups of single members.

    Empty where the database's own group leaves it out, whatever members say: a member that joins later has no group.
    """
    at, token = (
        ("dbClusterParameterGroupName", CLUSTER_GROUP) if database.type == CLUSTER else ("parameterGroupName", GROUP)
    )
    own = tuple(_values(_group(database, at, token, context), name))
    if not own or database.type != CLUSTER:
        return own
    members = pointing_at(context, database, MEMBER, "clusterIdentifier", "clusterIdentifier")
    groups = [_group(member, "dbParameterGroupName", GROUP, context) for member in members]
    return (*own, *(value for group in groups for value in _values(group, name)))


def _group(user: Resource, at: str, token: str, context: Context) -> Resource | None:
    """The group that an input names; ``None`` for a group of AWS."""
    found = next((group for group, _ in in_account(context, token) if names(user, at, group, "name")), None)
    if found is not None:
        return found
    name = text(user.inputs, at)
    if name is None or name.startswith(DEFAULT):
        return None
    raise UnreadableError(f"the parameter group {shown(name)} of {user.name} is not known here")


def _values(group: Resource | None, name: str) -> Iterator[str]:
    for entry in mappings(group.inputs, "parameters") if group else ():
        if (text(entry, "name") or "").lower() == name:
            yield text(entry, "value") or ""
