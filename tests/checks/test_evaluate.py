"""Controls over whole graphs: levels, coverage, other stacks, real programs."""

import functools
import json

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.checks.compiled import records
from llmlz.checks.evaluate import check, evaluate
from llmlz.graph.model import Graph
from llmlz.graph.record import record

TAGS = {"team": "core", "owner": "a@example.com", "cost-centre": "1", "environment": "dev", "system-id": "s"}
EMPTY = Graph(project="p", stack="s", resources=(), account="111122223333", region="eu-central-1")


def recorded(*, class_tag: bool = True, tls: bool = True) -> Graph:
    """A bucket with its policy and public access block, on a provider with default tags."""

    def program() -> None:
        tags = {**TAGS, "data-class": "internal"} if class_tag else TAGS
        provider = aws.Provider("main", region="eu-central-1", default_tags=aws.ProviderDefaultTagsArgs(tags=tags))
        on = pulumi.ResourceOptions(provider=provider)
        keep = pulumi.ResourceOptions(provider=provider, protect=True)
        bucket = aws.s3.Bucket("docs", bucket="llmlz-docs", opts=keep)
        aws.s3.BucketPublicAccessBlock(
            "docs-block",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=on,
        )
        aws.s3.BucketPolicy("docs-policy", bucket=bucket.id, policy=bucket.arn.apply(_tls if tls else _reads), opts=on)

    return record(program, project="p", stack_name="s", account="111122223333", region="eu-central-1")


def _tls(arn: str) -> str:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn, f"{arn}/*"]}
    statement = {**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _reads(arn: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", "Resource": arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_sound_program_has_no_findings() -> None:
    """Default tags, links by output and policies with stand-ins are read from a real recording."""
    assert check(recorded(), 4) == ()


def test_findings_point_at_the_resource_and_its_line() -> None:
    """Two planted mistakes: a missing default tag and a policy without the TLS rule."""
    graph = recorded(class_tag=False, tls=False)
    found = {f.control: f for f in check(graph, 1)}
    assert {"DAT-15", "GOV-01"} <= set(found)
    assert found["DAT-15"].urn == graph.named("docs").urn
    assert found["DAT-15"].source == graph.named("docs").source is not None
    assert found["GOV-01"].message == "tags are missing or empty: data-class"


def test_a_control_is_advisory_below_its_level() -> None:
    """DAT-11 blocks from level 2 on, and is reported before."""

    def program() -> None:
        aws.s3.Bucket("docs", bucket="llmlz-docs", force_destroy=True)

    graph = record(program, project="p", stack_name="s", account="111122223333", region="eu-central-1")
    flags = [next(f for f in check(graph, level) if f.control == "DAT-11").mandatory for level in (1, 2, 3, 4)]
    assert flags == [False, True, True, True]


def test_a_control_that_looked_at_nothing_says_so() -> None:
    """An empty stack has no findings, and a coverage that shows why."""
    outcome = evaluate(EMPTY, 1)
    assert outcome.findings == ()
    running = [r.id for r in records() if r.evaluator == "code" and r.advisory_from == 1]
    assert {str(c) for c in outcome.coverage} == {f"{id_} looked at nothing" for id_ in running}


def test_coverage_names_what_was_looked_at() -> None:
    """Counts alone would hide a wrong type."""
    graph = recorded()
    looked = {c.control: c.looked_at for c in evaluate(graph, 1).coverage}
    assert looked["DAT-14"] == (graph.named("docs").urn,)
    assert len(looked["KEY-03"]) == 3


@pytest.mark.parametrize("level", [0, 5])
def test_levels_are_one_to_four(level: int) -> None:
    """A level that nobody defined must not run with fewer controls."""
    with pytest.raises(ValueError, match=f"assurance level {level}: expected one of 1, 2, 3, 4"):
        check(EMPTY, level)


def test_the_platforms_stack_answers_for_a_teams_stack() -> None:
    """A team's stack alone is undecided about invocation logging; beside its platform it is clean."""

    def team() -> None:
        pulumi.StackReference("platform", stack_name="organization/p/platform")
        source = aws.bedrock.InferenceProfileModelSourceArgs(
            copy_from="arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0"
        )
        aws.bedrock.InferenceProfile("claims", name="claims", model_source=source)

    def platform() -> None:
        config = aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigArgs(
            s3_config=aws.bedrockmodel.InvocationLoggingConfigurationLoggingConfigS3ConfigArgs(
                bucket_name="llmlz-calls"
            )
        )
        aws.bedrockmodel.InvocationLoggingConfiguration("logging", logging_config=config)

    where = functools.partial(record, project="p", account="111122223333", region="eu-central-1")
    above = where(platform, stack_name="platform")
    below = where(team, stack_name="team", others={"platform": above})
    alone = [f.verdict for f in check(below, 2) if f.control == "LOG-01"]
    beside = [f.verdict for f in check(below, 2, [above]) if f.control == "LOG-01"]
    assert (alone, beside) == (["indeterminate"], [])
