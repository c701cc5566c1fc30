"""Policies as files: exactly what is to be sent, all of it or nothing, and never over somebody else's file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from components.organization import LIMITS
from llmlz.access.organization import AI_OPT_OUT, BEDROCK
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph
from llmlz.graph.standins import Standins
from llmlz.organization.files import write_policies
from llmlz.organization.planned import LONGEST
from tests.organization.graphs import LOGS_STAY, NO_MANTLE, OPT_OUT, document, graph, policy, urn

OURS = graph(
    policy("doors", document(NO_MANTLE, LOGS_STAY)),
    policy("learning", json.dumps(OPT_OUT), AI_OPT_OUT, "new-unit"),
)


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def guardrail_graph() -> Graph:
    """A Bedrock policy that names a guardrail of the same stack."""
    standins = Standins(account="999900001111", region="eu-central-1", partition="aws")
    made = policy("guarded", "{}", BEDROCK)
    guardrail = replace(
        made[0], urn=urn("aws:bedrock/guardrail:Guardrail", "rail"), name="rail", type="aws:bedrock/guardrail:Guardrail"
    )
    arn = standins.text(guardrail.urn, guardrail.type, "guardrailArn")
    inference = {"eu-central-1": {"config_1": {"identifier": {"@@assign": f"{arn}:1"}}}}
    full = policy("guarded", json.dumps({"bedrock": {"guardrail_inference": inference}}), BEDROCK)
    base = graph(full, policy("doors", document(NO_MANTLE)))
    return replace(base, resources=(*base.resources, guardrail), standins=standins.made)


def test_a_file_is_what_is_sent(tmp_path: Path) -> None:
    """By unit, type and name; without white space, and without an end of line that would count."""
    written = write_policies(OURS, tmp_path / "policies")
    found = contents(tmp_path / "policies")
    assert [str(path.relative_to(tmp_path / "policies")) for path in written] == [
        "index.md",
        "unit/SERVICE_CONTROL_POLICY/llmlz-doors.json",
        "unit/AISERVICES_OPT_OUT_POLICY/llmlz-learning.json",
    ]
    assert set(found) == {str(path.relative_to(tmp_path / "policies")) for path in written}
    text = found["unit/SERVICE_CONTROL_POLICY/llmlz-doors.json"]
    assert json.loads(text) == json.loads(document(NO_MANTLE, LOGS_STAY))
    assert not set(text) & set(" \n")


def test_the_index_says_where_and_how_large(tmp_path: Path) -> None:
    """Target, type, characters against the limit, and every statement."""
    write_policies(OURS, tmp_path / "policies")
    index = contents(tmp_path / "policies")["index.md"].splitlines()
    size = len(contents(tmp_path / "policies")["unit/SERVICE_CONTROL_POLICY/llmlz-doors.json"])
    assert (
        "| [llmlz-doors](unit/SERVICE_CONTROL_POLICY/llmlz-doors.json) | ou-ab12-existing1 | SERVICE_CONTROL_POLICY |"
        f" {size} of 10,240 | Deny NoMantle, Deny LogsStay |"
    ) in index
    assert (
        "| [llmlz-learning](unit/AISERVICES_OPT_OUT_POLICY/llmlz-learning.json) | unit team-accounts |"
        f" AISERVICES_OPT_OUT_POLICY | {len(json.dumps(OPT_OUT, separators=(',', ':')))} of 2,500 | service default |"
    ) in index


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    """A policy that is gone leaves no file, and nothing lies beside the folder."""
    folder = tmp_path / "policies"
    write_policies(OURS, folder)
    write_policies(graph(policy("other", document(LOGS_STAY))), folder)
    assert set(contents(folder)) == {"index.md", "unit/SERVICE_CONTROL_POLICY/llmlz-other.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["policies"]


@pytest.mark.parametrize("foreign", ["notes.txt", "unit/SERVICE_CONTROL_POLICY/theirs.json", "index.md"])
def test_a_foreign_file_is_never_lost(tmp_path: Path, foreign: str) -> None:
    """Nothing changes when the folder holds what was not written here, whatever it is called."""
    folder = tmp_path / "policies"
    if foreign != "index.md":
        write_policies(OURS, folder)
    (folder / foreign).parent.mkdir(parents=True, exist_ok=True)
    (folder / foreign).write_text("theirs")
    before = contents(folder)
    with pytest.raises(BadInputError, match=f"holds {foreign}, which was not written here; nothing was changed"):
        write_policies(graph(policy("other", document(LOGS_STAY))), folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["policies"]


def test_a_failure_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full half-way: the owner still has the last whole set."""
    folder = tmp_path / "policies"
    write_policies(OURS, folder)
    before = contents(folder)
    real = Path.write_text

    def full(path: Path, text: str, **options: str) -> int:
        if path.name == "llmlz-b.json":
            raise OSError("no space left on device")
        return real(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="no space left"):
        write_policies(graph(policy("a", document(NO_MANTLE)), policy("b", document(LOGS_STAY))), folder)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["policies"]


def test_what_only_a_deployment_knows_is_not_written(tmp_path: Path) -> None:
    """A Bedrock policy with an invented guardrail would end every model call: the index says what is missing."""
    written = write_policies(guardrail_graph(), tmp_path / "policies")
    assert [path.name for path in written] == ["index.md", "llmlz-doors.json"]
    index = contents(tmp_path / "policies")["index.md"]
    assert "- llmlz-guarded holds guardrailArn of rail, known only after a deployment." in index
    assert "| not written: llmlz-guarded | ou-ab12-existing1 | BEDROCK_POLICY |" in index
    assert "guardrail in eu-central-1" in index


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (policy("long", document({**NO_MANTLE, "Resource": ["arn:aws:s3:::" + "b" * 11_000]})), "AWS accepts 10240"),
        (policy("lists", "[]"), "policy lists is no JSON object"),
        (policy("broken", "{"), "policy broken is no JSON: "),
        (policy("odd", document({**NO_MANTLE, "Effect": "Maybe"})), "cannot be read: .*Effect is 'Maybe'"),
        (policy("tags", "{}", "TAG_POLICY"), "is of type TAG_POLICY, expected one of"),
        (policy("../up", document(NO_MANTLE)), "cannot be the name of a file"),
        (policy("lost", document(NO_MANTLE), target="somewhere"), "attaches to 'somewhere', expected a root"),
    ],
)
def test_what_aws_would_refuse_is_refused_here(tmp_path: Path, bad: tuple[object, object], message: str) -> None:
    """With the name and the numbers, and without a file."""
    with pytest.raises(BadInputError, match=message):
        write_policies(graph(bad), tmp_path / "policies")  # type: ignore[arg-type]
    assert not (tmp_path / "policies").exists()


def test_an_attachment_of_a_foreign_policy_is_refused(tmp_path: Path) -> None:
    """Nobody could say what it does; AWS's own are left to AWS."""
    made, attachment = policy("doors", document(NO_MANTLE))
    foreign = replace(attachment, inputs={**attachment.inputs, "policyId": "p-abcd1234"}, references=())
    with pytest.raises(
        BadInputError, match="doors-attachment attaches a policy that stack 'organization' does not make"
    ):
        write_policies(graph((made, foreign)), tmp_path / "policies")
    awss = replace(attachment, inputs={**attachment.inputs, "policyId": "p-FullAWSAccess"}, references=())
    write_policies(graph((made, awss)), tmp_path / "policies")
    assert "attached to nothing" in (tmp_path / "policies" / "index.md").read_text()


def test_the_limits_are_those_of_the_components() -> None:
    """Readers import no components; both hold the same public numbers."""
    assert {kind: limit.longest for kind, limit in LIMITS.items()} == LONGEST
