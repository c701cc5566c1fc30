"""The store of weights and the role of its loader in front of the real provider."""

import json
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest

from components.weight_store import WeightStore, WeightStoreArgs, loader_role_arn
from components.weights_loader import Staging, WeightsLoader, WeightsLoaderArgs
from llmlz.rehearsal.rehearse import rehearse
from llmlz.rehearsal.terraform import Terraform
from tests.components.weights import manifest
from tests.rehearsal.program import ACCOUNT, REGION, recorded

pytestmark = pytest.mark.ring(2)
PREFIX = "llmlz-weights"
SERVER = f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-serving"


def program() -> None:
    """A store under a key, and a loader that reads a staging prefix too."""
    provider = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT])
    inside = kubernetes.Provider("inside", kubeconfig="{}")
    key = aws.kms.Key("key", description="weights", opts=pulumi.ResourceOptions(provider=provider))
    store = WeightStore(
        "weights",
        WeightStoreArgs(
            account_id=ACCOUNT,
            kms_key_arn=key.arn,
            loader_role_arn=loader_role_arn("aws", ACCOUNT, PREFIX),
            name_prefix=PREFIX,
            region=REGION,
            reader_role_arns=[SERVER],
        ),
        pulumi.ResourceOptions(provider=provider),
    )
    args = WeightsLoaderArgs(
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        bucket_arn=store.bucket_arn,
        bucket_name=store.bucket_name,
        cluster_arn=f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/llmlz",
        cluster_name="llmlz",
        image=f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/loader@sha256:{'a' * 64}",
        kms_key_arn=key.arn,
        manifests={"tiny": manifest(bucket=..., kms_key_arn=...)},
        name_prefix=PREFIX,
        namespace="llmlz-system",
        region=REGION,
        staging=Staging(bucket_arn="arn:aws:s3:::staging", prefix="incoming", kms_key_arn=key.arn),
    )
    WeightsLoader("weights-loader", args, pulumi.ResourceOptions(providers=[provider, inside]))


def test_the_provider_takes_store_and_loader(terraform: Terraform, tmp_path: Path) -> None:
    """No finding; everything of AWS was planned, and only objects of the cluster were left to another ring."""
    graph = recorded(program)
    rehearsal = rehearse(graph, terraform, tmp_path)
    assert [str(finding) for finding in rehearsal.findings if "kubernetes:*" not in finding.summary] == []
    assert {row.token for row in rehearsal.unverified} == {"kubernetes:*"}
    assert rehearsal.plan is not None
    made = {change["address"] for change in rehearsal.plan["resource_changes"]}
    assert len(made) == len([r for r in graph.custom() if r.type.startswith("aws:")])
    assert [address for address in made if address.startswith("aws_eks_pod_identity_association.weights-loader-")]


def test_policies_reach_the_provider_whole(terraform: Terraform, tmp_path: Path) -> None:
    """The bucket's, with its own ARN and its key's, and the role's with every entry."""
    rehearsal = rehearse(recorded(program), terraform, tmp_path)
    assert rehearsal.state is not None
    made = {r["name"].rpartition("-")[0]: r["instances"][0]["attributes"] for r in rehearsal.state["resources"]}
    bucket, key = made["weights-bucket"]["arn"], made["key"]["arn"]
    closed = {s["Sid"]: s for s in json.loads(made["weights-bucket-policy"]["policy"])["Statement"]}
    assert list(closed["OnlyServersRead"]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]) == [
        SERVER,
        loader_role_arn("aws", ACCOUNT, PREFIX),
    ]
    assert closed["NothingElsewhere"]["NotResource"] == f"{bucket}/weights/*"
    assert key in json.dumps(closed["NoOtherKey"]["Condition"])
    own = {s["Sid"]: s for s in json.loads(made["weights-loader-role-policy"]["policy"])["Statement"]}
    assert own["StoreEntries"]["Resource"] == [f"{bucket}/weights/tiny/*"]
    assert own["UseTheStoresKey"]["Resource"] == [key]
