"""The whole estate through the real engine and a plugin that the engine starts by itself, as an installed one."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi_aws as aws
import pytest

from llmlz.engine.find import find_engine
from llmlz.errors import LocalCloudError, ToolMissingError
from llmlz.graph.model import Graph
from llmlz.local import deploy as deploying
from llmlz.local.deploy import NEEDS_MISSING, Deployment, deploy
from llmlz.local.emulated import settings
from llmlz.local.excluded import made_by_aws, rows
from llmlz.local.pulumi_engine import Pulumi, pulumi_plugin
from tests.engine.conftest import working_in
from tests.local.plugin import install
from tests.local.programs import small
from tests.local.replays import Opts, recorded

pytestmark = pytest.mark.ring(3)
ACCOUNT, REGION, URL = "111122223333", "eu-central-1", "http://127.0.0.1:1"


@dataclass(frozen=True)
class NoEmulator:
    """What a deployment asks of an emulator; the plugin of these tests calls none."""

    account: str = ACCOUNT
    region: str = REGION
    endpoint: str = URL

    def check(self) -> None:
        """It is as alive as it gets."""


Run = Callable[..., Deployment]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Deploys with a plugin that fails for some names; nothing reads back from a cloud that is not there."""
    try:
        engine = find_engine()
    except ToolMissingError as error:
        pytest.skip(f"ring 3: would have proved that Pulumi with a plugin deploys the local cloud; {error}")
    monkeypatch.setattr(deploying, "unread", lambda made, emulator: {})

    def deployed(graphs: Sequence[Graph], failing: tuple[str, ...] = (), account: str = ACCOUNT) -> Deployment:
        install(tmp_path, account=account, region=REGION, failing=failing)
        monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
        plugin = pulumi_plugin()
        assert plugin is not None
        pulumi = Pulumi(engine=engine, version="3.256.0", plugin=plugin)
        deployment = deploy(graphs, NoEmulator(), pulumi, tmp_path / "cloud", print)  # type: ignore[arg-type]
        assert working_in(tmp_path) == []
        return deployment

    return deployed


def configured(home: Path) -> list[dict[str, str]]:
    """What the plugin was told, each time that it was configured."""
    return [json.loads(line) for line in (home / "configured.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_estate_is_deployed(run: Run, graphs: Mapping[str, Graph], tmp_path: Path) -> None:
    """Everything but the rows exists, outputs hold no stand-in of what exists, and progress counts to the end."""
    deployment = run(list(graphs.values()))
    deployment.check()
    left_out = {r.urn for g in graphs.values() for r in made_by_aws(g) if any(row.fits(r) for row in rows())}
    assert {urn for stack in deployment.stacks.values() for urn in stack.missing} == left_out
    platform = deployment.stacks["platform-sandbox"]
    key = next(r for r in platform.graph.of_type("aws:kms/key:Key") if r.name == "keys-data")
    assert (
        platform.outputs["data_key_arn"] == platform.existing[key.urn]["arn"] != platform.graph.outputs["data_key_arn"]
    )
    (guardrail,) = platform.graph.of_type("aws:bedrock/guardrail:Guardrail")
    assert platform.outputs["guardrail_id"] == platform.existing[guardrail.urn]["guardrail_id"]


def test_the_plugin_is_told_where_to_call(run: Run, tmp_path: Path) -> None:
    """One process for all stacks, and what it is configured with is what the settings say."""
    run(small())
    (told,) = configured(tmp_path)
    assert {name: told[name] for name in settings(URL)} == settings(URL)
    assert (told["region"], told["version"]) == (REGION, "7.51.1")


def test_nothing_of_the_machine_is_used_or_changed(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The person's Pulumi home holds what it held, and a token in the environment is no reason to log in."""
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "pul-0")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "https://nowhere.invalid")
    run(small()[:1])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cloud", "configured.jsonl", "plugins"]


def test_a_refusal_is_named_and_the_rest_is_made(run: Run) -> None:
    """What needs the key is missing too, for that reason; what does not is there."""
    deployment = run(small(), failing=("key",))
    missing = {urn.rpartition("::")[2]: reason for urn, reason in deployment.unexpected.items()}
    assert missing == {
        "key": "the emulator does not know key",
        "bucket-encryption": NEEDS_MISSING,
        "role-policy": NEEDS_MISSING,
    }
    existing = {urn.rpartition("::")[2] for stack in deployment.stacks.values() for urn in stack.existing}
    assert {"bucket", "logs", "guardrail", "version", "errors", "role", "profile"} <= existing
    platform = deployment.stacks["platform-small"]
    recorded_outputs = platform.graph.outputs
    assert platform.outputs["key_arn"] == recorded_outputs["key_arn"]
    assert platform.outputs["bucket_arn"] != recorded_outputs["bucket_arn"]


def test_a_provider_that_refuses_stops_everything(run: Run) -> None:
    """Nothing was made, so there is no result that could be read as one."""

    def program() -> None:
        provider = aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT])
        aws.kms.Key("key", opts=Opts(provider=provider))

    with pytest.raises(
        LocalCloudError, match=r"pulumi could not deploy anything: AWS account ID not allowed: 999999999999"
    ):
        run([recorded(made_by=program)], account="999999999999")


def test_find_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And how to get it."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    with pytest.raises(ToolMissingError, match=r"get it with `pulumi plugin install resource aws`"):
        Pulumi.find()
    install(tmp_path, account=ACCOUNT, region=REGION)
    assert Pulumi.find().plugin_version == "7.51.1"
