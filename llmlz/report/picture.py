"""The picture of what was built: an inline SVG, laid out here, once for a wide page and once for a narrow one.

Wide, the lines between stacks run below the platform; narrow, they run down its left side. A dot is a joint.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from llmlz.report.parts import PAD, Part, Team
from llmlz.report.shapes import Canvas
from llmlz.report.sketch import Group, Sketch

WIDE, NARROW = 1200, 400
GAP = 12
HEADER = 50
LANE, CLOSE_LANE = 14, 10
"""Distance between two lines, below a wide platform and beside a narrow one."""

COLOURS = 6
"""Classes of lines; they repeat after that."""

TEAMS = 4
"""Boxes of teams below one platform; more are counted in the last one."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a component stands that teams use."""

    urn: str
    x: float
    y: float
    width: float
    height: float


def picture(sketch: Sketch, width: int = WIDE) -> str:
    """Inline SVG for a page of this width in pixels; equal sketches give equal texts."""
    canvas = Canvas(width)
    y = 0.0
    shown: set[str] = set()
    for provider in sketch.providers:
        urns = {box.urn for box in provider.boxes}
        users = [g for g in sketch.users if urns & set(g.uses) and g.stack not in shown]
        shown |= {group.stack for group in users}
        y = (_wide if width >= WIDE else _narrow)(canvas, y, provider, users) + 2 * GAP
    kind = "wide" if width >= WIDE else "narrow"
    title = "What was built: " + ", ".join(group.stack for group in (*sketch.providers, *sketch.users))
    return canvas.markup(max(y - 2 * GAP, 1), id_=f"picture-{kind}", title=title, description=describe(sketch))


def describe(sketch: Sketch) -> str:
    """The picture in words."""
    names = {box.urn: box.name for group in (*sketch.providers, *sketch.users) for box in group.boxes}
    said = []
    for group in (*sketch.providers, *sketch.users):
        boxes = ", ".join(f"{box.name} ({box.type}, {box.count} resources)" for box in group.boxes)
        said.append(f"{group.stack} in {group.place} has {group.count} resources: {boxes}.")
        said += [f"{call.role} names the profiles {', '.join(call.profiles)}." for call in group.calls]
        if used := [names[urn] for urn in group.uses if urn in names]:
            said.append(f"It uses {', '.join(used)}.")
    return " ".join(said)


def _wide(canvas: Canvas, top: float, provider: Group, users: Sequence[Group]) -> float:
    inner = canvas.width - 2 * PAD
    networks, others, shared = _sorted(provider)
    y = top + HEADER
    half = (inner - GAP) / 2 if networks and others else inner
    left = _column(None, PAD, y, half, networks)
    beside = PAD + half + GAP if networks else PAD
    right = _grid(None, beside, y, half, others, columns=2 if networks else 4)
    middle = max(left, right, y)
    spots_y = middle + GAP if middle > y else y
    each = (inner - GAP * (len(shared) - 1)) / max(len(shared), 1)
    tall = max((part.height(each) for part in shared), default=0)
    bottom = (spots_y + tall if shared else middle) + PAD

    canvas.box(0.5, top + 0.5, canvas.width - 1, bottom - top - 1, "stack")
    _header(canvas, 0, top, canvas.width, provider)
    _column(canvas, PAD, y, half, networks)
    _grid(canvas, beside, y, half, others, columns=2 if networks else 4)
    spots = []
    for number, part in enumerate(shared):
        spot = Spot(part.box.urn, PAD + number * (each + GAP), spots_y, each, tall)
        part.draw(canvas, spot.x, spot.y, each, tall)
        spots.append(spot)
    return _lanes_below(canvas, bottom, spots, users) if users else bottom


def _lanes_below(canvas: Canvas, bottom: float, spots: Sequence[Spot], users: Sequence[Group]) -> float:
    teams, more = _shown(users)
    width = (canvas.width - GAP * (len(teams) - 1)) / len(teams)
    first = bottom + LANE
    top = first + len(spots) * LANE + GAP
    drops = [spot.x + spot.width / 2 for spot in spots]
    for index, spot in enumerate(spots):
        lane, colour = first + index * LANE, f"lane c{index % COLOURS}"
        ends = [drops[index]]
        canvas.dot(drops[index], lane, f"joint c{index % COLOURS}")
        for number, group in enumerate(teams):
            if spot.urn in group.uses:
                x = _free(number * (width + GAP) + (index + 1) * width / (len(spots) + 1), drops)
                canvas.line([(x, top), (x, lane)], colour)
                canvas.dot(x, lane, f"joint c{index % COLOURS}")
                ends.append(x)
        canvas.line([(min(ends), lane), (max(ends), lane)], colour)
        canvas.line([(drops[index], lane), (drops[index], spot.y + spot.height + 6)], colour)
        canvas.head(drops[index], spot.y + spot.height, "up", f"head c{index % COLOURS}")
    tall = max(Team(group).height(width) for group in teams)
    for number, group in enumerate(teams):
        Team(group).draw(canvas, number * (width + GAP), top, width, tall)
    return _more(canvas, top + tall, more)


def _narrow(canvas: Canvas, top: float, provider: Group, users: Sequence[Group]) -> float:
    networks, others, shared = _sorted(provider)
    teams, more = _shown(users)
    gutter = len(shared) * CLOSE_LANE + 8 if teams else 0
    x, inner = gutter + PAD, canvas.width - gutter - 2 * PAD
    y = top + HEADER
    for draws in (None, canvas):  # once to learn the height, once on top of the stack's own box
        end = _column(draws, x, y, inner, networks)
        end = _grid(draws, x, end + (GAP if networks else 0), inner, others, columns=2)
        starts = end + (GAP if others else 0)
        bottom = _column(draws, x, starts, inner, shared) + PAD
        if draws is None:
            canvas.box(gutter + 0.5, top + 0.5, canvas.width - gutter - 1, bottom - top - 1, "stack")
            _header(canvas, gutter, top, canvas.width - gutter, provider)
    if not teams:
        return bottom
    tops, at = [], bottom + 2 * GAP
    for group in teams:
        tops.append(at)
        tall = Team(group).height(inner)
        Team(group).draw(canvas, gutter, at, canvas.width - gutter, tall)
        at += tall + GAP
    at_part = starts
    for index, part in enumerate(shared):
        lane, colour = 5 + index * CLOSE_LANE, f"lane c{index % COLOURS}"
        middle = at_part + part.height(inner) / 2
        at_part += part.height(inner) + GAP
        ends = [t + 20 + index * CLOSE_LANE for t, group in zip(tops, teams, strict=True) if part.box.urn in group.uses]
        canvas.line([(lane, max([middle, *ends])), (lane, middle), (x - 6, middle)], colour)
        canvas.head(x, middle, "right", f"head c{index % COLOURS}")
        for end in ends:
            canvas.line([(lane, end), (gutter, end)], colour)
            canvas.dot(lane, end, f"joint c{index % COLOURS}")
    return _more(canvas, at - GAP, more)


def _sorted(group: Group) -> tuple[list[Part], list[Part], list[Part]]:
    """Networks, what no other stack uses with the largest first, and what another one uses."""
    parts = [Part(box) for box in group.boxes]
    free = [part for part in parts if not part.box.used]
    return (
        [part for part in free if part.box.cells],
        sorted((part for part in free if not part.box.cells), key=lambda part: -len(part.wanted)),
        [part for part in parts if part.box.used],
    )


def _column(canvas: Canvas | None, x: float, y: float, width: float, parts: Sequence[Part]) -> float:
    """Parts below one another; the end of the last one. Without a canvas only the end."""
    return _grid(canvas, x, y, width, parts, columns=1)


def _grid(canvas: Canvas | None, x: float, y: float, width: float, parts: Sequence[Part], *, columns: int) -> float:
    each = (width - GAP * (columns - 1)) / columns
    ends = [y] * columns
    for part in parts:
        column = ends.index(min(ends))
        tall = part.height(each)
        if canvas:
            part.draw(canvas, x + column * (each + GAP), ends[column], each, tall)
        ends[column] += tall + GAP
    return max(ends) - GAP if parts else y


def _header(canvas: Canvas, x: float, y: float, width: float, group: Group) -> None:
    canvas.text(x + PAD, y + 22, group.stack, "h", room=width - 2 * PAD)
    canvas.text(x + PAD, y + 39, f"{group.place} · {group.count} resources", "s", room=width - 2 * PAD)


def _shown(users: Sequence[Group]) -> tuple[Sequence[Group], int]:
    return users[:TEAMS], max(len(users) - TEAMS, 0)


def _more(canvas: Canvas, y: float, more: int) -> float:
    if not more:
        return y
    canvas.text(
        0, y + 24, f"and {more} more stacks like these; the tables below list all of them", "t", room=canvas.width
    )
    return y + 34


def _free(x: float, taken: Sequence[float]) -> float:
    """The next place to the right where no other line runs."""
    while any(abs(x - other) < LANE / 2 for other in taken):
        x += LANE
    return x
