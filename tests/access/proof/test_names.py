"""What $names stand for: the list of approvals, and what the stacks publish; nothing is typed twice."""

from dataclasses import replace

import pytest

from llmlz.access.intent import PlatformIntent, TeamIntent
from llmlz.access.layers import ROLE
from llmlz.access.proof.names import Names, filled, platform_names, team_names
from llmlz.access.resolve import resolved
from llmlz.cli.proving import subjects_of
from tests.access.proof.estates import one, whole, with_store
from tests.generated import PLACES, platform_of

NAMES = {"bucket": ("arn:b",), "bucket_key": ("arn:k",), "models": ("a", "b"), "none": ()}
ACCOUNT, REGION = PLACES["reliable"]
PLATFORM = platform_of("reliable")
TEAM = "team-t001"


def intents() -> tuple[PlatformIntent, TeamIntent]:
    """The platform, and its one team."""
    platform = next(platform for platform in whole().intent.platforms if platform.stack == PLATFORM)
    return platform, platform.teams[0]


@pytest.fixture(scope="module")
def of_team() -> Names:
    """Names of the team of the reliable platform."""
    return one("team", TEAM).names


def test_a_name_alone_is_all_its_values() -> None:
    """Many, one or none."""
    assert filled("$models", NAMES) == ("a", "b")
    assert filled("$bucket", NAMES) == ("arn:b",)
    assert filled("$none", NAMES) == ()


def test_a_name_inside_a_text_is_its_one_value() -> None:
    """The longest name that fits is meant, and several may be in one text."""
    assert filled("$bucket/teams/*", NAMES) == ("arn:b/teams/*",)
    assert filled("$bucket_key/$bucket", NAMES) == ("arn:k/arn:b",)


def test_a_text_without_names_is_itself() -> None:
    """Policy variables, which AWS fills in, stay."""
    assert filled("bedrock:*", NAMES) == ("bedrock:*",)
    assert filled("${*}", NAMES) == ("${*}",)
    assert filled("$bucket/${aws:username}", NAMES) == ("arn:b/${aws:username}",)


@pytest.mark.parametrize("text", ["$nothing", "x/$nothing", "$models/*", "$none/*", "$"])
def test_a_name_without_one_value_is_an_error(text: str) -> None:
    """A pattern that still has a name in it would fit nothing, and the proof would be about nothing."""
    with pytest.raises(KeyError):
        filled(text, NAMES)


def test_models_are_those_of_the_list(of_team: Names) -> None:
    """The team's own, the platform's and, by their ids in any region, those of the unit; guarded and not make all."""
    platform, team = intents()
    assert of_team["own_models"] == team.models
    assert {*of_team["own_guarded_models"], *of_team["own_unguarded_models"]} == set(team.models)
    assert not {*of_team["own_guarded_models"]} & {*of_team["own_unguarded_models"]}
    assert of_team["platform_models"] == platform.models
    assert set(team.models) < set(platform.models)
    assert of_team["unit_models"] == tuple(f"arn:aws:bedrock:*::foundation-model/{m}" for m in platform.unit_models)
    assert set(of_team["unit_unguarded"]) < set(of_team["unit_models"])


def test_regions_are_where_calls_are_made_and_answered(of_team: Names) -> None:
    """A route across regions has further ones, all approved for the unit."""
    assert of_team["region"] == (REGION,)
    assert of_team["unit_regions"] == (REGION,)
    assert REGION in of_team["answering_regions"]
    assert len(of_team["answering_regions"]) > 1
    assert set(of_team["answering_regions"]) <= {*of_team["unit_regions"], *of_team["unit_destinations"]}


def test_what_a_team_has_is_its_own(of_team: Names) -> None:
    """Profiles, prefix, secret, key, index and role as the team's stack publishes them."""
    out = resolved(whole().graphs.values())[TEAM].outputs
    assert sorted(out["profile_arns"].values()) == list(of_team["own_profiles"])
    assert of_team["own_secret"] == (out["secret_arn"],)
    assert of_team["own_index"] == (out["vectors"],)
    assert of_team["own_user"] == of_team["own_collection"] == of_team["own_collection_index"] == ()
    role = f"arn:aws:iam::{ACCOUNT}:role/llmlz-zone-2-t001"
    assert of_team["own_role"] == (out["role_arn"],) == (role,)
    assert sorted(of_team["code_roles"]) == [role, f"{role}-pipeline", f"{role}.handbook"]
    assert of_team["own_functions"] == (f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:llmlz-zone-2-t001-*",)
    assert of_team["own_prefix"] == (f"{of_team['data_bucket'][0]}/teams/t001/*",)
    assert of_team["own_prefix"] == (f"arn:aws:s3:::{out['data_prefix'].removeprefix('s3://')}*",)
    assert len(of_team["own_key"]) == 1
    assert set(of_team["own_key"]) < set(of_team["usable_keys"])
    assert not set(of_team["own_key"]) & set(of_team["platform_keys"])


def test_documents_are_those_that_the_stacks_publish(of_team: Names) -> None:
    """By the names that the parameters have; another parameter of the stack is not one of them."""
    place = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/llmlz/zone-2"
    assert of_team["own_document"] == (f"{place}/teams/t001/v1",)
    assert of_team["platform_document"] == (f"{place}/platform/v1",)
    graph, (platform, _) = resolved(whole().graphs.values())[PLATFORM], intents()
    (document,) = graph.of_type("aws:ssm/parameter:Parameter")
    other = replace(document, urn=document.urn.replace("PublishedDocument", "Another"), outputs={"arn": "arn:other"})
    more = replace(graph, resources=(*graph.resources, other))
    graphs = {**whole().graphs, PLATFORM: more}
    assert platform_names(platform, graphs, whole().intent)["platform_document"] == of_team["platform_document"]


def test_the_guardrail_is_the_platforms_in_its_accepted_versions(of_team: Names) -> None:
    """The one that the team must send now is among them, and the unit has at least them."""
    (arn,) = of_team["guardrail"]
    assert all(version.startswith(f"{arn}:") for version in of_team["guardrails"])
    assert set(of_team["current_guardrail"]) <= set(of_team["guardrails"]) <= set(of_team["unit_guardrails"])


def test_boundaries_are_those_of_the_account(of_team: Names) -> None:
    """A boundary of another account protects nothing here; the forms fit both in any account."""
    names = ("llmlz-boundary", "llmlz-platform-boundary")
    assert sorted(of_team["boundaries"]) == [f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in names]
    assert of_team["boundary_forms"] == tuple(f"arn:aws:iam::*:policy/{name}" for name in names)


def test_roles_of_code_are_all_but_the_one_for_people() -> None:
    """Break-glass is taken by people, so nobody promises that nobody takes it."""
    graph, names = whole().graphs[PLATFORM], one("administrator", PLATFORM).names
    made = {role.inputs["name"] for role in graph.of_type(ROLE)}
    assert {arn.rpartition("/")[2] for arn in names["code_roles"]} == made - {"llmlz-break-glass"}
    assert "llmlz-break-glass" in made


def test_a_platform_publishes_bucket_trail_keys_and_endpoint() -> None:
    """As other stacks see them; a log group is named with and without its streams."""
    graph = resolved(whole().graphs.values())[PLATFORM]
    names = one("administrator", PLATFORM).names
    assert names["data_bucket"] == (graph.outputs["data_bucket_arn"],)
    assert names["trail"] == (graph.outputs["trail_arn"],)
    published = {graph.outputs[f"{purpose}_key_arn"] for purpose in ("data", "guardrail", "secrets")}
    assert {*published, graph.outputs["vector_store"]["kms_key_arn"]} < set(names["platform_keys"])
    (endpoint,) = names["endpoint"]
    (made,) = [e for e in graph.of_type("aws:ec2/vpcEndpoint:VpcEndpoint") if "bedrock-runtime" in e.name]
    assert endpoint == graph.outputs["endpoint_ids"]["bedrock-runtime"], made.name
    assert {name.removesuffix(":*") for name in names["log_groups"]} == set(names["log_groups"][::2])


def test_without_an_endpoint_the_name_stands_for_nothing() -> None:
    """At a tier without endpoints of its own, unless the settings name one that others made."""
    graphs = resolved(whole().graphs.values())
    stack = platform_of("foundation")
    assert one("administrator", stack).names["endpoint"] == ()
    platform = next(platform for platform in whole().intent.platforms if platform.stack == stack)
    given = platform_names(replace(platform, endpoint_id="vpce-given"), graphs, whole().intent)
    assert given["endpoint"] == ("vpce-given",)


def test_a_team_of_a_database_has_a_user_and_no_index() -> None:
    """Where vectors are in a database, the team's stack publishes the name of its user."""
    graphs = resolved(whole().graphs.values())
    team = intents()[1]
    graph = graphs[TEAM]
    named = replace(graph, outputs={**graph.outputs, "vectors": "t001"})
    published = {**graphs[PLATFORM].outputs, "vector_store": {"users_arn": "arn:users"}}
    names = team_names(team, named, one("administrator", PLATFORM).names, published)
    assert (names["own_index"], names["own_user"]) == ((), ("arn:users/t001",))


def test_a_team_of_a_collection_has_an_index_in_it() -> None:
    """The collection is everybody's, the index is called like the team, and one pattern means all of them."""
    (team, *_) = (subject for subject in subjects_of(with_store("opensearch")) if subject.kind == "team")
    place = f"arn:aws:aoss:{team.names['region'][0]}:{team.names['account'][0]}"
    (collection,) = team.names["own_collection"]
    assert collection.startswith(f"{place}:collection/")
    assert team.names["own_collection_index"] == (f"{place}:index/llmlz-pilot-vectors/claims",)
    assert team.names["collection_indexes"] == (f"{place}:index/llmlz-pilot-vectors/*",)
    assert team.names["own_index"] == team.names["own_user"] == team.names["vector_bucket"] == ()
