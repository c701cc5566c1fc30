"""What OpenSearch Serverless as a vector store promises."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.index_access import IndexAccess, IndexAccessArgs
from components.vector_space import OpenSearchStore, VectorSpace, VectorSpaceArgs, collection_statements
from components.vector_store import OpenSearch, VectorStore, VectorStoreArgs
from components.vector_store.opensearch import encryption_policy, index_maker_statements, network_policy
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/vectors"
COLLECTION = f"arn:aws:aoss:eu-central-1:{ACCOUNT}:collection/abc"
TEAM_ROLE = f"arn:aws:iam::{ACCOUNT}:role/llmlz-claims"
MAKER = f"arn:aws:iam::{ACCOUNT}:role/llmlz-vectors-data-plane"
ENGINE = OpenSearch(
    boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    subnet_ids={"a": "subnet-a", "b": "subnet-b", "c": "subnet-c"},
    vpc_id="vpc-1",
    client_cidrs={"private-a": "10.0.0.0/19"},
)
STORE = OpenSearchStore(
    collection_arn=COLLECTION,
    collection_name="llmlz-vectors",
    function_name="llmlz-vectors-data-plane",
    maker_arn=MAKER,
)


def graph_of(program: Any) -> Graph:
    """The graph of a program in one account and region."""
    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region="eu-central-1")


def stored(prefix: str = "llmlz", **changes: Any) -> Graph:
    """The graph of one store called ``vectors``."""
    args = VectorStoreArgs(
        account_id=ACCOUNT,
        engine=replace(ENGINE, **changes),
        kms_key_arn=KEY,
        name_prefix=prefix,
        partition="aws",
        region="eu-central-1",
    )
    return graph_of(lambda: VectorStore("vectors", args))


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The store as it is by default."""
    return stored()


def policy(graph: Graph, name: str) -> Any:
    """A JSON document of the graph."""
    return json.loads(graph.named(name).inputs["policy"])


def test_the_collection_is_born_with_what_it_can_never_change(graph: Graph) -> None:
    """Vectors, standby replicas, a name that fits: and neither the engine nor anybody else deletes it by accident."""
    collection = graph.named("vectors-collection")
    wanted = {"name": "llmlz-vectors", "type": "VECTORSEARCH", "standbyReplicas": "ENABLED"}
    assert {key: collection.inputs[key] for key in wanted} == wanted
    assert collection.options.protect is True


def test_the_key_and_the_network_are_there_before_the_collection(graph: Graph) -> None:
    """AWS refuses a collection without the first, and opens one without the second to nobody, or to everybody later."""
    named = {graph.by_urn[urn].name for urn in graph.named("vectors-collection").options.depends_on}
    assert named == {"vectors-encryption", "vectors-network"}
    assert policy(graph, "vectors-encryption") == {
        "Rules": [{"ResourceType": "collection", "Resource": ["collection/llmlz-vectors"]}],
        "AWSOwnedKey": False,
        "KmsARN": KEY,
    }
    assert graph.named("vectors-encryption").options.protect is True


def test_only_the_endpoint_in_the_data_subnets_leads_to_it(graph: Graph) -> None:
    """Not the internet, not another endpoint, and there is no way to the dashboard at all."""
    (entry,) = policy(graph, "vectors-network")
    endpoint = graph.named("vectors-endpoint")
    assert entry["AllowFromPublic"] is False
    found = {(graph.by_urn[r.to].name, r.output) for r in graph.named("vectors-network").references if r.output}
    assert (len(entry["SourceVPCEs"]), found) == (1, {("vectors-endpoint", "id")})
    assert entry["Rules"] == [{"ResourceType": "collection", "Resource": ["collection/llmlz-vectors"]}]
    assert endpoint.inputs["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]


def test_the_endpoint_admits_private_subnets_and_the_function_on_one_port(graph: Graph) -> None:
    """One rule per client, HTTPS alone, and no rule lets anything out of the endpoint."""
    rules = {r.name: r.inputs for r in graph.custom() if r.type.endswith("IngressRule")}
    assert set(rules) == {"vectors-from-private-a", "vectors-from-data-plane"}
    assert {(r["fromPort"], r["toPort"], r["ipProtocol"]) for r in rules.values()} == {(443, 443, "tcp")}
    assert rules["vectors-from-private-a"]["cidrIpv4"] == "10.0.0.0/19"
    assert "cidrIpv4" not in rules["vectors-from-data-plane"]
    (out,) = [r for r in graph.custom() if r.type.endswith("EgressRule")]
    pairs = {(r.at, graph.by_urn[r.to].name) for r in out.references}
    assert {("securityGroupId", "vectors-data-plane-group"), ("referencedSecurityGroupId", "vectors-group")} <= pairs
    assert "cidrIpv4" not in out.inputs


def test_the_function_stands_in_the_data_subnets_and_knows_no_secret(graph: Graph) -> None:
    """It reaches the endpoint and nothing else; its environment says where, and no more."""
    function = graph.named("vectors-data-plane")
    assert function.inputs["vpcConfig"]["subnetIds"] == ["subnet-a", "subnet-b", "subnet-c"]
    assert len(function.inputs["vpcConfig"]["securityGroupIds"]) == 1
    assert set(function.inputs["environment"]["variables"]) == {"ENDPOINT"}
    assert graph.named("vectors-data-plane-log").inputs["kmsKeyId"] == KEY
    assert graph.named("vectors-data-plane-role").inputs["permissionsBoundary"] == ENGINE.boundary_arn


def test_the_functions_role_calls_one_collection_and_has_no_hold_on_the_network() -> None:
    """Lambda attaches it with the role; the code that runs may not use that, whatever it is."""
    statements = index_maker_statements(collection_arn="collection", function_arn="function", network_arns="network")
    call, attach, look, refused = statements
    assert (call["Action"], call["Resource"]) == (["aoss:APIAccessAll"], ["collection"])
    assert attach["Resource"] == ["network"]
    assert refused["Effect"] == "Deny"
    assert set(refused["Action"]) == {*attach["Action"], *look["Action"]}
    assert refused["Condition"] == {"ArnEquals": {"lambda:SourceFunctionArn": "function"}}
    assert all(action.startswith("ec2:Describe") for action in look["Action"])


@pytest.mark.parametrize("prefix", ["x" * 25, "l" * 60])
def test_a_name_that_no_collection_has_is_refused_with_both_lengths(prefix: str) -> None:
    """Before anything is made, and the message says what to shorten."""
    with pytest.raises(ValueError, match="32 are allowed: shorten the prefix"):
        stored(prefix)


def test_policies_of_the_store_are_plain() -> None:
    """One collection by its whole name: no star ever."""
    texts = json.dumps([encryption_policy("c", "k"), network_policy("c", "vpce-1")])
    assert "*" not in texts


def space(**changes: Any) -> Graph:
    """The graph of the space of team ``claims``."""
    args = VectorSpaceArgs(**{"store": STORE, "team": "claims", **changes})
    return graph_of(lambda: VectorSpace("space", args))


def test_the_index_is_asked_for_in_plain_json_once_its_maker_is_let_in() -> None:
    """Exactly the event that the step takes, and not before the function may do it."""
    made = space(dimensions=256, metric="euclidean")
    call = made.named("space-index")
    assert json.loads(call.inputs["input"]) == {
        "step": "index",
        "team": "claims",
        "dimensions": 256,
        "metric": "euclidean",
    }
    assert [made.by_urn[urn].name for urn in call.options.depends_on] == ["space-maker"]


def test_the_maker_makes_one_index_and_touches_no_document() -> None:
    """One role, one index by its whole name, and two operations."""
    (entry,) = policy(space(), "space-maker")
    assert entry == {
        "Rules": [
            {
                "ResourceType": "index",
                "Resource": ["index/llmlz-vectors/claims"],
                "Permission": ["aoss:CreateIndex", "aoss:DescribeIndex"],
            }
        ],
        "Principal": [MAKER],
    }


def test_the_team_reads_and_writes_its_own_index_and_cannot_lose_it() -> None:
    """Documents of one index by its whole name: neither delete nor change the index."""
    args = IndexAccessArgs(collection_name="llmlz-vectors", reader_arn=TEAM_ROLE, team="claims")
    (entry,) = policy(graph_of(lambda: IndexAccess("access", args)), "access-reader")
    assert entry["Principal"] == [TEAM_ROLE]
    (rule,) = entry["Rules"]
    assert rule["Resource"] == ["index/llmlz-vectors/claims"]
    assert rule["Permission"] == ["aoss:DescribeIndex", "aoss:ReadDocument", "aoss:WriteDocument"]


def test_the_role_may_call_this_collection_alone() -> None:
    """IAM knows one action; the collection is named."""
    (component,) = [r for r in space().resources if r.kind == "component"]
    assert component.outputs["access_statements"] == collection_statements(collection_arn=COLLECTION)
    (statement,) = collection_statements(collection_arn=COLLECTION)
    assert (statement["Action"], statement["Resource"]) == (["aoss:APIAccessAll"], [COLLECTION])
    assert component.outputs["place"] == "claims"


@pytest.mark.parametrize("team", ["a" * 20, "abc", "claims-eu"])
def test_policies_have_names_that_fit_for_every_team(team: str) -> None:
    """32 characters, for the longest name that a team file takes."""
    names = {
        r.inputs["name"]
        for r in [
            *space(team=team).custom(),
            *graph_of(
                lambda: IndexAccess("a", IndexAccessArgs(collection_name="c", reader_arn=TEAM_ROLE, team=team))
            ).custom(),
        ]
        if "name" in r.inputs
    }
    assert len(names) == 2
    assert all(3 <= len(name) <= 32 for name in names)


def test_services_of_aws_come_in_only_where_they_are_named() -> None:
    """Bedrock reads a collection for knowledge bases over the network of AWS; nobody else gets further by that."""
    alone = network_policy("vectors", "vpce-1")
    inside, besides = network_policy("vectors", "vpce-1", ["bedrock.amazonaws.com"])
    assert [inside] == alone
    assert besides == {
        "Rules": [{"ResourceType": "collection", "Resource": ["collection/vectors"]}],
        "AllowFromPublic": False,
        "SourceServices": ["bedrock.amazonaws.com"],
    }
