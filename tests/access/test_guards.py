"""Policies on resources: which of them a graph has, and which requests they are asked about."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.access.evaluate import decide
from llmlz.access.guards import guards
from llmlz.access.layers import output_of
from llmlz.access.request import Request
from llmlz.access.resolve import resolved
from llmlz.access.world import Guard, World
from llmlz.graph.model import Graph

Recorded = Callable[[Callable[[], None]], Graph]
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"


def text(sid: str = "Closed", **elements: Any) -> str:
    """A policy that denies everything to everyone."""
    statement = {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", **elements}
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def with_key(name: str) -> Callable[[], None]:
    """A program with a key that has no policy of its own."""

    def program() -> None:
        aws.kms.Key(name)

    return program


def by_reference() -> None:
    """One of each kind, named by an output."""
    key = aws.kms.Key("key")
    aws.kms.KeyPolicy("key-policy", key_id=key.id, policy=text())
    bucket = aws.s3.Bucket("bucket", bucket="llmlz-data")
    aws.s3.BucketPolicy("bucket-policy", bucket=bucket.id, policy=text())
    vectors = aws.s3.VectorsVectorBucket("vectors", vector_bucket_name="llmlz-vectors")
    aws.s3.VectorsVectorBucketPolicy("vectors-policy", vector_bucket_arn=vectors.vector_bucket_arn, policy=text())
    secret = aws.secretsmanager.Secret("secret")
    aws.secretsmanager.SecretPolicy("secret-policy", secret_arn=secret.id, policy=text())
    topic = aws.sns.Topic("topic")
    aws.sns.TopicPolicy("topic-policy", arn=topic.arn, policy=text())
    queue = aws.sqs.Queue("queue")
    aws.sqs.QueuePolicy("queue-policy", queue_url=queue.id, policy=text())


def by_itself() -> None:
    """Kinds that carry their policy themselves."""
    aws.kms.Key("key", policy=text())
    aws.kms.ReplicaKey("replica", primary_key_arn="arn:aws:kms:eu-west-1:111122223333:key/p", policy=text())
    aws.secretsmanager.Secret("secret", policy=text())
    aws.sns.Topic("topic", policy=text())
    aws.sqs.Queue("queue", policy=text())


OUTPUT = {"vectors": "vectorBucketArn"}
ACTIONS = {
    "key": "kms:Decrypt",
    "replica": "kms:Decrypt",
    "bucket": "s3:GetObject",
    "vectors": "s3vectors:GetVectors",
    "secret": "secretsmanager:GetSecretValue",
    "topic": "sns:Publish",
    "queue": "sqs:SendMessage",
}


def by_name(graph: Graph, *names: str) -> dict[str, Guard]:
    """Resource to its guard: the one that is asked about the resource's own ARN."""
    arns = {name: output_of(graph, graph.named(name), OUTPUT.get(name, "arn")) for name in names}
    return {name: next(g for g in guards(graph) if arn in g.resources) for name, arn in arns.items()}


@pytest.mark.parametrize(
    ("program", "names"),
    [
        (by_reference, ("key", "bucket", "vectors", "secret", "topic", "queue")),
        (by_itself, ("key", "replica", "secret", "topic", "queue")),
    ],
)
def test_every_kind_of_policy_is_asked_about_its_resource(
    recorded: Recorded, program: Callable[[], None], names: tuple[str, ...]
) -> None:
    """Its Deny meets a request on the resource, and none on a neighbour; only a key's policy is a gate."""
    graph = recorded(program)
    found = by_name(graph, *names)
    assert len(guards(graph)) == len(names)
    for name, guard in found.items():
        arn = guard.resources[0]
        denied = decide(Request(ROLE, ACTIONS[name], arn), World(account=ACCOUNT, guards=(guard,)))
        assert (denied.layer, denied.statement and denied.statement.sid) == ("resource", "Closed")
        other = decide(Request(ROLE, ACTIONS[name], f"{arn}2"), World(account=ACCOUNT, guards=(guard,)))
        assert other.layer == "identity"
        assert guard.gate is (name in ("key", "replica"))
        assert guard.grants


def test_what_is_below_a_bucket_belongs_to_it(recorded: Recorded) -> None:
    """Objects and indexes are asked about as well; nothing is below a key."""
    found = by_name(recorded(by_reference), "bucket", "vectors", "key")
    assert [len(guard.resources) for guard in found.values()] == [2, 2, 1]
    for name in ("bucket", "vectors"):
        assert found[name].resources[1] == f"{found[name].resources[0]}/*"


def test_policies_and_requests_name_a_resource_alike(recorded: Recorded) -> None:
    """In a recording by its stand-in, after resolving by the real ARN: policy text and guard go together."""

    def program() -> None:
        bucket = aws.s3.Bucket("bucket", bucket="llmlz-data")
        body = bucket.arn.apply(lambda arn: text(Resource=f"{arn}/secret/*", Action="s3:*"))
        aws.s3.BucketPolicy("bucket-policy", bucket=bucket.bucket, policy=body)

    graph = recorded(program)
    real = resolved([graph])[graph.stack]
    for found, arn in ((graph, output_of(graph, graph.named("bucket"))), (real, "arn:aws:s3:::llmlz-data")):
        (guard,) = guards(found)
        assert guard.resources == (arn, f"{arn}/*")
        world = World(account=ACCOUNT, guards=(guard,))
        assert decide(Request(ROLE, "s3:GetObject", f"{arn}/secret/k"), world).layer == "resource"
        assert decide(Request(ROLE, "s3:GetObject", f"{arn}/open/k"), world).layer == "identity"


def test_a_key_without_a_policy_has_that_of_aws(recorded: Recorded) -> None:
    """IAM of its account decides: nobody gets in by the key's policy alone."""
    (guard,) = guards(recorded(with_key("key")))
    assert guard.document.origin.name == "key, default policy"
    request = Request(ROLE, "kms:Decrypt", guard.resources[0])
    assert decide(request, World(account=ACCOUNT, guards=(guard,))).layer == "identity"
    stranger = Request("arn:aws:iam::444455556666:role/app", "kms:Decrypt", guard.resources[0])
    assert (
        decide(stranger, World(account="444455556666", resource_account=ACCOUNT, guards=(guard,))).layer == "resource"
    )


def test_resources_made_elsewhere_are_known_by_what_the_policy_names(recorded: Recorded) -> None:
    """A bucket by its name, a key by its id, others by their ARN; a queue's URL tells too little, so it is any queue."""

    def program() -> None:
        aws.s3.BucketPolicy("b", bucket="far-away", policy=text())
        aws.kms.KeyPolicy("k", key_id="1234", policy=text())
        aws.secretsmanager.SecretPolicy("s", secret_arn="arn:aws:secretsmanager:x:1:secret:far", policy=text())
        aws.sqs.QueuePolicy("q", queue_url="https://sqs.example/1/far", policy=text())

    found = {guard.document.origin.name: guard.resources for guard in guards(recorded(program))}
    assert found == {
        "b": ("arn:aws:s3:::far-away", "arn:aws:s3:::far-away/*"),
        "k": (f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1234",),
        "s": ("arn:aws:secretsmanager:x:1:secret:far",),
        "q": ("*",),
    }


def test_two_policies_of_one_resource_are_undecided(recorded: Recorded) -> None:
    """The one that was written last counts, and nobody knows which that is."""

    def program() -> None:
        key = aws.kms.Key("key", policy=text())
        aws.kms.KeyPolicy("more", key_id=key.id, policy=text())

    (guard,) = guards(recorded(program))
    assert guard.document.undecided == "it has several policies: key, more"


def test_a_policy_of_an_unknown_kind_is_undecided(recorded: Recorded) -> None:
    """For the actions that it speaks of, or for all where that cannot be told; services alone are no matter."""

    def program() -> None:
        ecr = text(Principal={"AWS": ACCOUNT}, Action=["ecr:BatchGetImage"])
        aws.ecr.RepositoryPolicy("images", repository="r", policy=ecr)
        odd = text(NotAction="glue:Get*").replace('"Action": "*", ', "")
        aws.glue.ResourcePolicy("tables", policy=odd)
        aws.efs.FileSystemPolicy("files", file_system_id="fs", policy=text(Principal={"CanonicalUser": "x"}))
        logs = text(Principal={"Service": "events.amazonaws.com"}, Effect="Allow")
        aws.cloudwatch.LogResourcePolicy("logs", policy_name="l", policy_document=logs)
        aws.iam.Role("role", assume_role_policy=text(Action="sts:AssumeRole"))
        aws.ecr.LifecyclePolicy("rules", repository="r", policy=json.dumps({"rules": []}))

    found = {guard.document.origin.name: guard for guard in guards(recorded(program))}
    assert {name: guard.actions for name, guard in found.items()} == {
        "images": ("ecr:BatchGetImage",),
        "tables": ("*",),
        "files": ("*",),
    }
    assert found["images"].document.undecided == "policies of aws:ecr/repositoryPolicy:RepositoryPolicy are not read"
    pull = Request(ROLE, "ecr:BatchGetImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/r")
    assert decide(pull, World(account=ACCOUNT, guards=(found["images"],))).outcome == "indeterminate"


def test_policies_without_a_text_are_undecided(recorded: Recorded) -> None:
    """Such as one that another stack's output fills in and that is not known."""

    def program() -> None:
        aws.s3.BucketPolicy("b", bucket="far", policy=pulumi.Output.from_input("{"))

    graph = recorded(program)
    assert (guards(graph)[0].document.undecided or "").startswith("not JSON")


def test_all_graphs_of_an_account_are_read(recorded: Recorded) -> None:
    """Graph by graph, in the order given."""
    one = recorded(with_key("one"))
    two = recorded(with_key("two"))
    assert [guard.document.origin.name for guard in guards(one, two)] == ["one, default policy", "two, default policy"]


def test_the_policy_of_a_vault_is_read_for_the_vault(recorded: Recorded) -> None:
    """One that the graph makes, and one that it only names."""

    def program() -> None:
        vault = aws.backup.Vault("vault", name="llmlz-test-backup")
        aws.backup.VaultPolicy("own", backup_vault_name=vault.name, policy=text(Effect="Deny"))
        aws.backup.VaultPolicy("other", backup_vault_name="elsewhere", policy=text(Effect="Deny"))

    found = {guard.document.origin.name: guard for guard in guards(recorded(program))}
    assert {guard.actions for guard in found.values()} == {("backup:*",)}
    assert found["other"].resources == (f"arn:aws:backup:eu-central-1:{ACCOUNT}:backup-vault:elsewhere",)
    assert found["own"].resources != found["other"].resources
