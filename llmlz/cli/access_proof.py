"""``llmlz access --prove`` and ``--against``: what the proofs say, and what the exit code is."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from llmlz.cli.options import console, print_json, progress
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from llmlz.access.bundle import Bundle
    from llmlz.access.proof.run import Proof
    from llmlz.cli.proving import Real

MOST_SHOWN = 20
"""Broken or undecided proofs that are printed in full; the rest is counted."""


def run(
    estate: Path,
    *,
    prove: bool,
    against: Path | None,
    listed: Path | None,
    save: Path | None,
    saved: Path | None,
    processes: int,
    anew: bool,
    outputs: Path | None,
    deployed: Path | None,
    as_json: bool,
) -> None:
    """What the options ask for, in this order: save, compare, prove."""
    from llmlz.access.bundle import write  # noqa: PLC0415
    from llmlz.cli.proving import real  # noqa: PLC0415

    found, known = _bundle(estate, saved), real(outputs, deployed)
    if save:
        try:
            write(found, save)
        except OSError as error:
            raise BadInputError(f"--save {save}: {error.strerror}") from None
        progress().print(f"saved: {save}", highlight=False, markup=False)
    if against:
        compare_with(found, against, listed, known, as_json=as_json)
    if prove:
        prove_all(found, known, processes=processes, anew=anew, as_json=as_json)


def _bundle(estate: Path, saved: Path | None) -> "Bundle":
    from llmlz.access.bundle import read  # noqa: PLC0415
    from llmlz.cli.loading import estate_at  # noqa: PLC0415
    from llmlz.cli.proving import bundle  # noqa: PLC0415
    from llmlz.cli.recording import record_estate  # noqa: PLC0415

    if saved is None:
        found = estate_at(estate)
        return bundle(found, record_estate(found))
    try:
        return read(saved)
    except (OSError, ValueError) as error:
        raise BadInputError(f"--from {error}") from None


def prove_all(found: "Bundle", known: "Real", *, processes: int, anew: bool, as_json: bool) -> None:
    """Prove every property for everybody; raises ``ChecksFailedError`` unless all are proved."""
    from llmlz.cli.proving import all_proofs, memory, vetted  # noqa: PLC0415  # the solver is loaded where it is used

    everybody = vetted(found, known)
    progress().print(f"proving {len(everybody)} principals with {processes} processes", highlight=False)
    proofs = all_proofs(found, everybody, processes=processes, remembered=None if anew else memory())
    tell(proofs, as_json=as_json)


def compare_with(found: "Bundle", against: Path, listed: Path | None, known: "Real", *, as_json: bool) -> None:
    """Prove that nothing new is allowed but what is listed; raises ``ChecksFailedError`` unless it is proved."""
    from llmlz.access.bundle import read  # noqa: PLC0415
    from llmlz.access.proof.compare import additions, compare  # noqa: PLC0415
    from llmlz.access.proof.properties import PropertyError  # noqa: PLC0415
    from llmlz.cli.proving import subjects_of, vetted  # noqa: PLC0415

    try:
        shapes = additions(listed) if listed else ()
        before = read(against)
        proofs = compare(subjects_of(before, known), vetted(found, known), shapes)
    except OSError as error:
        raise BadInputError(f"{error.filename}: {error.strerror}; expected a file that is there") from None
    except PropertyError as error:
        raise BadInputError(f"--listed {listed}: {error}") from None
    except ValueError as error:
        raise BadInputError(f"--against {error}; expected a file that --save wrote") from None
    tell(proofs, as_json=as_json)


def tell(proofs: "Sequence[Proof]", *, as_json: bool) -> None:
    """Print verdicts, counterexamples and what is not modelled; raises ``ChecksFailedError`` unless all are proved."""
    from llmlz.access.proof.wording import lines, summary, unmodelled  # noqa: PLC0415

    counts = summary(proofs)
    failed = [proof for proof in proofs if proof.verdict != "proved"]
    if as_json:
        print_json({"proofs": [asdict(p) for p in proofs], "summary": dict(counts), "not_modelled": unmodelled()})
    else:
        out = console()
        for proof in failed[:MOST_SHOWN]:
            out.print("\n".join(lines(proof)) + "\n", highlight=False, markup=False)
        if len(failed) > MOST_SHOWN:
            out.print(f"and {len(failed) - MOST_SHOWN} more; --json lists all\n", highlight=False)
        out.print("Not part of any proof:", highlight=False)
        out.print("\n".join(f"  {text}" for text in unmodelled()), highlight=False, markup=False)
        promises, people = {proof.property for proof in proofs}, {proof.subject for proof in proofs}
        layers = sorted({proof.layer for proof in proofs})
        out.print(
            f"\n{len(promises)} promises about {len(people)} principals, in {len({p.reading for p in proofs})} readings of"
            f" wildcards; of {', '.join(layers)}",
            highlight=False,
        )
        out.print(", ".join(f"{count} {verdict}" for verdict, count in counts.items()), highlight=False)
    if failed:
        first = failed[0]
        raise ChecksFailedError(
            f"{len(failed)} of {len(proofs)} proofs failed, first {first.property}: {first.subject}"
        )
