"""What a cluster promises from its first day."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.cluster import Cluster, ClusterArgs
from components.cluster_defaults import ClusterDefaults, ClusterDefaultsArgs
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEY, LOG_KEY = (f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{name}" for name in ("cluster", "logs"))
PIPELINE, AUDITORS = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("llmlz-apply", "team/auditors"))
BOUNDARY, WIDE = (f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("llmlz-boundary", "llmlz-platform-boundary"))
CLUSTER = "aws:eks/cluster:Cluster"


def cluster(**wishes: Any) -> Graph:
    """A graph with one cluster, and what ``wishes`` change about it."""

    def program() -> None:
        provider = aws.Provider("main", region=REGION, allowed_account_ids=[ACCOUNT])
        args: dict[str, Any] = {
            "account_id": ACCOUNT,
            "administrator_arns": [PIPELINE],
            "administrators_group": "llmlz-administrators",
            "boundary_arn": BOUNDARY,
            "control_plane_boundary_arn": WIDE,
            "kms_key_arn": KEY,
            "log_key_arn": LOG_KEY,
            "log_retention_days": 365,
            "name_prefix": "llmlz-test",
            "partition": "aws",
            "service_cidr": "172.20.0.0/16",
            "subnet_ids": ["subnet-a", "subnet-b", "subnet-c"],
            "version": "1.35",
            **wishes,
        }
        Cluster("cluster", ClusterArgs(**args), pulumi.ResourceOptions(provider=provider))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The smallest cluster."""
    return cluster()


def one(graph: Graph, type_: str, part: str = "") -> Resource:
    """The one resource of a type with this part in its name."""
    (found,) = (r for r in graph.custom() if r.type == type_ and part in r.name)
    return found


def test_the_api_is_reached_from_the_network_alone(graph: Graph) -> None:
    """Unless addresses on the internet are named, and then from those."""
    assert one(graph, CLUSTER).inputs["vpcConfig"] == {
        "endpointPrivateAccess": True,
        "endpointPublicAccess": False,
        "subnetIds": ["subnet-a", "subnet-b", "subnet-c"],
    }
    office = one(cluster(public_cidrs=["192.0.2.0/28"]), CLUSTER).inputs["vpcConfig"]
    assert office["endpointPublicAccess"] is True
    assert office["publicAccessCidrs"] == ["192.0.2.0/28"]


def test_secrets_have_a_customer_key_from_birth(graph: Graph) -> None:
    """EKS takes no other key later."""
    assert one(graph, CLUSTER).inputs["encryptionConfig"] == {"provider": {"keyArn": KEY}, "resources": ["secrets"]}


def test_all_five_logs_go_to_a_group_that_was_made_first(graph: Graph) -> None:
    """A group that EKS makes by itself has AWS's key, and keeps events for ever."""
    made, group = one(graph, CLUSTER), one(graph, "aws:cloudwatch/logGroup:LogGroup")
    assert set(made.inputs["enabledClusterLogTypes"]) == {
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    }
    assert group.inputs["name"] == f"/aws/eks/{made.inputs['name']}/cluster"
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOG_KEY, 365)
    assert group.urn in made.options.depends_on


def test_access_stands_in_entries_alone(graph: Graph) -> None:
    """Whoever creates the cluster has no rights by that."""
    config = one(graph, CLUSTER).inputs["accessConfig"]
    assert config == {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False}


def test_administrators_and_viewers_are_those_that_are_named() -> None:
    """And nobody else has an entry but the machines."""
    graph = cluster(viewer_arns=[AUDITORS])
    rights = {
        r.inputs["principalArn"]: r.inputs["policyArn"].rpartition("/")[2]
        for r in graph.custom()
        if r.type == "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    }
    machines = one(graph, "aws:eks/accessEntry:AccessEntry", "nodes").inputs["principalArn"]
    assert rights == {
        PIPELINE: "AmazonEKSClusterAdminPolicy",
        AUDITORS: "AmazonEKSViewPolicy",
        machines: "AmazonEKSAutoNodePolicy",
    }


def test_no_pool_is_built_in(graph: Graph) -> None:
    """Nodes of AWS's own pools would have AWS's key, and no network policy."""
    inputs = one(graph, CLUSTER).inputs
    assert inputs["computeConfig"] == {"enabled": True, "nodePools": []}
    assert inputs["storageConfig"] == {"blockStorage": {"enabled": True}}
    assert inputs["kubernetesNetworkConfig"]["elasticLoadBalancing"] == {"enabled": True}


def test_nothing_deletes_it_in_passing(graph: Graph) -> None:
    """Neither the engine nor AWS."""
    made = one(graph, CLUSTER)
    assert made.options.protect
    assert made.inputs["deletionProtection"] is True


def test_machines_read_images_and_lend_pods_nothing(graph: Graph) -> None:
    """Their role is under the boundary of workloads, that of the control plane under the wider one."""
    role = one(graph, "aws:iam/role:Role", "nodes")
    assert role.inputs["permissionsBoundary"] == BOUNDARY
    assert one(graph, "aws:iam/role:Role", "cluster-role").inputs["permissionsBoundary"] == WIDE
    assert {
        r.inputs["policyArn"].rpartition("/")[2]
        for r in graph.custom()
        if r.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment" and "nodes" in r.name
    } == {"AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"}


def test_the_control_plane_uses_one_key_for_disks(graph: Graph) -> None:
    """And gives grants to resources of AWS alone."""
    policy = json.loads(one(graph, "aws:iam/rolePolicy:RolePolicy", "disks").inputs["policy"])
    assert {resource for statement in policy["Statement"] for resource in statement["Resource"]} == {KEY}
    (grants,) = (s for s in policy["Statement"] if s["Action"] == ["kms:CreateGrant"])
    assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_the_control_plane_tags_only_what_it_makes_for_this_cluster(graph: Graph) -> None:
    """Who pays for a machine is among its tags, and nothing of another cluster can be tagged or made."""
    policy = json.loads(one(graph, "aws:iam/rolePolicy:RolePolicy", "tags").inputs["policy"])
    make, tag = policy["Statement"]
    assert make["Condition"] == {"StringEquals": {"aws:RequestTag/eks:eks-cluster-name": "llmlz-test"}}
    assert tag["Action"] == ["ec2:CreateTags"]
    assert set(tag["Condition"]) == {"StringEquals"}
    assert set(tag["Condition"]["StringEquals"]) == {"ec2:CreateAction"}
    assert all(f":{ACCOUNT}:" in resource for one in (make, tag) for resource in one["Resource"])


def defaults(*, auto_mode: bool) -> Graph:
    """A graph with the defaults of one cluster."""

    def program() -> None:
        args = ClusterDefaultsArgs(auto_mode=auto_mode, cluster_name="llmlz-test", kms_key_arn=KEY)
        ClusterDefaults("defaults", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


def test_policies_bind_where_aws_runs_the_nodes() -> None:
    """A fresh cluster in Auto Mode takes them and ignores them."""
    switch = one(defaults(auto_mode=True), "kubernetes:core/v1:ConfigMap").inputs
    assert (switch["metadata"]["namespace"], switch["metadata"]["name"]) == ("kube-system", "amazon-vpc-cni")
    assert switch["data"] == {"enable-network-policy-controller": "true"}


def test_policies_bind_where_nodes_are_the_companys() -> None:
    """The network plugin enforces them, and stays when the stack lets go of it."""
    plugin = one(defaults(auto_mode=False), "aws:eks/addon:Addon").inputs
    assert json.loads(plugin["configurationValues"]) == {"enableNetworkPolicy": "true"}
    assert plugin["preserve"] is True


@pytest.mark.parametrize(
    ("auto_mode", "driver"), [(True, "ebs.csi.eks.amazonaws.com"), (False, "ebs.csi.aws.com")], ids=str
)
def test_disks_are_encrypted_with_the_key(auto_mode: bool, driver: str) -> None:
    """Those of pods that name no class."""
    disks = one(defaults(auto_mode=auto_mode), "kubernetes:storage.k8s.io/v1:StorageClass").inputs
    assert disks["provisioner"] == driver
    assert disks["parameters"] == {"encrypted": "true", "kmsKeyId": KEY, "type": "gp3"}
    assert disks["metadata"]["annotations"]["storageclass.kubernetes.io/is-default-class"] == "true"
