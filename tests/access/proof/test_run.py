"""All proofs of an estate: everything holds, what was proved is remembered, and what is false has a counterexample."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from llmlz.access.evaluate import decide
from llmlz.access.patterns import Reading
from llmlz.access.proof import run
from llmlz.access.proof.contracts import contracts, only
from llmlz.access.proof.properties import Property, load, where
from llmlz.access.proof.prover import Prover
from llmlz.access.proof.run import NOTHING, READINGS, TOGETHER, Proof, prove
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.cli.proving import subjects_of
from tests.access.proof.change import Change, added, changed, dropped, planted
from tests.access.proof.estates import everybody, one, whole

TEAM, POLICY = "team-t001", "t001-role-policy"
DOCUMENTED: tuple[Reading, ...] = ("documented",)
ROWS = tuple(row for row in load() if row.id in ("own-secret", "closed-secret"))
"""One property of teams, and one of their neighbours."""


@cache
def proved() -> tuple[Proof, ...]:
    """All proofs of the estate with four teams."""
    return prove(everybody())


def stacks(*names: str) -> tuple[Subject, ...]:
    """Subjects of some stacks, in the order of the estate."""
    return tuple(subject for subject in everybody() if subject.stack in names)


def wrong(change: Change) -> tuple[Subject, ...]:
    """Subjects of a team after its policy was changed."""
    found = subjects_of(planted(whole(), changed(whole().graphs[TEAM], POLICY, "policy", change)))
    return tuple(subject for subject in found if subject.stack == TEAM)


def row(*shapes: Mapping[str, Any], sort: str = "never", about: str = "team") -> Property:
    """A property of one kind of principal."""
    return Property(id="mine", says="words", about={about: 1}, sort=sort, shapes=tuple(shapes))  # type: ignore[arg-type,dict-item]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Principals that a prover is made for, in their order; whether properties say something is not counted."""
    found: list[str] = []

    def counted(worlds: Mapping[str, World], **named: Any) -> Prover:
        if TOGETHER in worlds:
            found.append(str(named["fixed"].get("aws:principalarn", "anyone")))
        return Prover(worlds, **named)

    monkeypatch.setattr(run, "Prover", counted)
    return found


def test_everything_that_is_promised_is_proved() -> None:
    """At all four tiers, in both readings, of all layers together and of each alone; nothing is left undecided."""
    assert Counter(proof.verdict for proof in proved()) == {"proved": len(proved())}


def test_every_question_is_asked() -> None:
    """Once for each subject, property, reading and layer: nothing is left out because it is slow, or by an oversight."""
    asked = Counter((p.subject, p.property, p.reading, p.layer) for p in proved())
    expected = {
        (str(subject), asked_for.id, reading, layer): 1
        for subject in everybody()
        for asked_for in load()
        if asked_for.holds_for(subject.kind, subject.level, subject.names)
        for reading in READINGS
        for layer in (TOGETHER, *contracts(asked_for, subject))
    }
    assert asked == expected


def test_what_must_work_and_asks_for_nothing_that_is_here_is_vacuous() -> None:
    """Else a promise whose every shape names something absent would count as kept."""
    absent = row({"action": "s3:GetObject", "resource": "$own_key"}, sort="always")
    subject = replace(one("team", TEAM), names={**one("team", TEAM).names, "own_key": ()})
    proofs = prove([subject], [absent])
    assert {(proof.verdict, proof.why) for proof in proofs} == {
        ("vacuous", "every shape of it asks for something that is not here")
    }


def test_calls_are_asked_for_the_way_that_the_platform_lets_them_come() -> None:
    """Through an endpoint where there is one, from anywhere where nothing ties calls to it; always at least one way."""
    ways = {"approved-calls", "approved-calls-from-anywhere"}
    asked = {
        subject.level: ways & {r.id for r in load() if r.holds_for("team", subject.level, subject.names)}
        for subject in everybody()
        if subject.kind == "team"
    }
    assert asked == {1: {"approved-calls-from-anywhere"}, 2: ways, 3: {"approved-calls"}, 4: {"approved-calls"}}


def test_proofs_come_in_the_order_of_the_subjects() -> None:
    """However they were found."""
    assert list(dict.fromkeys(proof.subject for proof in proved())) == [str(subject) for subject in everybody()]


def test_what_must_work_can_be_asked_for() -> None:
    """Each shape of each ``always`` fits some request: else it would hold whatever the documents say."""
    rows = [asked_for for asked_for in load() if asked_for.sort == "always"]
    for subject in everybody():
        asked = [
            where(r, subject.names, subject.assumed)
            for r in rows
            if r.holds_for(subject.kind, subject.level, subject.names)
        ]
        shapes = [replace(w, rows=(shape,)) for w in asked for shape in w.rows]
        if shapes:
            prover = Prover({NOTHING: only(subject.world, None)}, fixed=subject.fixed, wheres=shapes)
            assert [shape for shape in shapes if not prover.satisfiable(shape)] == []


def test_several_processes_give_the_same_answers_as_one() -> None:
    """In the same order, for more subjects than one process takes at once."""
    subjects = stacks("team-t000", "team-t001", "team-t002")
    assert len(subjects) > run.CHUNK
    asked = {kind for row in ROWS for kind in row.about}
    alone = prove(subjects, ROWS, readings=DOCUMENTED)
    assert prove(subjects, ROWS, readings=DOCUMENTED, processes=2) == alone
    assert len({proof.subject for proof in alone}) == len([s for s in subjects if s.kind in asked])


def test_a_second_run_proves_nothing_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says the same, to the last word: no solver is made, not even to see whether the properties say something."""
    before = prove(stacks(TEAM), ROWS, remembered=tmp_path)
    assert len(before) > len(ROWS) * len(READINGS)
    monkeypatch.setattr(run, "Prover", None)
    assert prove(stacks(TEAM), ROWS, remembered=tmp_path) == before


def test_without_a_folder_nothing_is_remembered(tmp_path: Path, made: list[str]) -> None:
    """Each run then proves everything."""
    for _ in range(2):
        prove(stacks(TEAM), ROWS, readings=DOCUMENTED)
    assert len(made) == 2 * len(stacks(TEAM))
    assert list(tmp_path.iterdir()) == []


def test_one_changed_team_is_one_subject_anew(tmp_path: Path, made: list[str]) -> None:
    """Its own role; neither its neighbours nor other teams are proved again."""
    before = stacks("team-t000", TEAM)
    prove(before, ROWS, readings=DOCUMENTED, remembered=tmp_path)
    made.clear()
    after = wrong(added(Sid="More", Effect="Allow", Action="s3:GetBucketTagging", Resource="*"))
    prove((*stacks("team-t000"), *after), ROWS, readings=DOCUMENTED, remembered=tmp_path)
    assert made == [one("team", TEAM).fixed["aws:principalarn"]]


def test_other_questions_are_asked_anew(tmp_path: Path, made: list[str]) -> None:
    """Another property, another reading, another version of the code: an old answer is an answer to something else."""
    subject = stacks(TEAM)[:1]
    prove(subject, ROWS, readings=DOCUMENTED, remembered=tmp_path)
    prove(subject, ROWS[:1], readings=DOCUMENTED, remembered=tmp_path)
    prove(subject, ROWS, readings=("strict",), remembered=tmp_path)
    assert len(made) == 3


def test_another_version_of_the_code_asks_anew(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who mends the prover must not see what the old one said."""
    prove(stacks(TEAM)[:1], ROWS, readings=DOCUMENTED, remembered=tmp_path)
    monkeypatch.setattr(run, "_own_version", lambda: "another")
    prove(stacks(TEAM)[:1], ROWS, readings=DOCUMENTED, remembered=tmp_path)
    assert len(made) == 2


def test_a_broken_promise_stays_broken_when_it_is_remembered(tmp_path: Path) -> None:
    """Request and statements are kept with the verdict."""
    subjects = wrong(added(Sid="Planted", Effect="Allow", Action="secretsmanager:GetSecretValue", Resource="*"))
    before = prove(subjects, ROWS, remembered=tmp_path)
    assert any(proof.verdict == "broken" and proof.request and proof.through for proof in before)
    assert prove(subjects, ROWS, remembered=tmp_path) == before


def test_what_was_not_decided_is_tried_again(tmp_path: Path, made: list[str]) -> None:
    """It may have been for want of time."""
    subjects = wrong(
        added(Sid="Odd", Effect="Allow", Action="s3:*", Resource="*", Condition={"Bool": {"q:Odd": "true"}})
    )
    for _ in range(2):
        proofs = prove(subjects[:1], ROWS, readings=DOCUMENTED, remembered=tmp_path)
        assert "indeterminate" in {proof.verdict for proof in proofs}
    assert len(made) == 2
    assert "indeterminate" not in "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())


def test_a_spoilt_file_is_not_believed(tmp_path: Path, made: list[str]) -> None:
    """Nor does it stop the run."""
    before = prove(stacks(TEAM)[:1], ROWS, readings=DOCUMENTED, remembered=tmp_path)
    for text in ("", "[]", "{}", '{"proofs": [{"verdict": "proved", "through": []}]}'):
        for file in tmp_path.iterdir():
            file.write_text(text, encoding="utf-8")
        assert prove(stacks(TEAM)[:1], ROWS, readings=DOCUMENTED, remembered=tmp_path) == before
    assert len(made) == 5


def test_what_is_done_is_remembered_when_the_rest_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long run that is stopped goes on where it was."""
    subjects = stacks(TEAM)

    def fails(worlds: Mapping[str, World], **named: Any) -> Prover:
        if "aws:principalarn" not in named["fixed"]:
            raise KeyboardInterrupt
        return Prover(worlds, **named)

    monkeypatch.setattr(run, "Prover", fails)
    with pytest.raises(KeyboardInterrupt):
        prove(subjects, ROWS, readings=DOCUMENTED, remembered=tmp_path)
    assert len(list(tmp_path.iterdir())) == len([s for s in subjects if "aws:principalarn" in s.fixed])


def test_a_false_property_has_a_request_that_the_evaluator_confirms() -> None:
    """Of the layer alone and of all together, in both readings; with the statement and the line that let it through."""
    subject, *_ = wrong(added(Sid="Planted", Effect="Allow", Action="secretsmanager:GetSecretValue", Resource="*"))
    broken = [proof for proof in prove([subject], ROWS) if proof.verdict == "broken"]
    assert {(proof.layer, proof.reading) for proof in broken} == {
        (layer, reading) for layer in (TOGETHER, "identity") for reading in READINGS
    }
    for proof in broken:
        request = _request(proof)
        world = subject.world if proof.layer == TOGETHER else only(subject.world, "identity")
        assert decide(request, world, proof.reading).outcome == "allowed"  # type: ignore[arg-type]
        assert where(ROWS[0], subject.names).holds(request)
        (line,) = (d.origin.source for d in subject.world.identity if any(s.sid == "Planted" for s in d.statements))
        assert any(text.startswith("Allow Planted of identity ") and f"({line})" in text for text in proof.through)
        assert str(line).startswith("components/")


def test_a_counterexample_has_nothing_that_it_does_not_need() -> None:
    """Beside what every request of the role carries, not one key can be left out."""
    subject, *_ = wrong(added(Sid="Planted", Effect="Allow", Action="secretsmanager:GetSecretValue", Resource="*"))
    broken = next(proof for proof in prove([subject], ROWS, readings=DOCUMENTED) if proof.verdict == "broken")
    request = _request(broken)
    for key in request.context:
        if key.lower() not in subject.fixed:
            fewer = {name: value for name, value in request.context.items() if name != key}
            less = Request(request.principal, request.action, request.resource, fewer)
            assert decide(less, subject.world).outcome != "allowed", key


def test_what_must_work_and_does_not_is_a_request_that_is_refused() -> None:
    """A lost Allow breaks what the team needs; the layer that would have to allow is named."""
    subject, *_ = wrong(dropped("ReadOwnSecret"))
    rows = [asked_for for asked_for in load() if asked_for.id == "own-data-works"]
    (proof,) = prove([subject], rows, readings=DOCUMENTED)
    assert (proof.verdict, proof.layer) == ("broken", TOGETHER)
    assert _request(proof).action == "secretsmanager:GetSecretValue"
    assert decide(_request(proof), subject.world).outcome == "denied"
    assert proof.through == ("implicit deny: no statement of the identity layer allows it",)


def test_what_is_not_understood_is_never_proved() -> None:
    """Of all layers together and of the one that has it; the other layers are still proved alone."""
    odd = {"Bool": {"q:Odd": "true"}}
    subject, *_ = wrong(added(Sid="Odd", Effect="Allow", Action="s3:*", Resource="*", Condition=odd))
    rows = [asked_for for asked_for in load() if asked_for.id in ("no-mantle", "no-own-profiles")]
    proofs = prove([subject], rows, readings=DOCUMENTED)
    found = {(proof.property, proof.layer): proof.verdict for proof in proofs}
    assert found == {
        ("no-mantle", TOGETHER): "indeterminate",
        ("no-mantle", "boundary"): "proved",
        ("no-own-profiles", TOGETHER): "indeterminate",
        ("no-own-profiles", "boundary"): "proved",
        ("no-own-profiles", "identity"): "indeterminate",
    }
    assert all("q:odd" in proof.why.lower() for proof in proofs if proof.verdict == "indeterminate")


@pytest.mark.parametrize(
    "shape",
    [
        {"action": "bedrock:InvokeModel", "resource": "arn:aws:s3:::bucket/key"},
        {"action": "InvokeModel"},
        {"action": "s3:GetObject", "bedrock:GuardrailIdentifier": {"is": "present"}},
        {"action": "s3:*", "aws:PrincipalAccount": "000000000000"},
    ],
)
def test_a_property_that_says_nothing_is_found(shape: Mapping[str, Any]) -> None:
    """A shape that no request can have holds whatever the documents say; beside one that says something, too."""
    for shapes in ((shape,), ({"action": "s3:*"}, shape)):
        *_, found = prove(stacks(TEAM)[:1], [row(*shapes)], readings=DOCUMENTED)
        assert (found.verdict, found.layer, found.property) == ("vacuous", NOTHING, "mine")
        assert found.why == "no request fits one of its shapes"


def test_every_kind_is_tried_at_every_level(monkeypatch: pytest.MonkeyPatch) -> None:
    """What says something of one tier may say nothing of another; of several alike the first is enough."""
    tried: list[Sequence[object]] = []

    def counted(worlds: Mapping[str, World], **named: Any) -> Prover:
        tried.append(sorted(worlds))
        return Prover(worlds, **named)

    monkeypatch.setattr(run, "Prover", counted)
    prove(everybody(), [row({"action": "s3:*"}, about="pipeline")], readings=DOCUMENTED)
    alone = [worlds for worlds in tried if worlds == [NOTHING]]
    assert len(alone) == len({(subject.kind, subject.level) for subject in everybody()}) > len(everybody()) / 2


def test_proofs_are_plain_values() -> None:
    """Tools read them as JSON."""
    subject, *_ = wrong(added(Sid="Planted", Effect="Allow", Action="secretsmanager:GetSecretValue", Resource="*"))
    broken = next(proof for proof in prove([subject], ROWS, readings=DOCUMENTED) if proof.request)
    assert broken.request is not None
    assert set(json.loads(json.dumps(broken.request))) == {"principal", "action", "resource", "context"}
    assert (broken.subject, broken.kind, broken.stack, broken.level) == (str(subject), "team", TEAM, 3)


def _request(proof: Proof) -> Request:
    raw: Any = proof.request
    context = {key: value if isinstance(value, str) else tuple(value) for key, value in raw["context"].items()}
    return Request(raw["principal"], raw["action"], raw["resource"], context)
