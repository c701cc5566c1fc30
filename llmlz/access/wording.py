"""A grid in words, for whatever shows it to people."""

from collections.abc import Mapping, Sequence

from llmlz.access.cells import Cell, Grid, Through, Verdict, Way
from llmlz.access.evaluate import Outcome

OUTCOME_WORDS: Mapping[Outcome, str] = {"allowed": "allowed", "denied": "refused", "indeterminate": "undecided"}
VERDICT_WORDS: Mapping[Verdict, str] = {
    "indeterminate": "undecided",
    "wider": "allowed and wider than meant",
    "allowed": "allowed",
    "refused": "refused",
}
"""The most serious first."""

ALSO: Mapping[Through, str] = {
    "own profile": "without a guardrail",
    "profile of another": "through profiles of others",
    "no profile": "without a profile",
}


def summary(grid: Grid) -> str:
    """How many roles, models and regions, and how often each verdict stands in the grid."""
    cells = [cell.verdict for line in grid.lines for cell in line.cells]
    counts = [f"{cells.count(verdict)} {word}" for verdict, word in VERDICT_WORDS.items() if verdict in cells]
    models, regions = ({getattr(c, name) for c in grid.columns} for name in ("model", "region"))
    size = [_counted(len(grid.lines), "role"), _counted(len(models), "model"), _counted(len(regions), "region")]
    return f"{', '.join(size)}: {', '.join(counts) or 'nothing was evaluated'}."


def words(cell: Cell, grid: Grid) -> str:
    """The verdict of a cell in a few words, with whatever makes it special."""
    if cell.verdict == "indeterminate":
        return "undecided"
    if cell.verdict == "wider":
        open_ = [way for way in cell.ways if way.answer.outcome == "allowed"]
        more = " and ".join(dict.fromkeys(ALSO[way.through] for way in open_ if not way.intended))
        return f"allowed, also {more}" if any(way.intended for way in open_) else f"allowed {more}"
    if cell.verdict == "refused":
        return "refused"
    own = [way for way in cell.ways if way.intended]
    open_ = [way for way in own if way.answer.outcome == "allowed"]
    kinds = {bool(way.guardrails) for way in open_}
    how = "with guardrail or without" if len(kinds) > 1 else "with guardrail" if True in kinds else "without guardrail"
    part = _scope(open_, grid) if open_ != own else ""
    return f"allowed {how}: {part}" if part else f"allowed {how}"


def said(ways: Sequence[Way], grid: Grid) -> str:
    """What was decided about these ways: one word where it is one, empty for no way."""
    found: dict[str, list[Way]] = {}
    for way in ways:
        found.setdefault(OUTCOME_WORDS[way.answer.outcome], []).append(way)
    if len(found) <= 1:
        return "".join(found)
    return "; ".join(f"{word} {_scope(group, grid)}" for word, group in found.items())


def _scope(ways: Sequence[Way], grid: Grid) -> str:
    """Actions and guardrails of ways, where they are not all that there are, and the names of profiles."""
    scopes = []
    for way in ways:
        parts = [
            f"for {' and '.join(way.actions)}" if way.actions != grid.actions else "",
            f"with {' or '.join(way.guardrails)}" if way.guardrails not in ((), grid.guardrails) else "",
            f"through {' or '.join(way.profiles)}" if way.profiles else "",
        ]
        scopes.append(" ".join(part for part in parts if part))
    return ", ".join(dict.fromkeys(scopes))


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
