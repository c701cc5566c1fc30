"""What was asked and not answered: after an answer of checkov, each resource that it should have judged is accounted for.

Owns: doubts about an answer.
Does not own: doubts about what was asked (``projection``, ``manifests``).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from llmlz.checkov.answers import Answer, Catalogue, Check
from llmlz.checkov.doubt import Doubt


def missing(asked: Mapping[str, tuple[str, str]], answer: Answer, catalogue: Catalogue, stack: str) -> Iterator[Doubt]:
    """Doubts about an answer; ``asked`` is address to URN and type (or kind of a manifest), ``stack`` the stack's URN."""
    judged: dict[str, set[str]] = defaultdict(set)
    for result in answer.results:
        judged[result.address].add(result.check)
    by_type: dict[str, list[Check]] = {}
    for address, (urn, type_) in asked.items():
        if type_ not in by_type:
            by_type[type_] = [c for c in catalogue.checks.values() if c.judges(type_) or type_ in c.kinds]
        checks = by_type[type_]
        if checks and address not in answer.scanned:
            yield Doubt(urn, f"checkov did not look at it, although {len(checks)} of the asked checks cover {type_}")
            continue
        for check in checks:
            if check.id not in judged[address]:
                yield Doubt(urn, _silent(check, type_), check.id)
    for address in sorted({*judged, *answer.scanned} - set(asked)):
        yield Doubt(stack, f"checkov speaks of {address}, which nobody asked about")
    for error in answer.errors:
        found = [urn for address, (urn, _) in asked.items() if address in error]
        for urn in found or [stack]:
            yield Doubt(urn, f"checkov could not read or run something: {error}")


def _silent(check: Check, type_: str) -> str:
    why = "checkov cannot tell that from a plan" if check.skipped else f"it covers {type_} and said nothing"
    return f"{check.id} ({check.name}) gave no verdict: {why}"
