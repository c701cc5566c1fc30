"""What the data bucket promises."""

import json

import pytest

from components.data_bucket import DataBucket, DataBucketArgs, own_prefix, own_prefix_only
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from tests.components.asked import ACCOUNT, OTHER, allowed, document, role

BUCKET = "arn:aws:s3:::llmlz-test-data"

KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One bucket."""

    def program() -> None:
        args = DataBucketArgs(
            account_id="111122223333", kms_key_arn=KEY, name_prefix="llmlz-test", region="eu-central-1"
        )
        DataBucket("data", args)

    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


def test_the_name_is_unique_in_the_world_and_deterministic(graph: Graph) -> None:
    """A bucket whose creation was cut off can be found again."""
    assert graph.named("data-bucket").inputs["bucket"] == "llmlz-test-data-111122223333-eu-central-1"


def test_documents_survive_a_destroy(graph: Graph) -> None:
    """The bucket is protected, and never emptied by a deployment."""
    bucket = graph.named("data-bucket")
    assert bucket.options.protect
    assert "forceDestroy" not in bucket.inputs


def test_nothing_is_stored_before_the_bucket_is_closed(graph: Graph) -> None:
    """The policy waits for the public access block, and the name that others get waits for the policy."""
    closed = graph.named("data-bucket-closed").urn
    assert closed in graph.named("data-bucket-policy").options.depends_on


def test_objects_are_not_locked(graph: Graph) -> None:
    """Teams must be able to delete personal data."""
    assert graph.named("data-bucket").inputs["objectLockEnabled"] is False


def reaches(action: str, key: str, team: str | None, by: str = role("app"), exempt: tuple[str, ...] = ()) -> bool:
    """Whether someone with this tag, whose own policies allow everything, reaches an object."""
    on_bucket = document("resource", own_prefix_only(BUCKET, ACCOUNT, exempt))
    context = {"aws:PrincipalTag/team": team} if team is not None else {}
    return allowed(action, f"{BUCKET}/{key}", by=by, context=context, on_resource=on_bucket)


OBJECTS = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]


@pytest.mark.parametrize("action", OBJECTS)
def test_a_team_reaches_its_own_prefix_and_no_other(action: str) -> None:
    """Whatever its policies allow: not a neighbour's, not one that starts like its own, not the top of the bucket."""
    assert reaches(action, "teams/claims/2026/report.pdf", "claims")
    for key in ("teams/fraud/a", "teams/claims-2/a", "teams/claims", "teams/a", "shared/a", "a", "ateams/claims/a"):
        assert not reaches(action, key, "claims"), key


@pytest.mark.parametrize("action", OBJECTS)
@pytest.mark.parametrize("team", [None, "", "platform"])
def test_a_role_without_a_team_reaches_nothing(action: str, team: str | None) -> None:
    """No tag, an empty one, or the one that everything of the platform carries; also where a team is called nobody."""
    for key in ("teams/claims/a", "teams/nobody/a", "teams/a", "a"):
        assert not reaches(action, key, team), key


def test_a_star_in_a_tag_is_no_wildcard() -> None:
    """IAM takes none, and would not read it as one."""
    assert not reaches("s3:GetObject", "teams/claims/a", "*")


@pytest.mark.parametrize("action", OBJECTS)
def test_the_pipeline_and_named_roles_reach_every_prefix(action: str) -> None:
    """Of this account; a role that is only called like the pipeline elsewhere is somebody else."""
    intake = role("llmlz-test-intake")
    assert reaches(action, "teams/claims/a", "platform", by=role("llmlz-apply"))
    assert reaches(action, "teams/claims/a", "platform", by=intake, exempt=(intake,))
    assert not reaches(action, "teams/claims/a", "platform", by=intake)
    assert not reaches(action, "teams/claims/a", None, by=role("llmlz-apply", OTHER))


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:GetBucketPolicy", "s3:PutBucketPolicy"])
def test_the_bucket_itself_is_left_to_iam(action: str) -> None:
    """The statement is about objects; the pipeline and people who look at settings are not in its way."""
    on_bucket = document("resource", own_prefix_only(BUCKET, ACCOUNT, ()))
    assert allowed(action, BUCKET, on_resource=on_bucket)


def test_the_statement_is_in_the_policy_of_the_bucket(graph: Graph) -> None:
    """For this bucket's own ARN, beside the one about TLS."""
    policy = graph.named("data-bucket-policy")
    arn = next(str(s.value) for s in graph.standins.values() if s.urn.endswith("::data-bucket") and s.path == "arn")
    statements = {s["Sid"]: s for s in json.loads(policy.inputs["policy"])["Statement"]}
    assert set(statements) == {"OwnPrefixOnly", "TlsOnly"}
    assert statements["OwnPrefixOnly"] == own_prefix_only(arn, ACCOUNT, ())


@pytest.mark.parametrize("action", OBJECTS)
def test_a_reader_reads_every_prefix_and_writes_none(action: str) -> None:
    """What backups need; everybody else is kept out as before, and reading is all that is let in."""
    reader = role("llmlz-test-backup_jobs")
    on_bucket = document("resource", *own_prefix(BUCKET, ACCOUNT, (), (reader,)))
    context = {"aws:PrincipalTag/team": "platform"}

    def reached(by: str) -> bool:
        return allowed(action, f"{BUCKET}/teams/claims/a", by=by, context=context, on_resource=on_bucket)

    assert reached(reader) is action.startswith("s3:GetObject")
    assert not reached(role("app"))
    assert reached(role("llmlz-apply"))


def test_without_readers_the_statement_is_the_one_of_before() -> None:
    """A platform that backs up nothing keeps its policy to the letter."""
    assert own_prefix(BUCKET, ACCOUNT, (), ()) == [own_prefix_only(BUCKET, ACCOUNT, ())]
