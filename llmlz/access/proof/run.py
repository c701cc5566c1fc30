"""Every property for every subject, in both readings, on several processes; what was proved before is remembered.

An answer depends on the subject alone (its documents, its names), on the properties and on this package, so its hash
names the answer: one changed team of two hundred is one subject to prove anew.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import Literal, get_args

from llmlz.access.evaluate import decide
from llmlz.access.proof.contracts import contracts, only
from llmlz.access.proof.properties import Property, load, where
from llmlz.access.proof.prover import Answer, Cache, Prover, Reading
from llmlz.access.proof.subjects import Subject
from llmlz.access.proof.where import Where
from llmlz.access.request import Request
from llmlz.access.world import World
from llmlz.files import digest, write_whole

Verdict = Literal["proved", "broken", "indeterminate", "vacuous"]
READINGS: tuple[Reading, ...] = get_args(Reading)
TOGETHER, NOTHING = "all layers", "no layer"
CERTAIN: tuple[Verdict, ...] = ("proved", "broken")
"""What is remembered; anything else may be for want of time, and is tried again."""

CHUNK = 4
"""Jobs that a process takes at once."""

Job = tuple[Subject, tuple[Property, ...], tuple[Reading, ...]]
"""All that its answer depends on. Without readings it is about vacuity, and the subject has no layers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One property for one subject: of all layers together, of one layer alone, or without any layer."""

    property: str
    says: str
    subject: str
    kind: str
    stack: str
    level: int
    layer: str
    """``all layers``; one layer, with all others open; or ``no layer``, where the property must not hold."""

    reading: str
    verdict: Verdict
    why: str = ""
    request: Mapping[str, object] | None = None
    """A smallest request that breaks the property: principal, action, resource, context."""

    through: tuple[str, ...] = ()
    """The statements that let it through, or refuse it, with the lines that made them."""


def prove(
    subjects: Sequence[Subject],
    properties: Sequence[Property] | None = None,
    *,
    readings: Sequence[Reading] = READINGS,
    processes: int = 1,
    remembered: Path | None = None,
) -> tuple[Proof, ...]:
    """All proofs, in the order of the subjects; ``remembered`` is a folder of earlier answers."""
    rows = tuple(properties if properties is not None else load())
    jobs = [*((s, rows, tuple(readings)) for s in subjects), *((s, rows, ()) for s in _without_layers(subjects))]
    files = [remembered / f"{_name(job)}.json" for job in jobs] if remembered else []
    known = {number: proofs for number, file in enumerate(files) if (proofs := _recalled(file)) is not None}
    todo = [number for number in range(len(jobs)) if number not in known]
    for number, proofs in zip(todo, _spread([jobs[number] for number in todo], processes), strict=True):
        known[number] = proofs
        if remembered and all(proof.verdict in CERTAIN for proof in proofs):
            _remember(files[number], proofs)
    return tuple(proof for number in range(len(jobs)) for proof in known[number])


def _spread(jobs: Sequence[Job], processes: int) -> Iterator[tuple[Proof, ...]]:
    """The proofs of each job, as soon as they are there."""
    if processes == 1 or len(jobs) <= CHUNK:
        yield from map(_job, jobs)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_job, jobs, chunksize=CHUNK)


def _job(job: Job) -> tuple[Proof, ...]:
    subject, rows, readings = job
    if not readings:
        return tuple(vacuity(subject, rows))
    return tuple(proof for reading in readings for proof in _proofs(subject, rows, reading))


@cache
def _partitions() -> Cache:
    return Cache()


def _proofs(subject: Subject, rows: Sequence[Property], reading: Reading) -> Iterator[Proof]:
    asked = [row for row in rows if row.holds_for(subject.kind, subject.level, subject.names)]
    wheres = {row.id: where(row, subject.names, subject.assumed) for row in asked}
    layers = {layer for row in asked for layer in contracts(row, subject)}
    worlds: dict[str, World] = {TOGETHER: subject.world, **{layer: only(subject.world, layer) for layer in layers}}
    prover = Prover(worlds, fixed=subject.fixed, wheres=list(wheres.values()), reading=reading, cache=_partitions())
    for row in asked:
        for layer in (TOGETHER, *contracts(row, subject)):
            if row.sort == "always" and not wheres[row.id].rows:
                nothing = Answer(verdict="indeterminate", why="every shape of it asks for something that is not here")
                proof = _proof(row, subject, layer, reading=reading, answer=nothing, world=worlds[layer])
                yield replace(proof, verdict="vacuous")
                continue
            ask = prover.never if row.sort == "never" else prover.always
            answer = ask(wheres[row.id], layer)
            yield _proof(row, subject, layer, reading=reading, answer=answer, world=worlds[layer])


def _proof(row: Property, subject: Subject, layer: str, *, reading: Reading, answer: Answer, world: World) -> Proof:
    request = answer.request
    return Proof(
        property=row.id,
        says=row.says,
        subject=str(subject),
        kind=subject.kind,
        stack=subject.stack,
        level=subject.level,
        layer=layer,
        reading=reading,
        verdict=answer.verdict,
        why=answer.why,
        request=plain(request) if request else None,
        through=statements(request, world, reading) if request else (),
    )


def statements(request: Request, world: World, reading: Reading) -> tuple[str, ...]:
    """What decided about the request, in the evaluator's words: statements with the lines that made them."""
    return tuple(decide(request, world, reading).reason.split("; "))


def plain(request: Request) -> dict[str, object]:
    """A request as plain JSON."""
    context = {key: value if isinstance(value, str) else list(value) for key, value in request.context.items()}
    return {
        "principal": request.principal,
        "action": request.action,
        "resource": request.resource,
        "context": dict(sorted(context.items())),
    }


def _without_layers(subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Of each kind of principal the first one at each level, with nothing that could refuse."""
    first: dict[tuple[str, int], Subject] = {}
    for subject in subjects:
        first.setdefault((subject.kind, subject.level), subject)
    return tuple(replace(subject, world=only(subject.world, None)) for subject in first.values())


def vacuity(subject: Subject, rows: Sequence[Property]) -> Iterator[Proof]:
    """Where nothing refuses, every shape of every ``never`` must be allowed; or the property says nothing."""
    asked = [row for row in rows if row.sort == "never" and row.holds_for(subject.kind, subject.level, subject.names)]
    shapes = [(row, Where((shape,))) for row in asked for shape in where(row, subject.names, subject.assumed).rows]
    every = [one for _, one in shapes]
    prover = Prover({NOTHING: subject.world}, fixed=subject.fixed, wheres=every, cache=_partitions())
    for row, one in shapes:
        answer = prover.never(one, NOTHING)
        if answer.verdict != "broken":
            proof = _proof(row, subject, NOTHING, reading="documented", answer=answer, world=subject.world)
            yield replace(proof, verdict="vacuous", why=answer.why or "no request fits one of its shapes")


def _name(job: Job) -> str:
    return hashlib.sha256(repr((*job, _own_version())).encode()).hexdigest()


@cache
def _own_version() -> str:
    """The solver's version, and a hash of this package and the evaluator."""
    folder = Path(__file__).parents[1]
    return f"{version('z3-solver')} {digest([*folder.rglob('*.py'), *folder.rglob('*.yaml')])}"


def _recalled(path: Path) -> tuple[Proof, ...] | None:
    """What was proved before; ``None`` where there is no file, or one that something has spoilt."""
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["proofs"]
        return tuple(Proof(**{**proof, "through": tuple(proof["through"])}) for proof in listed)
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _remember(path: Path, proofs: tuple[Proof, ...]) -> None:
    write_whole(path.parent, {path.name: json.dumps({"proofs": [asdict(proof) for proof in proofs]})})
