"""What the jobs that load weights promise: who they are, what they may, and that their program runs as it is shipped."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.weights_loader import Staging, WeightsLoader, WeightsLoaderArgs, pod
from components.weights_loader.role import staging_statements, store_statements
from llmlz.checks.evaluate import evaluate
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, allowed, document
from tests.components.weights import FILES, manifest

REGION = "eu-central-1"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/llmlz-test"
BUCKET, STAGING = "arn:aws:s3:::llmlz-test-weights", "arn:aws:s3:::staging"
KEY, STAGING_KEY = (f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{name}" for name in ("weights", "staging"))
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/loader@sha256:{'a' * 64}"
ENTRY = "qwen2.5-0.5b-instruct"
TOLD: Mapping[str, Any] = manifest(name=ENTRY, bucket=..., kms_key_arn=...)


def recorded(**wishes: Any) -> Graph:
    """The graph of a loader, and what ``wishes`` change about it."""

    def program() -> None:
        tags = {"owner": "platform@example.com", "team": "platform"}
        cloud = aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT], default_tags={"tags": tags})
        cluster = kubernetes.Provider("cluster", kubeconfig="{}")
        args: dict[str, Any] = {
            "boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            "bucket_arn": BUCKET,
            "bucket_name": "llmlz-test-weights",
            "cluster_arn": CLUSTER,
            "cluster_name": "llmlz-test",
            "image": IMAGE,
            "kms_key_arn": KEY,
            "manifests": {ENTRY: TOLD},
            "name_prefix": "llmlz-test",
            "namespace": "llmlz-system",
            "region": REGION,
            **wishes,
        }
        WeightsLoader("weights-loader", WeightsLoaderArgs(**args), pulumi.ResourceOptions(providers=[cloud, cluster]))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A loader of one entry."""
    return recorded()


def job(graph: Graph) -> Mapping[str, Any]:
    """Its job."""
    return graph.named(f"weights-loader-{ENTRY}-job").inputs


def spec(graph: Graph) -> Mapping[str, Any]:
    """Its pod."""
    found: Mapping[str, Any] = job(graph)["spec"]["template"]["spec"]
    return found


def test_the_pod_needs_nothing_of_its_node_and_nothing_of_the_cluster(graph: Graph) -> None:
    """No root, no way to rise, no token, a root that cannot be written, and an end to everything."""
    (container,) = spec(graph)["containers"]
    assert spec(graph)["automountServiceAccountToken"] is False
    assert spec(graph)["securityContext"] == {
        "fsGroup": 65532,
        "runAsGroup": 65532,
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert set(container["resources"]["limits"]) == {"cpu", "ephemeral-storage", "memory"}
    assert not [v for v in spec(graph)["volumes"] if "hostPath" in v]
    assert graph.named("weights-loader-account").inputs["automountServiceAccountToken"] is False


def test_a_refusal_ends_the_job_and_a_broken_connection_does_not(graph: Graph) -> None:
    """By the exit codes of the program; a node that goes away is nobody's fault."""
    fails, ignored = job(graph)["spec"]["podFailurePolicy"]["rules"]
    assert (fails["action"], fails["onExitCodes"]["values"]) == ("FailJob", [2, 3])
    assert ignored["onPodConditions"] == [{"type": "DisruptionTarget", "status": "True"}]
    assert spec(graph)["restartPolicy"] == "Never"  # Kubernetes takes failure policies with nothing else


def test_the_program_runs_as_it_is_shipped(graph: Graph, tmp_path: Path) -> None:
    """With the files, the command and the variables of the pod: here it refuses a manifest without hashes."""
    folder = tmp_path / "program" / "loader"
    folder.mkdir(parents=True)
    for name, text in graph.named("weights-loader-program").inputs["data"].items():
        (folder / name).write_text(text)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest({}, files=[])))
    (container,) = spec(graph)["containers"]
    given = {each["name"]: each["value"] for each in container["env"]}
    command = [
        {"python": sys.executable, "/manifest/manifest.json": str(tmp_path / "manifest.json")}.get(word, word)
        for word in container["command"]
    ]
    env = {**given, "PYTHONPATH": str(tmp_path / "program"), "PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stderr) == (2, "")
    assert "without their hashes" in ended.stdout


def test_the_program_is_all_there_and_small_enough(graph: Graph) -> None:
    """A map of Kubernetes holds a mebibyte."""
    data = graph.named("weights-loader-program").inputs["data"]
    assert {"main.py", "headers.py", "manifest.py", "problems.py"} <= set(data)
    assert sum(map(len, data.values())) < 1 << 19


def test_the_manifest_says_what_was_approved_and_where_it_goes(graph: Graph) -> None:
    """One file, which cannot be changed in place."""
    found = graph.named(f"weights-loader-{ENTRY}-manifest").inputs
    assert found["immutable"] is True
    assert json.loads(found["data"]["manifest.json"]) == manifest(
        name=ENTRY, bucket="llmlz-test-weights", kms_key_arn=KEY
    )


@pytest.mark.parametrize(
    "change",
    [
        {"image": IMAGE.replace("aaaa", "bbbb")},
        {"manifests": {ENTRY: {**TOLD, "revision": "b" * 40}}},
    ],
)
def test_what_changes_is_another_job(graph: Graph, change: dict[str, Any]) -> None:
    """Kubernetes changes no job and no fixed map in place, and a name that stays would stop the deployment."""
    assert job(recorded(**change))["metadata"]["name"] != job(graph)["metadata"]["name"]
    assert job(recorded())["metadata"]["name"] == job(graph)["metadata"]["name"]


@pytest.mark.parametrize("entry", ["a-1", "qwen2.5-7b-instruct", "x" * 63, "a" * 45 + "." + "b" * 10])
def test_names_fit_what_kubernetes_takes(entry: str) -> None:
    """Of jobs, whose pods carry them as labels."""
    name = pod.object_name(entry, {})
    assert len(name) <= 63
    assert name == name.strip("-")
    assert "." not in name


def test_the_disk_has_room_for_the_files(graph: Graph) -> None:
    """On the node, or on an encrypted disk of its own that goes with the pod."""
    (scratch,) = [v for v in spec(graph)["volumes"] if v["name"] == "scratch"]
    assert scratch["emptyDir"] == {"sizeLimit": "2Gi"}
    large = {**TOLD, "files": [{"path": "model.safetensors", "sha256": "0" * 64, "size": 15 << 30}]}
    found = spec(recorded(manifests={ENTRY: large}, scratch_class="llmlz-encrypted"))
    (scratch,) = [v for v in found["volumes"] if v["name"] == "scratch"]
    claim = scratch["ephemeral"]["volumeClaimTemplate"]["spec"]
    assert claim["resources"] == {"requests": {"storage": "17Gi"}}
    assert claim["storageClassName"] == "llmlz-encrypted"


def test_pods_of_the_service_account_alone_take_the_role(graph: Graph) -> None:
    """In this namespace of this cluster, through the association."""
    trust = json.loads(graph.named("weights-loader-role").inputs["assumeRolePolicy"])["Statement"]
    assert [s["Condition"]["StringEquals"] for s in trust] == [
        {
            "aws:RequestTag/eks-cluster-arn": CLUSTER,
            "aws:RequestTag/kubernetes-namespace": "llmlz-system",
            "aws:RequestTag/kubernetes-service-account": "weights-loader",
        }
    ]
    association = graph.named("weights-loader-identity").inputs
    account = graph.named("weights-loader-account").inputs["metadata"]
    assert (association["namespace"], association["serviceAccount"]) == (account["namespace"], account["name"])
    assert graph.named("weights-loader-role").inputs["name"] == "llmlz-test-weights-loader"
    assert graph.named("weights-loader-identity").urn in graph.named(f"weights-loader-{ENTRY}-job").options.depends_on


def test_the_role_writes_its_entries_and_deletes_nothing() -> None:
    """Neither another entry nor the top of the bucket; no action beside those of an upload."""
    own = document("identity", *store_statements(BUCKET, KEY, [ENTRY]))

    def may(action: str, resource: str, **context: str) -> bool:
        return allowed(action, resource, identity=own, context=context)

    assert may("s3:PutObject", f"{BUCKET}/weights/{ENTRY}/abc/model.safetensors")
    assert may("s3:GetObject", f"{BUCKET}/weights/{ENTRY}/abc/provenance.json")
    for key in ("weights/other/abc/a", f"weights/{ENTRY}-2/abc/a", "a"):
        assert not may("s3:PutObject", f"{BUCKET}/{key}"), key
    for action in ("s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutBucketPolicy", "s3:PutObjectAcl"):
        assert not may(action, f"{BUCKET}/weights/{ENTRY}/abc/a"), action
    assert may("kms:GenerateDataKey", KEY)
    assert not may("kms:ScheduleKeyDeletion", KEY)


@pytest.mark.parametrize(("prefix", "reached"), [("incoming", False), ("", True)])
def test_the_role_reads_what_was_laid_down_and_no_more(prefix: str, reached: bool) -> None:
    """Below the staging prefix, which may be the whole bucket."""
    own = document("identity", *staging_statements(STAGING, prefix, STAGING_KEY))
    assert allowed("s3:GetObject", f"{STAGING}/incoming/{ENTRY}/a", identity=own)
    assert allowed("s3:GetObject", f"{STAGING}/other/a", identity=own) is reached
    assert not allowed("s3:PutObject", f"{STAGING}/incoming/{ENTRY}/a", identity=own)
    assert allowed("kms:Decrypt", STAGING_KEY, identity=own)


def test_staging_is_in_the_policy_of_the_role() -> None:
    """Where there is some; without it the role reads no other bucket."""
    staging = Staging(bucket_arn=STAGING, prefix="incoming", kms_key_arn=STAGING_KEY)
    for found, sids in ((recorded(staging=staging), 6), (recorded(), 3)):
        policy = json.loads(found.named("weights-loader-role-policy").inputs["policy"])
        assert len(policy["Statement"]) == sids


def test_pods_reach_tls_names_and_their_credentials_and_nobody_reaches_them(graph: Graph) -> None:
    """Every rule names its ports."""
    reach = graph.named("weights-loader-reach").inputs["spec"]
    assert reach["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in reach
    assert sorted({port["port"] for rule in reach["egress"] for port in rule["ports"]}) == [53, 80, 443]
    (plain,) = [rule for rule in reach["egress"] if rule["ports"][0]["port"] == 80]
    assert plain["to"] == [{"ipBlock": {"cidr": "169.254.170.23/32"}}]


HELD = ("EKS-09", "EKS-10", "IAM-01", "IAM-03", "IAM-04", "IAM-05", "IAM-12", "KEY-02", "MOD-17", "SUP-01")


def test_controls_hold_at_the_highest_level(graph: Graph) -> None:
    """Those of pods, images, weights, roles and secrets have looked at the loader, and found nothing."""
    found = evaluate(graph, 4)
    assert [f"{f.control} {f.urn} {f.message}" for f in found.findings if f.control in HELD] == []
    looked = {c.control for c in found.coverage if c.looked_at}
    assert {"EKS-09", "EKS-10", "IAM-01", "IAM-12", "MOD-17", "SUP-01"} <= looked


def test_an_image_by_a_tag_is_found() -> None:
    """The control that speaks of images is awake for this job."""
    loose = evaluate(recorded(image=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/loader:latest"), 4)
    assert {f.control for f in loose.findings if "job" in f.urn} >= {"SUP-01"}


def test_nothing_secret_is_told(graph: Graph) -> None:
    """Neither in maps nor in variables: the source of a manifest has no place for a token."""
    (container,) = spec(graph)["containers"]
    assert not any("valueFrom" in each for each in container["env"])
    assert "envFrom" not in container
    assert set(FILES) == {each["path"] for each in TOLD["files"]}
