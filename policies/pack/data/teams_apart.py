"""What one team has stored is reached by no other: each has an index, a collection, a bucket or a schema of its own."""

import re
from collections.abc import Iterator

from policies.pack import _grants
from policies.pack._documents import Statement
from policies.pack._places import in_account
from policies.pack._relations import names
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._tags import default_tags
from policies.pack._teams import INDEX, team_of, teams
from policies.pack._values import text
from policies.pack.data._readers import one_team
from policies.pack.data._serverless import ACCESS_POLICY
from policies.pack.data._vectors import BUCKET, VECTORS, policies_of, statements, whole

TAG = "aws:PrincipalTag/team"
OWN = r"\$\{aws:PrincipalTag/team(, ?'[^'*?$]*')?\}"
"""The caller's team; a default stands in for a caller without the tag
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html, 2026-11)."""

OWN_INDEX = re.compile(rf"arn:[^:]+:s3vectors:[^:]+:[^:]+:bucket/[^/*?$]+/index/{OWN}(\.\*)?")
BELOW = "."
"""Between a team and what it calls a further index, such as that of a knowledge base; no team has one in its name."""
CONNECT = "rds-db:connect"
NAMED = {
    "s3vectors": re.compile(rf"arn:[^:]+:s3vectors:[^:]+:[^:]+:bucket/[^/*?$]+/index/([^/*?$]+|{OWN})"),
    "rds-db": re.compile(r"arn:[^:]+:rds-db:[^:]+:[^:]+:dbuser:[^/*?$]+/[^/*?$]+"),
}


def decide(resource: Resource, context: Context) -> Result:
    """Stores keep teams apart by themselves, places are called like their team, and grants name a place exactly."""
    if resource.type == BUCKET:
        return _bucket(resource, context)
    if resource.type == INDEX:
        return _index(resource, context)
    if resource.type == ACCESS_POLICY:
        return one_team(resource, context)
    if _grants.is_boundary(resource, context):
        return HOLDS
    granted = (r for s in _grants.statements(resource) if s.allows for r in _granted(s, resource, context))
    return together([_disguise(resource, context), *granted])


def _bucket(bucket: Resource, context: Context) -> Result:
    """Everyone is denied the vectors of every index but the own one, or the whole bucket is one team's."""
    found = [s for policy in policies_of(bucket, context) for s in statements(policy)]
    shared = all(any(_own_index_only(s) and s.covers(action) for s in found) for action in VECTORS)
    return require(shared or bool(_only_team(found)), "no statement denies a team the vectors of another one")


def _own_index_only(statement: Statement) -> bool:
    left_out = statement.not_resources
    return (
        statement.denies_everyone
        and not statement.conditions
        and bool(left_out)
        and all(OWN_INDEX.fullmatch(r) for r in left_out)
    )


def _only_team(found: list[Statement]) -> str | None:
    """The one team that is not denied the whole bucket."""
    for s in found:
        values = s.only_condition("StringNotEquals", TAG)
        one = len(values) == 1 and not set("*?$") & set(values[0])
        if one and s.denies_everyone and whole(s) and all(s.covers(action) for action in VECTORS):
            return values[0]
    return None


def _index(index: Resource, context: Context) -> Result:
    """In a shared bucket the name of an index, up to a dot, is the team that reaches it."""
    team, name = team_of(index, context), text(index.inputs, "indexName")
    if team is None:
        return violated("the index has no tag team, so nobody knows whose it is")
    if _owner(name) == team or team in _owners(index, context):
        return HOLDS
    return violated(f"the index of the team {team} is called {name!r}, in a bucket that is not the team's alone")


def _owner(name: str | None) -> str | None:
    """The team that an index is called after."""
    return name and name.partition(BELOW)[0]


def _owners(index: Resource, context: Context) -> Iterator[str]:
    for bucket, there in in_account(context, BUCKET):
        if names(index, "vectorBucketName", bucket, "vectorBucketName"):
            team = _only_team([s for policy in policies_of(bucket, there) for s in statements(policy)])
            if team is not None:
                yield team


def _disguise(resource: Resource, context: Context) -> Result:
    """A role with the tag of another team than its stack's is that team to every policy that asks for the tag."""
    if resource.type != _grants.ROLE:
        return HOLDS
    stacks, team = text(default_tags(resource, context), "team"), team_of(resource, context)
    same = stacks in (None, team, *context.needs["operators"])
    return require(same, f"the role carries the tag of the team {team} in a stack of the team {stacks}")


def _granted(statement: Statement, resource: Resource, context: Context) -> Iterator[Result]:
    """No wildcard in a grant on vectors or of a sign-in, and no place of another team."""
    services = {action.partition(":")[0] for action in (*VECTORS, CONNECT) if statement.covers(action)}
    if services and statement.not_resources:
        yield violated("vectors are allowed everywhere but in a few places (NotResource)")
    for name in statement.resources:
        service = "*" if name == "*" else name.split(":")[2]
        for wanted in sorted(services):
            if service == wanted and NAMED[wanted].fullmatch(name):
                yield _not_anothers(name, wanted, resource, context)
            elif service == wanted or set("*?$") & set(service):
                yield violated(f"vectors are allowed on {name!r}")


def _not_anothers(name: str, service: str, resource: Resource, context: Context) -> Result:
    place, team = name.rpartition("/")[2], team_of(resource, context)
    if service == "rds-db":
        place = place.removeprefix(context.needs["schema_prefix"]).replace("_", "-")
    place = place.partition(BELOW)[0]
    if team in context.needs["operators"] or place == team:
        return HOLDS
    return require(place not in teams(context), f"{team or 'somebody without a team'} may reach the vectors of {place}")
