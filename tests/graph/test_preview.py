"""What the loader makes of a preview. The files were written by the engine; ``tests/engine/fixtures.py`` keeps them true."""

import json
from pathlib import Path
from typing import Any

import pytest

from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Options, Reference, Source
from llmlz.graph.preview import load_preview

DATA = Path(__file__).parents[1] / "engine" / "data"
STORE = "urn:pulumi:prod::platform::llmlz:test:Store::store"
BUCKET = "urn:pulumi:prod::platform::llmlz:test:Store$aws:s3/bucket:Bucket::store-bucket"
KEY = "urn:pulumi:prod::platform::llmlz:test:Store$aws:kms/key:Key::store-key"
UNKNOWN = {"$unknown": True}


def kept(name: str) -> Any:
    """One of the files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.fixture
def platform() -> Graph:
    """The platform, from preview and plan."""
    return load_preview(kept("platform-preview.json"), plan=kept("platform-plan.json"), account="111122223333")


def test_every_resource_is_there_and_the_stack_is_not(platform: Graph) -> None:
    """The stack is the frame of a graph, not a resource in it."""
    assert (platform.project, platform.stack) == ("platform", "prod")
    assert sorted((r.name, r.kind) for r in platform.resources) == [
        ("aws", "provider"),
        ("store", "component"),
        ("store-bucket", "custom"),
        ("store-key", "custom"),
        ("store-policy", "custom"),
        ("token", "custom"),
    ]


def test_parents_and_providers_are_urns(platform: Graph) -> None:
    """A child names its component; what hangs from the stack names nothing."""
    assert platform.named("store").parent is None
    assert platform.named("store-key").parent == STORE
    assert platform.named("store-key").provider == "urn:pulumi:prod::platform::pulumi:providers:aws::aws"


def test_unknowns_are_explicit(platform: Graph) -> None:
    """A document that holds one unknown is unknown as a whole; its reference is known all the same."""
    policy = platform.named("store-policy")
    assert policy.inputs == {"bucket": UNKNOWN, "policy": UNKNOWN}
    assert policy.references == (Reference(at="bucket", to=BUCKET), Reference(at="policy", to=BUCKET))


def test_secrets_are_named_and_hidden(platform: Graph) -> None:
    """Path of the secret input, and no value."""
    token = platform.named("token")
    assert token.secrets == ("value",)
    assert token.inputs == {"name": "/llmlz/token", "type": "SecureString", "value": "[secret]"}


def test_options_come_from_preview_and_plan(platform: Graph) -> None:
    """Aliases and delete-before-replace are in the plan alone."""
    assert platform.named("store-key").options == Options(aliases=("store-former-key",), protect=True)
    assert platform.named("store-bucket").options == Options(custom_timeouts={"create": "30m"})
    assert platform.named("store-policy").options == Options(depends_on=(KEY, BUCKET))
    assert platform.named("token").options == Options(ignore_changes=("description",))


def test_outputs_come_from_the_plan(platform: Graph) -> None:
    """What the stack and its components will offer, as far as it is known."""
    assert platform.outputs == {"bucket": "llmlz-claims", "keyArn": UNKNOWN, "token": "[secret]"}
    assert platform.named("store").outputs == {"bucket": "llmlz-claims", "keyArn": UNKNOWN}


def test_sources_are_lines_of_the_project(platform: Graph) -> None:
    """The innermost line that is not the SDK's."""
    source = platform.named("store-key").source
    assert isinstance(source, Source)
    assert source.file == "tests/engine/programs.py"
    text = (Path(__file__).parents[2] / source.file).read_text(encoding="utf-8").splitlines()
    assert "aws.kms.Key(" in text[source.line - 1]


def test_a_read_stack_is_a_read(platform: Graph) -> None:
    """A team looks at its platform and does not own it."""
    team = load_preview(kept("team-preview.json"), plan=kept("team-plan.json"))
    reference = team.named("organization/platform/prod")
    assert (reference.kind, reference.inputs) == ("read", {"name": "organization/platform/prod"})


def test_a_preview_without_plan_still_loads() -> None:
    """Only what the plan adds is missing."""
    platform = load_preview(kept("platform-preview.json"))
    assert platform.named("store-key").options == Options(protect=True)
    assert platform.outputs == {}


def test_a_graph_survives_its_json_form(platform: Graph) -> None:
    """Markers and all."""
    assert Graph.from_json(platform.to_json()) == platform


def test_left_out_sames_are_an_error() -> None:
    """A check over half a graph would pass what it must not."""
    digest = kept("platform-preview.json")
    digest["changeSummary"] = {"create": 6, "same": 1}
    with pytest.raises(BadInputError, match="shows 0 of 1 unchanged resources: add --show-sames"):
        load_preview(digest)


def test_a_resource_that_is_pointed_at_and_missing_is_an_error() -> None:
    """Whatever left it out."""
    digest = kept("platform-preview.json")
    digest["steps"] = [step for step in digest["steps"] if step["urn"] != BUCKET]
    with pytest.raises(BadInputError, match=r"store-policy needs .*store-bucket"):
        load_preview(digest)


def test_a_failed_preview_is_an_error() -> None:
    """It prints no steps."""
    with pytest.raises(BadInputError, match="names no stack"):
        load_preview({"diagnostics": [{"severity": "error", "message": "no"}]})
