"""Boxes of the picture: each has a height for a width, and draws itself at a place."""

from dataclasses import dataclass

from llmlz.report.shapes import Canvas
from llmlz.report.sketch import Box, Call, Group

PAD = 12
LINE = 18
LINES = 4
"""Types in one box; the others are counted."""

CELL = 46
"""Height of a subnet."""

ASIDE, CLOSE = 62, 400
"""Room beside a row for the kind of its subnets, and the width of a network below which there is none."""

PILL = 24
DRAWN = ("InferenceProfile", "Role", "RolePolicy")
"""Types that a team's box shows as roles and profiles instead of counting them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component."""

    box: Box

    @property
    def wanted(self) -> tuple[tuple[str, str], ...]:
        """Class and words of each line below the heading."""
        lines = [("t used", name) for name in self.box.used]
        room = max(LINES - len(lines), 1)
        lines += [("s", line) for line in self.box.lines[:room]]
        more = len(self.box.lines) - room
        return (*lines, *([("s", f"and {more} more type{'s' * (more > 1)}")] if more > 0 else []))

    def height(self, width: float) -> float:
        """How much it needs at this width."""
        if self.box.cells:
            return PAD * 2 + LINE * 3 + len(_kinds(self.box)) * self._row(width - 2 * PAD)
        return PAD * 2 + LINE * (2 + len(self.wanted))

    def draw(self, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
        """Heading, number of resources, then subnets or what was made."""
        box, room = self.box, width - 2 * PAD
        canvas.box(x, y, width, height, "part shared" if box.used else "part")
        canvas.text(x + PAD, y + PAD + 12, box.name, "h", room=room)
        kept = f", {box.protected} protected" if box.protected else ""
        canvas.text(x + PAD, y + PAD + 12 + LINE, f"{box.type}: {box.count}{kept}", "s", room=room)
        if box.cells:
            self._subnets(canvas, x + PAD, y + PAD + 2 * LINE, room)
            return
        for number, (kind, words) in enumerate(self.wanted, 2):
            canvas.text(x + PAD, y + PAD + 12 + number * LINE, words, kind, room=room)

    def _subnets(self, canvas: Canvas, x: float, y: float, width: float) -> None:
        """Zones across, kinds down. Where there is little room, kinds stand above their row and zones show their letter alone."""
        zones = sorted({cell.zone for cell in self.box.cells})
        close = width < CLOSE
        first = 0 if close else ASIDE
        step = (width - first + 4) / len(zones)
        for column, zone in enumerate(zones):
            words = f"zone {zone[-1:]}" if close else zone
            canvas.text(x + first + column * step + 4, y + 14, words, "s", room=step - 6)
        for row, kind in enumerate(_kinds(self.box)):
            top = y + LINE + 4 + row * self._row(width)
            canvas.text(x, top + (13 if close else CELL / 2 + 4), kind, "t", room=width if close else ASIDE - 4)
            top += LINE if close else 0
            for cell in self.box.cells:
                if cell.kind == kind:
                    left = x + first + zones.index(cell.zone) * step
                    canvas.box(left, top, step - 4, CELL, f"cell {'busy' if cell.holds else ''}".strip())
                    middle = 18 if cell.holds else CELL / 2 + 4
                    canvas.text(left + 5, top + middle, cell.cidr, "s", room=step - 12)
                    canvas.text(left + 5, top + 36, ", ".join(cell.holds), "s used", room=step - 12)

    @staticmethod
    def _row(width: float) -> float:
        return CELL + 4 + (LINE if width < CLOSE else 0)


@dataclass(frozen=True, slots=True)
class Team:
    """One stack that uses another."""

    group: Group

    @property
    def others(self) -> tuple[str, ...]:
        """What it made besides the roles and profiles that are drawn."""
        return tuple(line for box in self.group.boxes for line in box.lines if line.split(" ", 1)[1] not in DRAWN)

    def height(self, width: float) -> float:
        """How much it needs, at any width."""
        pills = sum(1 + len(call.profiles) for call in self.group.calls)
        return PAD * 2 + LINE * 2 + 8 + pills * (PILL + 6) + LINE * len(self.others)

    def draw(self, canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
        """Heading, every role with the profiles that its policies name, and the rest."""
        room = width - 2 * PAD
        canvas.box(x, y, width, height, "team")
        canvas.text(x + PAD, y + PAD + 12, self.group.stack, "h", room=room)
        canvas.text(x + PAD, y + PAD + 12 + LINE, f"{self.group.count} resources", "s", room=room)
        top = y + PAD + 2 * LINE + 8
        for call in self.group.calls:
            top = self._call(canvas, x + PAD, top, room, call)
        for line in self.others:
            canvas.text(x + PAD, top + 12, line, "s", room=room)
            top += LINE

    def _call(self, canvas: Canvas, x: float, y: float, width: float, call: Call) -> float:
        canvas.box(x, y, width * 0.6, PILL, "role")
        canvas.text(x + 8, y + 16, call.role, "t", room=width * 0.6 - 16)
        trunk, top = x + 14, y + PILL
        for profile in call.profiles:
            middle = top + 6 + PILL / 2
            canvas.line([(trunk, y + PILL), (trunk, middle), (x + 34, middle)], "call")
            canvas.head(x + 36, middle, "right", "call-head")
            canvas.box(x + 36, top + 6, width - 36, PILL, "profile")
            canvas.text(x + 44, top + 22, profile, "t", room=width - 52)
            top += PILL + 6
        return top + 6


def _kinds(box: Box) -> tuple[str, ...]:
    """Kinds of subnets in the order of their addresses in the first zone."""
    order = sorted(
        box.cells, key=lambda cell: (cell.zone, [int(n) for n in cell.cidr.partition("/")[0].split(".") if n.isdigit()])
    )
    return tuple(dict.fromkeys(cell.kind for cell in order))
