"""What Qdrant in the cluster promises: closed on all sides, no key in a program, a collection for each team."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.qdrant import Collection, Qdrant, QdrantArgs
from components.qdrant.access import backup_statements, keys_statements, secret_policy, server_statements
from llmlz.checks.evaluate import evaluate
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, allowed, document, role

REGION = "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/qdrant"
ADMIN, OF_CLAIMS = (f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{n}-AbCdEf" for n in ("admin", "claims"))
IMAGES = {
    name: f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{image}@sha256:{digit * 64}"
    for name, image, digit in (("image", "qdrant", "a"), ("program_image", "python", "b"))
}
TEAMS = {team: Collection(reader_role_arn=role(f"llmlz-test-{team}"), size=1024) for team in ("claims", "search")}


def recorded(**wishes: Any) -> Graph:
    """The graph of a Qdrant for two teams, and what ``wishes`` change about it."""

    def program() -> None:
        tags = {"owner": "platform@example.com", "team": "platform"}
        cloud = aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT], default_tags={"tags": tags})
        cluster = kubernetes.Provider("cluster", kubeconfig="{}")
        args: dict[str, Any] = {
            "account_id": ACCOUNT,
            "boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            "cluster_arn": f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/llmlz-test",
            "cluster_name": "llmlz-test",
            "collections": TEAMS,
            "kms_key_arn": KEY,
            "name_prefix": "llmlz-test",
            "partition": "aws",
            "region": REGION,
            "storage_class": "llmlz-encrypted",
            **IMAGES,
            **wishes,
        }
        Qdrant("qdrant", QdrantArgs(**args), pulumi.ResourceOptions(providers=[cloud, cluster]))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Three nodes, two teams."""
    return recorded()


def pods(graph: Graph) -> dict[str, Mapping[str, Any]]:
    """Name of a resource to its pod's spec."""
    found = {}
    for resource in graph.custom():
        spec = resource.inputs.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec) if isinstance(spec, dict) else {}
        if "template" in spec:
            found[resource.name] = spec["template"]["spec"]
    return found


def test_every_pod_is_restricted_and_has_no_token_of_the_cluster(graph: Graph) -> None:
    """Nodes, their first containers, and all jobs."""
    found = pods(graph)
    assert set(found) == {"qdrant-nodes", "qdrant-keys-now", "qdrant-keys-schedule", "qdrant-backup-schedule"}
    for name, pod in found.items():
        assert pod["automountServiceAccountToken"] is False, name
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            closed = container["securityContext"]
            assert (closed["readOnlyRootFilesystem"], closed["allowPrivilegeEscalation"]) == (True, False), name
            assert closed["capabilities"] == {"drop": ["ALL"]}, name
            assert container["resources"]["limits"] == container["resources"]["requests"], name
            assert "@sha256:" in container["image"], name


def test_no_value_of_a_secret_is_in_the_program(graph: Graph) -> None:
    """Secrets have no version here, no pod takes one from Kubernetes, and the configuration is shipped without a key."""
    types = {r.type for r in graph.custom()}
    assert "aws:secretsmanager/secretVersion:SecretVersion" not in types
    assert not [t for t in types if t.endswith(":Secret") and t.startswith("kubernetes:")]
    (first,) = pods(graph)["qdrant-nodes"]["initContainers"]
    told = {each["name"]: each["value"] for each in first["env"]}
    assert "api_key" not in json.loads(told["CONFIG"])["service"]
    config = next(v for v in pods(graph)["qdrant-nodes"]["volumes"] if v["name"] == "config")
    assert config["emptyDir"]["medium"] == "Memory"


def test_tokens_decide_and_nothing_is_told_to_the_maker(graph: Graph) -> None:
    """Without this switch every token would be refused, and without a key everybody let in."""
    (first,) = pods(graph)["qdrant-nodes"]["initContainers"]
    config = json.loads(next(each["value"] for each in first["env"] if each["name"] == "CONFIG"))
    assert config["service"]["jwt_rbac"] is True
    assert config["service"]["enable_static_content"] is False
    assert config["telemetry_disabled"] is True


def test_the_namespace_is_closed_before_anything_runs(graph: Graph) -> None:
    """Restricted pods, a quota without GPUs, and nothing both ways but what is admitted."""
    labels = graph.named("qdrant-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"
    assert graph.named("qdrant-quota").inputs["spec"]["hard"]["requests.nvidia.com/gpu"] == "0"
    assert graph.named("qdrant-denied").inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    waits = graph.named("qdrant-nodes").options.depends_on
    assert {graph.named(f"qdrant-{name}").urn for name in ("denied", "to-server", "quota")} <= set(waits)


def test_only_admitted_namespaces_call_and_only_nodes_talk_as_nodes(graph: Graph) -> None:
    """No key guards the port between nodes: the network alone does."""
    rules = graph.named("qdrant-to-server").inputs["spec"]["ingress"]
    who: dict[int, list[Any]] = {port["port"]: [] for rule in rules for port in rule["ports"]}
    for rule in rules:
        for port in rule["ports"]:
            who[port["port"]] += rule["from"]
    admitted = {"namespaceSelector": {"matchLabels": {"llmlz.io/qdrant": "allowed"}}}
    assert who[6334] == [admitted]
    assert admitted in who[6333]
    (peers,) = who[6335]
    assert peers["podSelector"]["matchLabels"]["app.kubernetes.io/name"] == "qdrant"
    assert "namespaceSelector" not in peers


def test_disks_are_encrypted_and_outlive_the_pods(graph: Graph) -> None:
    """By the storage class that was given; a deletion of the set leaves them."""
    spec = graph.named("qdrant-nodes").inputs["spec"]
    assert {c["spec"]["storageClassName"] for c in spec["volumeClaimTemplates"]} == {"llmlz-encrypted"}
    assert set(spec["persistentVolumeClaimRetentionPolicy"].values()) == {"Retain"}
    assert graph.named("qdrant-nodes").options.protect
    assert graph.named("qdrant-namespace").options.protect


@pytest.mark.parametrize(("replicas", "copies", "word"), [(1, 1, "exec ./qdrant --config-path"), (3, 2, "--bootstrap")])
def test_one_node_stands_alone_and_three_find_each_other(replicas: int, copies: int, word: str) -> None:
    """The first asks nobody; collections have a second copy where there is a node for it."""
    found = recorded(replicas=replicas)
    (container,) = pods(found)["qdrant-nodes"]["containers"]
    assert word in container["command"][-1]
    (first,) = pods(found)["qdrant-nodes"]["initContainers"]
    config = json.loads(next(each["value"] for each in first["env"] if each["name"] == "CONFIG"))
    assert config["cluster"]["enabled"] is (replicas > 1)
    (keys,) = pods(found)["qdrant-keys-now"]["containers"]
    teams = json.loads(next(each["value"] for each in keys["env"] if each["name"] == "TEAMS"))
    assert {team["shape"]["replication_factor"] for team in teams.values()} == {copies}


def test_another_team_is_another_run_of_the_job(graph: Graph) -> None:
    """Its collection and its token are made at the deployment that brings it."""
    name = graph.named("qdrant-keys-now").inputs["metadata"]["name"]
    more = {**TEAMS, "sales": Collection(reader_role_arn=role("llmlz-test-sales"), size=8)}
    assert recorded(collections=more).named("qdrant-keys-now").inputs["metadata"]["name"] != name
    assert recorded().named("qdrant-keys-now").inputs["metadata"]["name"] == name


CLAIMS, SEARCH, KEEPER = role("llmlz-test-claims"), role("llmlz-test-search"), role("llmlz-test-qdrant-keys")
READ, SET = "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"


def test_a_team_reads_its_own_token_and_nobody_elses() -> None:
    """Whatever their own policies allow; the pipeline reads none, and only the job sets one."""
    on_secret = document("resource", *secret_policy([CLAIMS], KEEPER)["Statement"])

    def may(action: str, by: str) -> bool:
        return allowed(action, OF_CLAIMS, by=by, on_resource=on_secret)

    assert may(READ, CLAIMS)
    assert may(READ, KEEPER)
    assert may(SET, KEEPER)
    for by in (SEARCH, role("llmlz-apply"), role("llmlz-test-qdrant-server")):
        assert not may(READ, by), by
        assert not may(SET, by), by
    assert not may(SET, CLAIMS)


def test_the_policies_of_secrets_name_each_teams_role(graph: Graph) -> None:
    """The cross-team matrix of tokens: each secret admits its team, and the administrator's admits none."""
    for team in TEAMS:
        text = graph.named(f"qdrant-{team}-secret-policy").inputs["policy"]
        others = [other for other in TEAMS if other != team]
        assert role(f"llmlz-test-{team}") in text
        assert not [other for other in others if role(f"llmlz-test-{other}") in text]
    assert not [
        t for t in TEAMS if role(f"llmlz-test-{t}") in graph.named("qdrant-admin-secret-policy").inputs["policy"]
    ]


def test_each_role_does_one_thing() -> None:
    """The server reads one key, the job keeps its secrets, backups are written and not read."""
    server = document("identity", *server_statements(ADMIN, KEY))
    assert allowed(READ, ADMIN, identity=server)
    assert not allowed(READ, OF_CLAIMS, identity=server)
    assert not allowed(SET, ADMIN, identity=server)
    keys = document("identity", *keys_statements([ADMIN, OF_CLAIMS], KEY))
    assert allowed(SET, OF_CLAIMS, identity=keys)
    assert not allowed("secretsmanager:DeleteSecret", OF_CLAIMS, identity=keys)
    backups = document("identity", *backup_statements(ADMIN, "arn:aws:s3:::backups", KEY))
    assert allowed("s3:PutObject", "arn:aws:s3:::backups/a", identity=backups)
    for action in ("s3:GetObject", "s3:DeleteObject", "s3:PutBucketPolicy"):
        assert not allowed(action, "arn:aws:s3:::backups/a", identity=backups), action


def test_backups_lie_in_a_private_bucket_and_end(graph: Graph) -> None:
    """Under the key, as every bucket, for as long as was asked."""
    (rule,) = graph.named("qdrant-backups-encryption").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["kmsMasterKeyId"] == KEY
    rules = graph.named("qdrant-backups-lifecycle").inputs["rules"]
    assert [r["expiration"] for r in rules if "expiration" in r] == [{"days": 35}]
    (container,) = pods(graph)["qdrant-backup-schedule"]["containers"]
    told = {each["name"]: each["value"] for each in container["env"]}
    assert len(json.loads(told["NODES"])) == 3


HELD = ("EKS-06", "EKS-09", "EKS-10", "IAM-01", "IAM-04", "IAM-05", "IAM-12", "KEY-02", "SUP-01")


def test_controls_hold_at_the_highest_level(graph: Graph) -> None:
    """Those of namespaces, pods, images, roles and secrets have looked at it, and found nothing."""
    found = evaluate(graph, 4)
    assert [f"{f.control} {f.urn} {f.message}" for f in found.findings if f.control in HELD] == []
    looked = {c.control for c in found.coverage if c.looked_at}
    assert {"EKS-06", "EKS-09", "EKS-10", "IAM-12", "SUP-01"} <= looked


def test_the_namespace_denies_both_ways_and_only_the_clusters_switch_is_missing(graph: Graph) -> None:
    """EKS-07 also asks whether the cluster enforces policies, which the stack with the cluster answers."""
    said = [f.message for f in evaluate(graph, 4).findings if f.control == "EKS-07"]
    assert not [message for message in said if "no policy denies" in message or "opens" in message], said
