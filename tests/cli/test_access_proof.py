"""``llmlz access --prove`` and ``--against``: what people see, what tools get, and what the exit code says."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from llmlz.access.bundle import read, write
from llmlz.access.proof.properties import load
from llmlz.access.proof.wording import unmodelled
from llmlz.cli.proving import subjects_of
from tests.access.proof.change import Change, added, changed, planted
from tests.cli.command import Ran, files, within

TEAM, POLICY = "team-claims-sandbox", "claims-role-policy"
ONE = ("--processes", "1")
MORE = {"Sid": "More", "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
HARMLESS = {"Sid": "More", "Effect": "Allow", "Action": "dynamodb:Query", "Resource": "*"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all tests of this file."""
    return tmp_path_factory.mktemp("proof")


@pytest.fixture(autouse=True)
def answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where answers are remembered: not in the cache of the person who runs the tests."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return folder / "cache" / "llmlz" / "proofs"


@pytest.fixture(scope="module")
def saved(folder: Path) -> Path:
    """The example estate, recorded and saved by the command."""
    path = folder / "estate.json"
    ran = within("access", "--save", str(path))
    assert (ran.code, ran.out, ran.err) == (0, "", f"saved: {path}\n")
    return path


@pytest.fixture
def planted_as(saved: Path, tmp_path: Path) -> Callable[[Change], Path]:
    """Saves the example estate with a changed policy of a team."""

    def plant(change: Change) -> Path:
        found = read(saved)
        path = tmp_path / "planted.json"
        write(planted(found, changed(found.graphs[TEAM], POLICY, "policy", change)), path)
        return path

    return plant


def prove(path: Path, *more: str) -> Ran:
    """Prove a saved estate in this process."""
    return within("access", "--from", str(path), "--prove", *ONE, *more).no_traceback()


def against(path: Path, old: Path, *more: str) -> Ran:
    """Compare a saved estate with another one."""
    return within("access", "--from", str(path), "--against", str(old), *more).no_traceback()


def test_the_example_is_proved_from_its_settings(saved: Path) -> None:
    """Recorded and proved in one step, by two processes; it says what no proof speaks about, and how many there are."""
    ran = within("access", "--prove").no_traceback()
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Not part of any proof:"
    assert tuple(line.strip() for line in lines[1 : lines.index("", 1)]) == unmodelled()
    proved = lines[-1].partition(" proved, ")[0]
    assert lines[-1] == f"{proved} proved, 0 broken, 0 indeterminate, 0 vacuous"
    assert int(proved) > 100
    assert ran.err.startswith("proving ")
    assert prove(saved).out == ran.out


def test_tools_get_every_proof_as_json_and_nothing_else(saved: Path) -> None:
    """With the summary, and what is not modelled."""
    ran = prove(saved, "--json")
    told = json.loads(ran.out)
    assert ran.code == 0
    assert set(told) == {"proofs", "summary", "not_modelled"}
    assert Counter(proof["verdict"] for proof in told["proofs"]) == {"proved": told["summary"]["proved"]}
    assert {proof["property"] for proof in told["proofs"]} <= {"profiles-of-the-list", *(row.id for row in load())}
    assert tuple(told["not_modelled"]) == unmodelled()


def test_answers_are_remembered_and_can_be_left_alone(saved: Path, answers: Path) -> None:
    """One file per principal, and one per kind and level for what properties say; ``--anew`` does not touch them."""
    prove(saved)
    everybody = subjects_of(read(saved))
    assert len(files(answers)) == len(everybody) + len({(subject.kind, subject.level) for subject in everybody})
    for path in answers.iterdir():
        path.unlink()
    assert prove(saved, "--anew").code == 0
    assert files(answers) == {}


def test_a_broken_promise_ends_with_1_and_shows_how(planted_as: Callable[[Change], Path]) -> None:
    """Property, promise, request, and the statement with its line; the last word names the first that failed."""
    ran = prove(planted_as(added(**MORE)))
    assert ran.code == 1
    assert "BROKEN own-secret for team claims-role (team-claims-sandbox)" in ran.out
    assert "  promised: A team reads only its own secret" in ran.out
    assert "  this request: secretsmanager:" in ran.out
    assert "Allow More of identity claims-role-policy (components/" in ran.out
    assert "proofs failed, first own-secret: team claims-role (team-claims-sandbox)" in ran.err
    assert ran.out.splitlines()[-1].endswith(" 0 indeterminate, 0 vacuous")


def test_a_broken_promise_is_json_too(planted_as: Callable[[Change], Path]) -> None:
    """The request as an object, and the same exit code."""
    ran = prove(planted_as(added(**MORE)), "--json")
    broken = [proof for proof in json.loads(ran.out)["proofs"] if proof["verdict"] == "broken"]
    assert ran.code == 1
    assert broken
    assert all(set(proof["request"]) == {"principal", "action", "resource", "context"} for proof in broken)


def test_what_nobody_understands_is_never_proved(planted_as: Callable[[Change], Path]) -> None:
    """A condition on a key that AWS does not have: refused, or undecided; not proved, and not passed over."""
    odd = planted_as(added(**{**MORE, "Condition": {"Bool": {"q:Odd": "true"}}}))
    ran = prove(odd)
    assert ran.code in (1, 2)
    assert "q:odd" in (ran.out + ran.err).lower()
    compared = against(odd, odd)
    assert compared.code == 2
    assert "condition key q:odd is not known" in compared.err


def test_a_missing_profile_is_found(saved: Path, tmp_path: Path) -> None:
    """It is on the list, and the stack does not make it."""
    found = read(saved)
    graph = found.graphs[TEAM]
    other = {"copyFrom": "arn:aws:bedrock:eu-central-1::foundation-model/other"}
    write(planted(found, changed(graph, "claims-nova-micro-eu", "modelSource", lambda _: other)), tmp_path / "p.json")
    ran = prove(tmp_path / "p.json")
    assert ran.code == 1
    assert "BROKEN profiles-of-the-list for team claims (team-claims-sandbox)" in ran.out
    assert f"is made from {other['copyFrom']}, the list says " in ran.out


def test_an_estate_against_itself_allows_nothing_new(saved: Path) -> None:
    """Exit code 0, one proof per principal and reading."""
    ran = against(saved, saved)
    assert ran.code == 0
    assert ran.out.splitlines()[-1].endswith(" proved, 0 broken, 0 indeterminate, 0 vacuous")


def test_what_is_new_is_shown_and_can_be_listed(
    saved: Path, planted_as: Callable[[Change], Path], tmp_path: Path
) -> None:
    """Exit code 1 with the request; 0 once the change is listed, in words of the properties."""
    new = planted_as(added(**HARMLESS))
    ran = against(new, saved)
    assert ran.code == 1
    assert "BROKEN no-new-access for team claims-role (team-claims-sandbox)" in ran.out
    assert "this request: dynamodb:Query on " in ran.out
    assert against(saved, new).code == 0
    for team, code in (("claims", 0), ("search", 1)):
        listed = tmp_path / f"{team}.yaml"
        listed.write_text(f"- {{action: 'dynamodb:Query', principal: '*:role/*{team}'}}\n", encoding="utf-8")
        assert against(new, saved, "--listed", str(listed)).code == code


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file"),
        ("", "Expecting value"),
        ("[]", "'list' object"),
        ('{"format": 0}', "not a bundle of format 1"),
    ],
)
def test_a_file_that_is_no_estate_is_bad_input(content: str | None, message: str, saved: Path, tmp_path: Path) -> None:
    """For ``--from`` and for ``--against``: one message with the path, exit code 2, nothing on standard output."""
    path = tmp_path / "other.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    for ran in (prove(path), against(saved, path)):
        assert (ran.code, ran.out) == (2, "")
        assert str(path) in ran.err
        assert message in ran.err


def test_a_file_of_additions_that_is_none_is_bad_input(saved: Path, tmp_path: Path) -> None:
    """It must not accept anything by mistake."""
    listed = tmp_path / "listed.yaml"
    listed.write_text("action: s3:*\n", encoding="utf-8")
    ran = against(saved, saved, "--listed", str(listed))
    assert (ran.code, ran.out) == (2, "")
    assert f"{listed}: expected a list of shapes, each with an action" in ran.err


def test_a_place_that_cannot_be_written_is_bad_input(saved: Path, tmp_path: Path) -> None:
    """Said with the option; nothing is proved first."""
    path = tmp_path / "nowhere" / "estate.json"
    (tmp_path / "nowhere").write_text("a file", encoding="utf-8")
    ran = within("access", "--from", str(saved), "--save", str(path)).no_traceback()
    assert (ran.code, ran.out) == (2, "")
    assert f"--save {path}" in ran.err


def test_options_that_need_another_one_say_so(saved: Path, tmp_path: Path) -> None:
    """Neither is skipped in silence."""
    for option in ("--listed", "--from"):
        ran = within("access", option, str(saved)).no_traceback()
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("--listed belongs to --against, and --from to --prove or --against")


@pytest.mark.parametrize(
    "more",
    [("--stack", "team-claims-sandbox"), ("--write", "folder"), ("--against", "old.json"), ("--listed", "new.yaml")],
)
def test_a_proof_is_one_question_about_the_whole_estate(more: tuple[str, str], saved: Path) -> None:
    """What would be passed over in silence is refused."""
    ran = within("access", "--prove", "--from", str(saved), *more)
    assert ran.code == 2
    assert "one question at a time" in ran.err
