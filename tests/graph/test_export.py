"""What the loader makes of a state. The files were written by the engine; ``tests/engine/fixtures.py`` keeps them true."""

import json
from pathlib import Path
from typing import Any

import pytest

from llmlz.errors import BadInputError
from llmlz.graph.export import Pending, load_export
from llmlz.graph.model import Reference

DATA = Path(__file__).parents[1] / "engine" / "data"
BUCKET = "urn:pulumi:prod::platform::llmlz:test:Store$aws:s3/bucket:Bucket::store-bucket"


@pytest.fixture
def exported() -> Any:
    """The state of the platform."""
    return json.loads((DATA / "platform-export.json").read_text(encoding="utf-8"))


def test_everything_is_known(exported: Any) -> None:
    """Documents hold the ARNs that were given; who depends on whom is kept."""
    graph = load_export(exported).graph
    arn = graph.named("store-bucket").outputs["arn"]
    assert arn.startswith("arn:aws:s3:::")
    policy = graph.named("store-policy")
    assert json.loads(policy.inputs["policy"]) == {"Version": "2012-10-17", "Resource": arn}
    assert policy.inputs["bucket"] == graph.named("store-bucket").outputs["id"]
    assert policy.references == (Reference(at="bucket", to=BUCKET), Reference(at="policy", to=BUCKET))


def test_ciphertexts_are_secrets(exported: Any) -> None:
    """They are named, and not shown as if they were values."""
    graph = load_export(exported).graph
    assert graph.named("token").secrets == ("value",)
    assert graph.named("token").inputs["value"] == "[secret]"
    assert graph.outputs["token"] == "[secret]"
    assert "ciphertext" not in graph.to_json()


def test_identity_and_options_are_kept(exported: Any) -> None:
    """Project, stack, parent, provider, protection."""
    graph = load_export(exported, account="111122223333", region="eu-central-1").graph
    assert (graph.project, graph.stack, graph.account, graph.region) == (
        "platform",
        "prod",
        "111122223333",
        "eu-central-1",
    )
    key = graph.named("store-key")
    assert key.options.protect
    assert key.parent == "urn:pulumi:prod::platform::llmlz:test:Store::store"
    assert key.provider == "urn:pulumi:prod::platform::pulumi:providers:aws::aws"


def test_pending_operations_are_shown(exported: Any) -> None:
    """A machine was lost in the middle: the resource may exist, and the graph does not claim that it does."""
    resources = exported["deployment"]["resources"]
    [lost] = [r for r in resources if r["urn"] == BUCKET]
    exported["deployment"]["resources"] = [r for r in resources if r["urn"] != BUCKET]
    exported["deployment"]["pending_operations"] = [{"resource": lost, "type": "creating"}]
    state = load_export(exported)
    assert state.pending == (Pending(urn=BUCKET, operation="creating"),)
    assert BUCKET not in state.graph.by_urn


def test_a_replaced_resource_that_still_exists_is_condemned(exported: Any) -> None:
    """Old and new share a URN; the graph holds the new one."""
    resources = exported["deployment"]["resources"]
    [bucket] = [r for r in resources if r["urn"] == BUCKET]
    resources.append({**bucket, "delete": True, "id": "old"})
    state = load_export(exported)
    assert state.condemned == (BUCKET,)
    assert state.graph.named("store-bucket").outputs["id"] == bucket["id"]


def test_a_stack_without_resources_is_an_error(exported: Any) -> None:
    """Nothing was deployed, so there is nothing to judge."""
    del exported["deployment"]["resources"]
    with pytest.raises(BadInputError, match="never deployed"):
        load_export(exported)


def test_another_format_is_an_error(exported: Any) -> None:
    """A state of the future is not guessed at."""
    exported["version"] = 9
    with pytest.raises(BadInputError, match="it says 9"):
        load_export(exported)
