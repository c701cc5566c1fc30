"""Two estates: does the new one allow anything that the old one refused, but for what is listed?"""

from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.access.documents import Origin, unknown
from llmlz.access.proof.properties import PropertyError, clauses
from llmlz.access.proof.prover import Cache, Prover, Reading
from llmlz.access.proof.run import READINGS, Proof, plain, statements
from llmlz.access.proof.subjects import Subject
from llmlz.access.proof.where import Clause, Where
from llmlz.access.world import World

CHANGE = "no-new-access"
SAYS = "The new set allows nothing that the old one refused, but for the listed additions"
NEGATED = {"in": "not_in", "not_in": "in", "absent": "present", "present": "absent"}
MOST_COMBINATIONS = 4096
ANYTHING = Where(((Clause("action", "in", ("*",)),),))


def additions(path: Path) -> tuple[Mapping[str, Any], ...]:
    """Listed additions: a list of shapes of requests, written as in ``properties.yaml``, with ``principal`` for whom.

    Raises ``PropertyError`` for a file that is no such list.
    """
    raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, list) or not all(isinstance(shape, Mapping) and "action" in shape for shape in raw):
        raise PropertyError(f"{path}: expected a list of shapes, each with an action")
    return tuple(raw)


def compare(
    old: Sequence[Subject],
    new: Sequence[Subject],
    listed: Sequence[Mapping[str, Any]] = (),
    readings: Sequence[Reading] = READINGS,
) -> tuple[Proof, ...]:
    """One proof per subject of the new set and reading; a subject that the old set lacks had no access at all.

    Raises ``PropertyError`` for an addition with a name that no principal has.
    """
    for shape in listed:
        if new and all(_lines(shape, subject) is None for subject in new):
            raise PropertyError(f"an addition asks for a name that nothing stands for: {dict(shape)}")
    before = {(subject.kind, subject.stack, subject.name): subject for subject in old}
    cache = Cache()
    return tuple(
        _compared(before.get((subject.kind, subject.stack, subject.name)), subject, listed, reading, cache)
        for subject in new
        for reading in readings
    )


def _compared(
    old: Subject | None, new: Subject, listed: Sequence[Mapping[str, Any]], reading: Reading, cache: Cache
) -> Proof:
    before = old.world if old else World(account=new.world.account, resource_account=new.world.resource_account)
    worlds = {"old": before, "new": new.world}
    where = _not_listed(listed, new)
    if old and dict(old.fixed) != dict(new.fixed):
        worlds["old"] = World(account=new.world.account, identity=(unknown(_ORIGIN, "the principal has changed"),))
    prover = Prover(worlds, fixed=new.fixed, wheres=[where], reading=reading, cache=cache)
    answer = prover.never(where, "new", refused_by="old")
    return Proof(
        property=CHANGE,
        says=SAYS,
        subject=str(new),
        kind=new.kind,
        stack=new.stack,
        level=new.level,
        layer="all layers",
        reading=reading,
        verdict=answer.verdict,
        why=answer.why,
        request=plain(answer.request) if answer.request else None,
        through=statements(answer.request, new.world, reading) if answer.request else (),
    )


_ORIGIN = Origin(layer="identity", name="the old set")


def _not_listed(listed: Sequence[Mapping[str, Any]], subject: Subject) -> Where:
    """Requests that fit none of the listed shapes: of each shape at least one line does not fit."""
    shapes = [lines for shape in listed if (lines := _lines(shape, subject)) is not None]
    count = 1
    for shape in shapes:
        count *= len(shape)
    if count > MOST_COMBINATIONS:
        raise PropertyError(f"the listed additions have {count} combinations, {MOST_COMBINATIONS} are allowed")
    rows = tuple((*(_not(clause) for clause in chosen), *subject.assumed) for chosen in product(*shapes))
    return Where(rows if shapes else ((*ANYTHING.rows[0], *subject.assumed),))


def _lines(shape: Mapping[str, Any], subject: Subject) -> list[Clause] | None:
    """The lines of one shape; ``None`` where it asks for a name that means nothing for this principal.

    Such a shape is no addition for the principal, as ``$own_profiles`` is none for a platform's role.
    """
    try:
        return [clause for key, said in shape.items() for clause in clauses(_key(str(key)), said, subject.names)]
    except KeyError:
        return None


def _key(name: str) -> str:
    return "aws:principalarn" if name == "principal" else name


def _not(clause: Clause) -> Clause:
    return Clause(clause.key, NEGATED[clause.how], clause.patterns)  # type: ignore[arg-type]  # the four words of a clause
