"""What the private store of weights promises, on the recorded bucket and by the evaluator of access."""

import json

import pytest

from components.weight_store import (
    WeightStore,
    WeightStoreArgs,
    loader_role_arn,
    own_key_only,
    reader_statements,
    who_may,
)
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role

BUCKET = "arn:aws:s3:::llmlz-test-weights-111122223333-eu-central-1"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
OTHER_KEY = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555"
LOADER, SERVER, PIPELINE = role("llmlz-test-weights-loader"), role("llmlz-test-serving"), role("llmlz-apply")
ARGS = WeightStoreArgs(
    account_id=ACCOUNT,
    kms_key_arn=KEY,
    loader_role_arn=LOADER,
    name_prefix="llmlz-test",
    region="eu-central-1",
    reader_role_arns=[SERVER],
)
ON_BUCKET = document("resource", *who_may(BUCKET, ARGS), *own_key_only(BUCKET, KEY))
OBJECT = "weights/qwen2.5-7b-instruct/a09a35458c702b33eeacc393d103063234e8bc28/model.safetensors"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One store."""

    def program() -> None:
        WeightStore("weights", ARGS)

    return record(
        program,
        project="llmlz",
        stack_name="test",
        account=ACCOUNT,
        region="eu-central-1",
    )


def reaches(action: str, by: str, at: str = OBJECT, **context: str) -> bool:
    """Whether somebody whose own policies allow everything reaches an object."""
    sent = {f"s3:x-amz-server-side-encryption{'-aws-kms-key-id' if n == 'key' else ''}": v for n, v in context.items()}
    return allowed(action, f"{BUCKET}/{at}", by=by, context=sent, on_resource=ON_BUCKET)


READS = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectAttributes"]
WRITES = ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAcl"]
DELETES = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:DeleteObjectTagging"]


@pytest.mark.parametrize("action", READS)
def test_servers_and_the_loader_read_and_nobody_else(action: str) -> None:
    """Not a team, not the pipeline, not a role of another account that is called the same."""
    assert reaches(action, SERVER)
    assert reaches(action, LOADER)
    for by in (role("llmlz-test-claims"), PIPELINE, role("llmlz-test-serving", OTHER), role("llmlz-test-serving-2")):
        assert not reaches(action, by), by


@pytest.mark.parametrize("action", WRITES)
def test_the_loader_alone_writes_and_only_below_weights(action: str) -> None:
    """A server that was broken into cannot leave anything for the next one."""
    assert reaches(action, LOADER)
    for by in (SERVER, PIPELINE, role("llmlz-test-claims")):
        assert not reaches(action, by), by
    for at in ("model.safetensors", "weights", "weightsx/a", "other/weights/a"):
        assert not reaches(action, LOADER, at), at


@pytest.mark.parametrize("action", DELETES)
def test_neither_deletes(action: str) -> None:
    """Nor does a team; the pipeline does, in a change that somebody approved."""
    for by in (LOADER, SERVER, role("llmlz-test-claims")):
        assert not reaches(action, by), by
    assert reaches(action, PIPELINE)


def test_an_upload_names_the_stores_key_or_none() -> None:
    """Another customer key, the key of AWS and the service's own encryption are refused; nothing is the bucket's key."""
    assert reaches("s3:PutObject", LOADER)
    assert reaches("s3:PutObject", LOADER, encryption="aws:kms")
    assert reaches("s3:PutObject", LOADER, key=KEY)
    assert not reaches("s3:PutObject", LOADER, key=OTHER_KEY)
    assert not reaches("s3:PutObject", LOADER, encryption="AES256")


def test_without_readers_only_the_loader_reads() -> None:
    """Closed until somebody is named."""
    nobody = WeightStoreArgs(
        account_id=ACCOUNT, kms_key_arn=KEY, loader_role_arn=LOADER, name_prefix="llmlz-test", region="eu-central-1"
    )
    on_bucket = document("resource", *who_may(BUCKET, nobody))
    assert allowed("s3:GetObject", f"{BUCKET}/{OBJECT}", by=LOADER, on_resource=on_bucket)
    assert not allowed("s3:GetObject", f"{BUCKET}/{OBJECT}", by=SERVER, on_resource=on_bucket)


def test_a_servers_own_policy_lets_it_load_and_no_more() -> None:
    """Listing outside ``weights/`` and any other action stay closed."""
    own = document("identity", *reader_statements(BUCKET, KEY))
    assert allowed("s3:GetObject", f"{BUCKET}/{OBJECT}", by=SERVER, identity=own)
    assert allowed("s3:ListBucket", BUCKET, by=SERVER, identity=own, context={"s3:prefix": "weights/a/"})
    assert allowed("kms:Decrypt", KEY, by=SERVER, identity=own)
    assert not allowed("s3:ListBucket", BUCKET, by=SERVER, identity=own, context={"s3:prefix": ""})
    for action in (*WRITES, *DELETES):
        assert not allowed(action, f"{BUCKET}/{OBJECT}", by=SERVER, identity=own)


def test_the_bucket_is_private_encrypted_versioned_and_kept(graph: Graph) -> None:
    """As every bucket of the landing zone, under the key that was given."""
    assert graph.named("weights-bucket").inputs["bucket"] == BUCKET.rpartition(":")[2]
    assert graph.named("weights-bucket").options.protect
    assert graph.named("weights-bucket-versioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    closed = graph.named("weights-bucket-closed").inputs
    assert {closed[name] for name in ("blockPublicAcls", "blockPublicPolicy", "restrictPublicBuckets")} == {True}
    (rule,) = graph.named("weights-bucket-encryption").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"] == {"kmsMasterKeyId": KEY, "sseAlgorithm": "aws:kms"}


def test_the_statements_are_in_the_policy_of_the_bucket(graph: Graph) -> None:
    """For this bucket's own ARN and its key, beside the one about TLS."""
    arn = next(str(s.value) for s in graph.standins.values() if s.urn.endswith("::weights-bucket") and s.path == "arn")
    statements = json.loads(graph.named("weights-bucket-policy").inputs["policy"])["Statement"]
    assert statements[0]["Sid"] == "TlsOnly"
    assert statements[1:] == [*who_may(arn, ARGS), *own_key_only(arn, KEY)]


def test_the_loaders_role_is_known_before_it_is_there() -> None:
    """By the one formula of names."""
    assert loader_role_arn("aws", ACCOUNT, "llmlz-test") == LOADER
