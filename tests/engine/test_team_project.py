"""A team's own project in the real engine, with the pack and the settings that the workflow gives it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.checks.records import POLICIES
from llmlz.cli.checking import known
from llmlz.cli.pack_settings import FILE, write_pack_settings
from llmlz.engine.outcome import EngineError
from llmlz.engine.packs import PolicyPack
from llmlz.engine.workspace import Workspace
from stacks.estate import load_estate
from tests import estates

pytestmark = pytest.mark.ring(3)
STACK, PROJECT = "team-claims-pilot", "claims-assistant"
ACCOUNT, REGION = "444455556666", "eu-central-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/llmlz-pilot-claims"


@pytest.fixture
def workspace(engine: Path, tmp_path: Path) -> Iterator[Workspace]:
    """An empty workspace in the account of the example."""
    folder = tmp_path / "work"
    folder.mkdir()
    with Workspace(folder, account=ACCOUNT, region=REGION, engine=engine) as made:
        yield made


@pytest.fixture
def pack(tmp_path: Path) -> PolicyPack:
    """The pack with what ``llmlz check --pack`` writes for the team's stack."""
    estate = load_estate(estates.EXAMPLE.with_name("organization"))
    write_pack_settings(known(estate, STACK), STACK, estate.stack(STACK).level, (), tmp_path / "pack")
    config = json.loads((tmp_path / "pack" / FILE).read_text(encoding="utf-8"))
    return PolicyPack(folder=POLICIES, config=config)


def project(*, code: Path, more: Callable[[pulumi.ResourceOptions], object] | None = None) -> Callable[[], None]:
    """One function under the team's role, and perhaps more."""

    def program() -> None:
        names = ("cost-centre", "data-class", "environment", "managed-by", "owner", "stack", "system-id")
        tags = {"team": "claims", **dict.fromkeys(names, "claims")}
        provider = aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT], default_tags={"tags": tags})
        opts = pulumi.ResourceOptions(provider=provider)
        aws.lambda_.Function(
            "answer",
            name="llmlz-pilot-claims-answer",
            role=ROLE,
            handler="answer.handle",
            runtime="python3.11",
            code=pulumi.FileArchive(str(code)),
            opts=opts,
        )
        if more:
            more(opts)

    return program


def test_a_function_under_the_teams_role_goes_through(workspace: Workspace, pack: PolicyPack, tmp_path: Path) -> None:
    """In the preview and in the deployment: what belongs to the platform is not asked of the team's project."""
    code = tmp_path / "code"
    code.mkdir()
    (code / "answer.py").write_text("def handle(event, context): return None\n")
    program = project(code=code)
    for run in (workspace.preview, workspace.up):
        assert [v for v in run(program, PROJECT, STACK, policies=[pack]).violations if v.mandatory] == []


def test_what_the_controls_refuse_is_not_made(workspace: Workspace, pack: PolicyPack, tmp_path: Path) -> None:
    """A role of the project's own, without a boundary: the engine stops, whatever AWS would say."""
    trust = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
    program = project(
        code=tmp_path, more=lambda opts: aws.iam.Role("own", assume_role_policy=json.dumps(trust), opts=opts)
    )
    with pytest.raises(EngineError, match="IAM-01 own"):
        workspace.up(program, PROJECT, STACK, policies=[pack])
