"""What PostgreSQL as a vector store promises."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.vector_store import PgVector, VectorStore, VectorStoreArgs
from components.vector_store.data_plane.function import own_log
from components.vector_store.pgvector import data_plane_statements
from llmlz.graph.model import Graph, Resource
from llmlz.graph.record import record

ACCOUNT = "111122223333"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/vectors"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"

ENGINE = PgVector(
    boundary_arn=BOUNDARY,
    max_acu=4,
    min_acu=0,
    subnet_ids={"a": "subnet-a", "b": "subnet-b", "c": "subnet-c"},
    vpc_id="vpc-1",
)


def recorded(**changes: Any) -> Graph:
    """The graph of one store called ``vectors``."""

    def program() -> None:
        VectorStore(
            "vectors",
            VectorStoreArgs(
                account_id=ACCOUNT,
                engine=replace(ENGINE, **changes),
                kms_key_arn=KEY,
                name_prefix="llmlz",
                partition="aws",
                region="eu-central-1",
            ),
        )

    return record(program, project="llmlz", stack_name="platform", account=ACCOUNT, region="eu-central-1")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The store with nothing but what it must be told."""
    return recorded()


def holds(resource: Resource, **expected: Any) -> None:
    """Assert that these inputs have exactly these values."""
    assert {name: resource.inputs.get(name) for name in expected} == expected


def test_identities_are_an_api(graph: Graph) -> None:
    """A name that changes here replaces a database in live accounts."""
    assert sorted(r.name for r in graph.custom()) == [
        "vectors-cluster",
        "vectors-data-plane",
        "vectors-data-plane-log",
        "vectors-data-plane-role",
        "vectors-data-plane-role-policy",
        "vectors-group",
        "vectors-log",
        "vectors-parameters",
        "vectors-subnets",
        "vectors-writer",
    ]


def test_state_is_protected_twice(graph: Graph) -> None:
    """By the engine and by the API; what is deleted after all leaves a snapshot and its backups behind."""
    protected = sorted(r.name for r in graph.custom() if r.options.protect)
    assert protected == ["vectors-cluster", "vectors-data-plane-log", "vectors-log", "vectors-writer"]
    holds(
        graph.named("vectors-cluster"),
        deletionProtection=True,
        skipFinalSnapshot=False,
        finalSnapshotIdentifier="llmlz-vectors-final",
        deleteAutomatedBackups=False,
        copyTagsToSnapshot=True,
        backupRetentionPeriod=7,
    )


def test_data_and_the_administrators_secret_are_encrypted_with_the_platforms_key(graph: Graph) -> None:
    """The secret is made and kept by AWS; no password is in the program."""
    cluster = graph.named("vectors-cluster")
    holds(
        cluster,
        storageEncrypted=True,
        kmsKeyId=KEY,
        manageMasterUserPassword=True,
        masterUserSecretKmsKeyId=KEY,
    )
    assert "masterPassword" not in cluster.inputs


def test_people_and_programs_sign_in_with_iam_over_tls(graph: Graph) -> None:
    """IAM authentication is on, and the database refuses connections without TLS."""
    holds(graph.named("vectors-cluster"), iamDatabaseAuthenticationEnabled=True)
    group = graph.named("vectors-parameters")
    holds(
        group,
        family="aurora-postgresql16",
        name="llmlz-vectors-postgresql16",
        parameters=[{"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"}],
    )


def test_another_major_version_brings_its_own_parameter_group() -> None:
    """A family cannot be changed, so the name follows it and both can exist during the upgrade."""
    holds(
        recorded(engine_version="17").named("vectors-parameters"),
        family="aurora-postgresql17",
        name="llmlz-vectors-postgresql17",
    )


def test_minor_upgrades_by_aws_are_never_undone(graph: Graph) -> None:
    """Only the major version is named, and AWS upgrades within it."""
    holds(graph.named("vectors-cluster"), engine="aurora-postgresql", engineMode="provisioned", engineVersion="16")
    holds(graph.named("vectors-writer"), autoMinorVersionUpgrade=True)


def test_it_pauses_at_capacity_zero(graph: Graph) -> None:
    """An idle sandbox pays for storage only."""
    holds(
        graph.named("vectors-cluster"),
        serverlessv2ScalingConfiguration={"minCapacity": 0, "maxCapacity": 4, "secondsUntilAutoPause": 300},
    )


def test_above_zero_there_is_no_pause_to_set() -> None:
    """AWS keeps the pause only together with capacity 0."""
    scaling = recorded(min_acu=0.5).named("vectors-cluster").inputs["serverlessv2ScalingConfiguration"]
    assert scaling == {"minCapacity": 0.5, "maxCapacity": 4}


def test_one_serverless_instance_that_is_not_public(graph: Graph) -> None:
    """The only instance, in the data subnets of three zones."""
    (writer,) = graph.of_type("aws:rds/clusterInstance:ClusterInstance")
    holds(
        writer,
        engine="aurora-postgresql",
        instanceClass="db.serverless",
        publiclyAccessible=False,
        identifier="llmlz-vectors-writer",
    )
    holds(graph.named("vectors-subnets"), subnetIds=["subnet-a", "subnet-b", "subnet-c"])


def test_nobody_connects_unless_named(graph: Graph) -> None:
    """A group without rules: steps inside the database go through the Data API and need no connection."""
    holds(graph.named("vectors-cluster"), enableHttpEndpoint=True)
    assert not {"ingress", "egress"} & set(graph.named("vectors-group").inputs)
    rules = [f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule" for way in ("Ingress", "Egress")]
    assert not graph.of_type(*rules)


def test_named_clients_connect_to_postgresql_only() -> None:
    """One rule per client, on one port, and none that opens a way out."""
    graph = recorded(client_cidrs={"private-a": "10.0.0.0/19"}, client_groups={"gateway": "sg-1"})
    holds(graph.named("vectors-from-private-a"), cidrIpv4="10.0.0.0/19", fromPort=5432, toPort=5432, ipProtocol="tcp")
    holds(graph.named("vectors-from-gateway"), referencedSecurityGroupId="sg-1", cidrIpv4=None, fromPort=5432)
    assert not graph.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_logs_are_encrypted_and_end(graph: Graph) -> None:
    """The database's log group exists before the database, which would otherwise make its own without key or end."""
    cluster = graph.named("vectors-cluster")
    holds(cluster, enabledCloudwatchLogsExports=["postgresql"])
    assert graph.named("vectors-log").urn in cluster.options.depends_on
    holds(
        graph.named("vectors-log"),
        name="/aws/rds/cluster/llmlz-vectors/postgresql",
        kmsKeyId=KEY,
        retentionInDays=90,
    )
    holds(
        graph.named("vectors-data-plane-log"),
        name="/aws/lambda/llmlz-vectors-data-plane",
        kmsKeyId=KEY,
        retentionInDays=90,
    )


def test_the_function_is_one_file_on_a_supported_runtime(graph: Graph) -> None:
    """The handler of this repository, with a timeout that survives the database's waking up."""
    function = graph.named("vectors-data-plane")
    path = "components/vector_store/data_plane/handler.py"
    holds(
        function,
        code={"$archive": {"handler.py": {"$asset": {"path": path}}}},
        handler="handler.handle",
        runtime="python3.13",
        timeout=120,
        kmsKeyArn=KEY,
    )
    assert "vpcConfig" not in function.inputs


def test_the_function_is_there_when_it_works(graph: Graph) -> None:
    """Whoever gets its name can call it: the instance runs, and the role has its policy."""
    waits = {graph.by_urn[urn].name for urn in graph.named("vectors-data-plane").options.depends_on}
    assert {"vectors-writer", "vectors-data-plane-role-policy"} <= waits


def test_the_function_knows_arns_and_no_secret(graph: Graph) -> None:
    """Its environment holds the cluster, the database and where the secret is."""
    function = graph.named("vectors-data-plane")
    assert set(function.inputs["environment"]["variables"]) == {"CLUSTER_ARN", "DATABASE", "SECRET_ARN"}
    shown = {r.at: (graph.by_urn[r.to].name, r.output) for r in function.references if "variables" in r.at}
    assert shown == {
        "environment.variables.CLUSTER_ARN": ("vectors-cluster", "arn"),
        "environment.variables.SECRET_ARN": ("vectors-cluster", "masterUserSecrets[0].secretArn"),
    }


def test_the_functions_role_is_bounded_and_lambda_only(graph: Graph) -> None:
    """The permission boundary of the bootstrap is on it, and nobody but Lambda takes it."""
    role = graph.named("vectors-data-plane-role")
    holds(role, permissionsBoundary=BOUNDARY)
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")


def test_the_functions_role_reaches_one_cluster_one_secret_and_one_log() -> None:
    """Least privilege, exactly: no wildcard but the streams of its own log group."""
    arns = {"cluster_arn": "cluster", "secret_arn": "secret", "key_arn": "key"}
    statements = [*data_plane_statements(arns, "eu-central-1"), own_log("log")]
    assert {tuple(s["Action"]): s["Resource"] for s in statements} == {
        (
            "rds-data:ExecuteStatement",
            "rds-data:BeginTransaction",
            "rds-data:CommitTransaction",
            "rds-data:RollbackTransaction",
        ): ["cluster"],
        ("secretsmanager:GetSecretValue",): ["secret"],
        ("kms:Decrypt",): ["key"],
        ("logs:CreateLogStream", "logs:PutLogEvents"): ["log:*"],
    }
    (decrypt,) = [s for s in statements if s["Action"] == ["kms:Decrypt"]]
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.eu-central-1.amazonaws.com"}}


def test_the_policy_in_the_graph_points_at_the_real_things(graph: Graph) -> None:
    """What the pure function gets are the outputs of this cluster and this log group."""
    policy = graph.named("vectors-data-plane-role-policy")
    found = {(graph.by_urn[r.to].name, r.output) for r in policy.references if r.at == "policy" and r.output}
    assert found == {
        ("vectors-cluster", "arn"),
        ("vectors-cluster", "masterUserSecrets[0].secretArn"),
        ("vectors-data-plane-log", "arn"),
    }


def test_users_are_named_by_the_clusters_own_id(graph: Graph) -> None:
    """IAM knows database users by the cluster's resource id, which a new cluster of the same name does not have."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    users = component.outputs["attributes"]["users_arn"]
    (standin,) = [s for core, s in graph.standins.items() if core in users]
    assert users == f"arn:aws:rds-db:eu-central-1:{ACCOUNT}:dbuser:{standin.value}"
    assert (graph.by_urn[standin.urn].name, standin.path) == ("vectors-cluster", "clusterResourceId")


def test_readers_stand_in_named_zones_and_come_after_the_writer() -> None:
    """Each can take over at once, cannot be lost by accident, and never becomes the first instance."""
    graph = recorded(reader_zones={"b": "eu-central-1b", "c": "eu-central-1c"})
    writer = graph.named("vectors-writer")
    for letter in "bc":
        reader = graph.named(f"vectors-reader-{letter}")
        holds(reader, availabilityZone=f"eu-central-1{letter}", promotionTier=1, publiclyAccessible=False)
        assert reader.inputs["identifier"] == f"llmlz-vectors-reader-{letter}"
        assert reader.options.protect is True
        assert writer.urn in reader.options.depends_on
        same = ("engine", "instanceClass", "clusterIdentifier", "dbSubnetGroupName")
        assert {key: reader.inputs[key] for key in same} == {key: writer.inputs[key] for key in same}


def test_no_reader_is_made_unless_asked_for(graph: Graph) -> None:
    """The first tier pays for one instance, which sleeps."""
    assert [r.name for r in graph.of_type("aws:rds/clusterInstance:ClusterInstance")] == ["vectors-writer"]
