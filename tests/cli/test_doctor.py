"""``llmlz doctor`` as people type it: what is asked, what is left out, and the exit codes."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli import doctoring
from llmlz.cli.options import EXAMPLE
from llmlz.doctor.backend import engine_url
from llmlz.doctor.finding import Finding
from stacks.estate import load_estate
from tests.cli.command import seen, within
from tests.doctor import states
from tests.doctor.states import DEAD, checkpoint
from tests.doctor.stubs import ACCOUNT, REGION, Cloud

AVAILABLE = {
    "agreementAvailability": {"status": "AVAILABLE"},
    "authorizationStatus": "AUTHORIZED",
    "entitlementAvailability": "AVAILABLE",
    "regionAvailability": "AVAILABLE",
}


@pytest.fixture
def sound_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with all programs."""
    found = Finding(id="engine", outcome="ok", what="pulumi", where="PATH")
    monkeypatch.setattr(doctoring, "examine_tools", lambda: (found,))


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """The right account, in which nothing is, with room for all and every model."""
    cloud = Cloud()
    identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me", "UserId": "AIDAEXAMPLEEXAMPLE"}
    cloud.answers("sts", "get_caller_identity", identity)
    region = {"Regions": [{"RegionName": REGION, "OptInStatus": "opt-in-not-required"}]}
    cloud.answers("ec2", "describe_regions", region, RegionNames=[REGION], AllRegions=True)
    monkeypatch.setattr(doctoring, "_client", lambda _, service, region=None: cloud(service, region))
    monkeypatch.setattr(doctoring, "examine_quotas", lambda clients, graph, deployed: ())
    return cloud


def deployment() -> dict[str, Any]:
    """The state of the example platform."""
    made: dict[str, Any] = json.loads(json.dumps(states.deployment()).replace(":dev::", ":platform-sandbox::"))
    return made


def backend(folder: Path, state: dict[str, Any] | None = None) -> str:
    """A backend in a folder with the example platform's state; its address."""
    file = folder / ".pulumi" / "stacks" / "llmlz" / "platform-sandbox.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(checkpoint(deployment() if state is None else state))
    return f"file://{folder}"


def lock(folder: Path, host: str) -> Path:
    """A lock of a process that ended, or of another machine."""
    file = folder / ".pulumi" / "locks" / "organization" / "llmlz" / "platform-sandbox" / "one.json"
    file.parent.mkdir(parents=True)
    taken = {"pid": 2**22 + DEAD, "username": "me", "hostname": host, "timestamp": "2026-11-21T10:00:00Z"}
    file.write_text(json.dumps(taken))
    return file


def outcomes(out: str) -> dict[str, str]:
    """Check to outcome."""
    return {one["id"]: one["outcome"] for one in json.loads(out)["findings"]}


def test_without_credentials_one_line_says_so_and_the_rest_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Tools and state are examined; what was not asked is listed; exit code 1."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "nowhere")
    done = within("doctor", "--json", "--state", backend(tmp_path))
    assert done.code == 1
    found = outcomes(done.out)
    assert (found["account"], found["python"], found["state"]) == ("problem", "ok", "ok")
    assert json.loads(done.out)["left_out"] == [
        "region, quotas, agreements of models, singletons: credentials of 111122223333 were not confirmed"
    ]


@pytest.mark.usefixtures("sound_tools")
def test_a_ready_account_exits_with_0(signed_in: Cloud) -> None:
    """Every approved model of the platform is asked for, and no other; so is what the account has only once."""
    for model in ("anthropic.claude-haiku-4-5-20251001-v1:0", "amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"):
        signed_in.answers(
            "bedrock", "get_foundation_model_availability", {"modelId": model, **AVAILABLE}, modelId=model
        )
    model = "amazon.titan-embed-text-v2:0"
    signed_in.answers("bedrock", "get_foundation_model_availability", {"modelId": model, **AVAILABLE}, modelId=model)
    signed_in.answers("bedrock", "get_model_invocation_logging_configuration", {})
    done = within("doctor")
    assert (done.code, done.err.splitlines()[1:]) == (0, [])
    assert "agreement:titan-embed-v2" in done.out
    assert "singleton:bedrock_invocation_logging" in done.out
    signed_in.exhausted()


@pytest.mark.usefixtures("sound_tools")
def test_what_cannot_be_decided_exits_with_1(signed_in: Cloud) -> None:
    """One model that is not answered for is enough; the others are answered. A team's own models are asked for."""
    signed_in.fails("bedrock", "get_foundation_model_availability", "AccessDeniedException", "not allowed")
    for model in ("amazon.nova-micro-v1:0", "amazon.titan-embed-text-v2:0"):
        signed_in.answers(
            "bedrock", "get_foundation_model_availability", {"modelId": model, **AVAILABLE}, modelId=model
        )
    done = within("doctor", "--stack", "team-claims-sandbox")
    assert done.code == 1
    assert "0 problems, 1 things that could not be decided" in done.err
    assert "not allowed" in done.out
    signed_in.exhausted()


@pytest.mark.usefixtures("sound_tools")
def test_offline_asks_nothing(tmp_path: Path) -> None:
    """The network is closed in this test; a sound state exits with 0 and says what was left out."""
    done = within("doctor", "--offline", "--state", backend(tmp_path))
    assert done.code == 0
    assert "left out: account, region, quotas" in done.out
    assert "1 protected (key)" in done.out


@pytest.mark.usefixtures("sound_tools")
@pytest.mark.parametrize(("host", "code"), [(None, 0), ("another-machine", 1)])
def test_only_a_lock_whose_holder_is_gone_is_released(tmp_path: Path, host: str | None, code: int) -> None:
    """One of this machine whose process ended goes; one of another machine stays, with what to do."""
    address = backend(tmp_path)
    file = lock(tmp_path, host or socket.gethostname())
    assert within("doctor", "--offline", "--state", address).code == 1
    assert file.exists()
    done = within("doctor", "--offline", "--release-lock", "--state", address)
    assert (done.code, file.exists()) == (code, code == 1)
    assert ("never `pulumi cancel`" in done.out) == (code == 1)


@pytest.mark.parametrize("scheme", [True, False], ids=["file://", "a folder"])
@pytest.mark.parametrize("relative", [True, False], ids=["relative", "absolute"])
def test_drift_is_looked_for_in_the_named_state_and_estate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: bool, relative: bool
) -> None:
    """Never in what `pulumi login` points to, or in the estate that lies in the current folder."""
    asked: dict[str, Any] = {}
    there = Finding(id="drift", outcome="ok", what="none", where="here")

    def drift(engine: Path | None, folder: Path, stack: str, **more: Any) -> Finding:
        asked.update(more, stack=stack)
        return there

    monkeypatch.setattr(doctoring, "examine_drift", drift)
    monkeypatch.chdir(tmp_path)
    backend(tmp_path / "state")
    named = ("file://" if scheme else "") + ("state" if relative else f"{tmp_path}/state")
    estate = load_estate(EXAMPLE)
    options = doctoring.Asked(drift=True, offline=True, state=named)
    findings, _ = doctoring.examine(estate, "platform-sandbox", options)
    assert findings[-1] == there
    assert asked == {"stack": "platform-sandbox", "estate": estate.folder, "backend": f"file://{tmp_path}/state"}


def test_the_address_for_the_engine_keeps_what_else_it_says() -> None:
    """A query, and addresses that are no folder."""
    assert engine_url("file:///var/state?no_tmp_dir=true") == "file:///var/state?no_tmp_dir=true"
    assert engine_url("s3://state/some?region=eu-central-1") == "s3://state/some?region=eu-central-1"


@pytest.mark.usefixtures("sound_tools")
def test_an_export_is_a_state_too(tmp_path: Path) -> None:
    """As ``pulumi stack export`` writes it; a damaged one is a problem."""
    file = tmp_path / "state.json"
    file.write_text(json.dumps({"version": 3, "deployment": deployment()}))
    assert within("doctor", "--offline", "--state", str(file)).code == 0
    file.write_text(file.read_text()[:-10])
    assert within("doctor", "--offline", "--json", "--state", str(file)).code == 1


@pytest.mark.parametrize(
    ("state", "known"),
    [
        (checkpoint(deployment()), True),
        (checkpoint(states.deployment()), False),
        (checkpoint(None), False),
        (b'{"version": 3}', False),
        (checkpoint({**deployment(), "resources": []}), False),
    ],
    ids=["own", "another stack's", "never deployed", "nothing", "no resources"],
)
def test_only_a_state_of_this_stack_says_what_is_deployed(tmp_path: Path, state: bytes, known: bool) -> None:
    """From any other, and from one that records nothing, nobody knows what the stack has."""
    file = tmp_path / "state.json"
    file.write_bytes(state)
    stack = load_estate(EXAMPLE).stack("platform-sandbox")
    health = doctoring._health(stack, doctoring.Asked(state=str(file)), lambda *_: None)
    assert (doctoring._deployed(stack, health) is not None) is known


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--release-lock"], "expected --state"),
        (["--release-lock", "--offline", "--state", "README.md"], "holds no locks"),
        (["--drift", "--state", "README.md"], "which no preview reads"),
        (["--offline", "--accept-agreements"], "leave one out"),
        (["--offline", "--drift"], "leave one out"),
        (["--offline", "--state", "s3://bucket"], "pulumi stack export"),
        (["--offline", "--state", "nowhere"], "--state nowhere: expected a folder with .pulumi in it"),
        (["--stack", "nobody"], "nobody"),
    ],
)
def test_bad_input_is_one_message(arguments: list[str], said: str) -> None:
    """Exit code 2, before anything is asked."""
    done = seen("doctor", *arguments).no_traceback()
    assert done.code == 2
    assert said in done.err
