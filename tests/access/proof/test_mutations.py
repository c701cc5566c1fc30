"""The kill rate of the access proof: classic mistakes, planted one at a time, are seen by the layer that promised.

``mutations.yaml`` lists them. With ``-s`` the table of who saw what is printed; ``--wide`` proves everything about
everybody whom a mistake reaches, in both readings, and not only the property that must break.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from llmlz.access.bundle import Bundle
from llmlz.access.evaluate import decide
from llmlz.access.proof.contracts import contracts, only
from llmlz.access.proof.listed import PROPERTY as LISTED
from llmlz.access.proof.listed import listed_profiles
from llmlz.access.proof.properties import Property, load, where
from llmlz.access.proof.prover import Reading
from llmlz.access.proof.run import READINGS, TOGETHER, Proof, prove
from llmlz.access.proof.subjects import Subject
from llmlz.access.request import Request
from llmlz.cli.proving import subjects_of
from tests.access.proof.estates import whole, with_store
from tests.access.proof.mutations import Mutation, around, planted
from tests.access.proof.mutations import load as mutations

LEAST = 70
"""Mistakes that must be found."""

LAYERS = {"boundary", "endpoint", "identity", "platform_boundary", "resource", "resource_control", "service_control"}
Who = tuple[str, str, str]
"""Kind, stack and name of a subject."""


@dataclass(frozen=True, slots=True)
class Place:
    """The estate around one platform, as it is without a mistake."""

    bundle: Bundle
    subjects: Mapping[Who, Subject]

    @property
    def team(self) -> Subject:
        """The team on the platform; its names stand for the $names of a row."""
        return next(subject for subject in self.subjects.values() if subject.kind == "team")


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of one mistake: who proved it, and what is not proved any more."""

    mutation: Mutation
    proofs: tuple[tuple[Subject | None, Proof], ...] = field(repr=False)
    """Every proof that is not "proved", with its subject; the list of profiles has none."""

    def by(self, layer: str) -> list[tuple[Subject | None, Proof]]:
        """Those of the promised property that one layer gave."""
        return [(s, p) for s, p in self.proofs if p.property == self.mutation.property and p.layer == layer]

    @property
    def together(self) -> bool:
        """Whether the proof of all layers together sees it too."""
        return any(proof.layer == TOGETHER for _, proof in self.proofs)


@cache
def place(tier: str, store: str = "") -> Place:
    """The part of the generated estate around the platform of a tier; or the estate with another vector store."""
    part = with_store(store) if store else around(whole(), tier)
    return Place(part, {_who(subject): subject for subject in subjects_of(part)})


def _who(subject: Subject) -> Who:
    return subject.kind, subject.stack, subject.name


def seen(mutation: Mutation, *, wide: bool) -> Seen:
    """Plant a mistake, and prove about everybody for whom something has changed."""
    before = place(mutation.tier, mutation.store)
    after = planted(mutation, before.bundle, before.team.names)
    changed = [subject for subject in subjects_of(after) if subject != before.subjects.get(_who(subject))]
    listed = [(None, proof) for proof in listed_profiles(after.graphs, after.intent) if proof.verdict != "proved"]
    found = _everything(changed) if wide else _enough(mutation, changed)
    return Seen(mutation, (*((s, p) for s, p in found if p.verdict != "proved"), *listed))


def _everything(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Proof]]:
    return ((subject, proof) for subject in subjects for proof in prove([subject]))


def _enough(mutation: Mutation, subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Proof]]:
    """One reading; of a mistake one property, until both the layer and all layers together have seen it."""
    rows = load() if mutation.property in ("", LISTED) else [_property(mutation)]
    missing = {_layer(mutation), TOGETHER} if mutation.property else {TOGETHER}
    asked = [one for one in subjects if any(row.holds_for(one.kind, one.level, one.names) for row in rows)]
    for subject in sorted(asked, key=lambda one: all(_layer(mutation) not in contracts(row, one) for row in rows)):
        for proof in prove([subject], rows, readings=READINGS[:1]):
            yield subject, proof
            missing -= {proof.layer} if proof.verdict != "proved" else set()
        if not missing:
            return


def _property(mutation: Mutation) -> Property:
    """The property that must break."""
    return next(row for row in load() if row.id == mutation.property)


def _layer(mutation: Mutation) -> str:
    """The layer as proofs name it."""
    return "boundary" if mutation.layer == "platform_boundary" else mutation.layer


@pytest.fixture(scope="module")
def table() -> Iterator[list[Seen]]:
    """Collects what came of every mistake, and prints it at the end."""
    found: list[Seen] = []
    yield found
    counted = [one for one in found if not one.mutation.equivalent]
    print()
    for one in counted:
        mutation = one.mutation
        broken = f"{mutation.layer}: {mutation.property}" if mutation.property else "refused as undecided"
        print(f"{'together too' if one.together else 'layer alone ':12}  {broken:62}  {mutation}")
    together = sum(one.together for one in counted)
    print(f"{len(counted)} mistakes planted; all layers together alone see {together}, the layers one by one the rest")
    print(f"{len(found) - len(counted)} changes that are no mistakes are proved as before")


@pytest.mark.parametrize("mutation", mutations(), ids=str)
def test_a_mistake_is_seen_by_the_layer_that_promised(
    mutation: Mutation, table: list[Seen], request: pytest.FixtureRequest
) -> None:
    """A mistake leaves something unproved, where it was promised, with a request that shows it; a harmless change not."""
    found = seen(mutation, wide=request.config.getoption("--wide"))
    table.append(found)
    if mutation.equivalent:
        assert not found.proofs, found.proofs[0][1]
    elif mutation.refused:
        assert {proof.verdict for _, proof in found.proofs} == {"indeterminate"}
        assert all(mutation.refused in proof.why for _, proof in found.proofs), found.proofs[0][1].why
    else:
        shown = found.by(_layer(mutation))
        assert shown, f"only {sorted({(p.layer, p.property) for _, p in found.proofs})}"
        for subject, proof in shown:
            assert proof.verdict == "broken", proof.why
            if subject:
                _confirm(mutation, subject, proof)


def _confirm(mutation: Mutation, subject: Subject, proof: Proof) -> None:
    """The request, read back from the proof, breaks the property in the evaluator; without the mistake it did not."""
    row = _property(mutation)
    request = _request(proof)
    outcome, other = ("allowed", "denied") if row.sort == "never" else ("denied", "allowed")
    assert where(row, subject.names, subject.assumed).holds(request)
    assert _decided(request, subject, proof) == outcome
    before = place(mutation.tier, mutation.store).subjects.get(_who(subject))
    assert before is None or _decided(request, before, proof) == other


def _request(proof: Proof) -> Request:
    said = proof.request or {}
    context = said["context"]
    assert isinstance(context, Mapping)
    return Request(str(said["principal"]), str(said["action"]), str(said["resource"]), context)


def _decided(request: Request, subject: Subject, proof: Proof) -> str:
    reading: Reading = "strict" if proof.reading == "strict" else "documented"
    world = subject.world if proof.layer == TOGETHER else only(subject.world, proof.layer)  # type: ignore[arg-type]
    return decide(request, world, reading).outcome


def test_enough_mistakes_of_every_layer_are_tried() -> None:
    """The list is long, no layer is left out of it, and no name is given twice."""
    counted = [mutation for mutation in mutations() if not mutation.equivalent]
    assert len(counted) >= LEAST
    assert {mutation.layer for mutation in counted} == {*LAYERS, TOGETHER, ""}
    assert max(Counter(map(str, mutations())).values()) == 1


def test_every_promise_of_a_layer_has_a_mistake_against_it() -> None:
    """A promise that no mistake breaks could be empty: whatever a layer promises is broken once, in that layer."""
    tried = {(mutation.layer, mutation.property) for mutation in mutations()}
    promised = {(layer, row.id) for row in load() for layer in row.promised_by}
    assert promised - tried == set()
