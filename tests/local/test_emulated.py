"""A merged graph, made fit for an emulator."""

import json
from dataclasses import replace

import pulumi_aws as aws
import pytest

from llmlz.graph.model import Graph
from llmlz.local.emulated import emulated, home, settings
from llmlz.local.excluded import made_by_aws
from llmlz.local.replay import replayed
from llmlz.rehearsal.merge import merged
from tests.local.programs import small
from tests.local.replays import Opts, recorded

URL = "http://127.0.0.1:4566"


@pytest.fixture(scope="module")
def both() -> Graph:
    """The small platform and the team on it, merged: without explicit providers."""
    return merged(small())


def test_the_settings_of_a_provider() -> None:
    """Every service of the SDK is called at the emulator, in path style, by nobody, and no other check calls AWS."""
    given = settings(URL)
    (endpoints,) = json.loads(given.pop("endpoints"))
    assert set(endpoints.values()) == {URL}
    assert {"s3", "sts", "iam", "kms", "ec2", "bedrock", "s3vectors", "secretsmanager", "logs"} <= endpoints.keys()
    assert len(endpoints) > 300
    assert given == {
        "accessKey": "nobody",
        "secretKey": "nobody",
        "maxRetries": "3",
        "s3UsePathStyle": "true",
        "skipCredentialsValidation": "true",
        "skipMetadataApiCheck": "true",
        "skipRegionValidation": "true",
        "skipRequestingAccountId": "false",
    }


def test_the_settings_are_what_the_sdk_would_send() -> None:
    """An explicit provider of the SDK with the same arguments has the same inputs: names and encoding are right."""

    def program() -> None:
        aws.Provider(
            "aws",
            access_key="nobody",
            secret_key="nobody",
            endpoints=[{"s3": URL, "sts": URL}],
            max_retries=3,
            s3_use_path_style=True,
            skip_credentials_validation=True,
            skip_metadata_api_check=True,
            skip_region_validation=True,
            skip_requesting_account_id=False,
        )

    sent = dict(recorded(made_by=program).named("aws").inputs)
    ours = settings(URL)
    assert json.loads(str(sent.pop("endpoints"))) == [{"s3": URL, "sts": URL}]
    assert {name: value for name, value in ours.items() if name != "endpoints"} == sent


def test_resources_without_a_provider_get_one(both: Graph) -> None:
    """Default providers are off, and the region is the graph's."""
    fit = emulated(both, URL)
    (provider,) = (r for r in fit.resources if r.kind == "provider")
    assert provider.inputs == {"region": "eu-central-1", **settings(URL)}
    assert (
        {r.provider for r in made_by_aws(fit)}
        == {provider.urn}
        == {"urn:pulumi:local::llmlz::pulumi:providers:aws::aws"}
    )


def test_the_names_are_those_that_the_engine_gives(both: Graph) -> None:
    """Each stack is a component; URNs of the merged graph and of the deployment can be told from each other."""
    fit = emulated(both, URL)
    again = recorded(made_by=replayed(fit), stack="local")
    assert set(again.by_urn) == set(fit.by_urn)
    assert [home(r.urn, both) for r in made_by_aws(both)] == [r.urn for r in made_by_aws(fit)]
    key = fit.named("key")
    assert key.urn == "urn:pulumi:local::llmlz::platform-small$aws:kms/key:Key::key"
    assert key.parent == "urn:pulumi:local::llmlz::platform-small::platform-small"


def test_what_a_team_reads_is_an_output_of_the_same_program(both: Graph) -> None:
    """No stack is read, and the team's policy depends on the platform's bucket and key."""
    fit = emulated(both, URL)
    assert not any(r.kind == "read" for r in fit.resources)
    again = recorded(account="999999999999", made_by=replayed(fit), stack="local")
    policy = again.named("role-policy")
    assert {urn.rpartition("::")[2] for urn in policy.options.depends_on} == {"role", "bucket", "key"}
    assert ":999999999999:key/" in policy.inputs["policy"]
    assert "logs" in {urn.rpartition("::")[2] for urn in again.named("errors").options.depends_on}


def test_default_tags_move_into_what_takes_tags() -> None:
    """A resource's own tags win, an ARN takes none, and one provider is enough for two that differ by tags."""

    def program() -> None:
        for name in ("claims", "search"):
            tags = {"team": name, "own": "provider"}
            opts = Opts(provider=aws.Provider(name, region="eu-central-1", default_tags={"tags": tags}))
            aws.kms.Key(f"{name}-key", tags={"own": "resource"}, opts=opts)
            aws.kms.Alias(f"{name}-alias", target_key_id="k", opts=opts)
        west = Opts(provider=aws.Provider("west", region="us-west-2", default_tags={"tags": {"team": "far"}}))
        aws.sns.Topic("topic", opts=west)

    fit = emulated(merged([recorded(made_by=program)]), URL)
    assert fit.named("claims-key").inputs["tags"] == {"team": "claims", "own": "resource"}
    assert fit.named("search-key").inputs["tags"] == {"team": "search", "own": "resource"}
    assert "tags" not in fit.named("claims-alias").inputs
    assert fit.named("topic").inputs["tags"] == {"team": "far"}
    regions = {r.name: r.inputs["region"] for r in fit.resources if r.kind == "provider"}
    assert regions == {"aws": "eu-central-1", "aws-1": "us-west-2"}
    assert not any("defaultTags" in r.inputs for r in fit.resources if r.kind == "provider")


def test_what_the_program_allows_is_kept() -> None:
    """The pinned account still holds: the emulator serves that account, or the deployment fails."""

    def program() -> None:
        provider = aws.Provider("aws", region="eu-central-1", allowed_account_ids=["111122223333"])
        aws.kms.Key("key", opts=Opts(provider=provider))

    fit = emulated(merged([recorded(made_by=program)]), URL)
    assert json.loads(fit.named("aws").inputs["allowedAccountIds"]) == ["111122223333"]


def test_only_resources_of_aws_are_deployed(both: Graph) -> None:
    """What another provider makes needs what is not here."""
    other = replace(
        both.named("key"), urn="urn:pulumi:x::llmlz::x$kubernetes:core/v1:Secret::s", type="kubernetes:core/v1:Secret"
    )
    fit = emulated(replace(both, resources=(*both.resources, other)), URL)
    assert {r.type.partition(":")[0] for r in fit.custom()} == {"aws"}
