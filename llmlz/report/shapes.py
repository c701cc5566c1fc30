"""The few shapes that the picture is made of, as SVG elements without styles: the page's style sheet colours them."""

from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

LETTER = 0.56
"""Width of an average letter as a share of the font size; sans-serif fonts are close to it."""

SIZES = {"h": 15, "t": 13, "s": 12}
"""Class of a text to font size: heading, text, small."""

CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), "�")
"""Characters that markup cannot hold."""


@dataclass(slots=True)
class Canvas:
    """Collects shapes; y grows downwards."""

    width: float
    root: Element = field(default_factory=lambda: Element("svg"))

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A rounded rectangle of class ``kind``."""
        SubElement(self.root, "rect", _at(x=x, y=y, width=width, height=height, rx=6) | {"class": kind})

    def text(self, x: float, y: float, words: str, kind: str, *, room: float) -> None:
        """One line, cut to ``room``; what was cut is shown when it is pointed at. ``kind`` starts with a key of SIZES."""
        words = words.translate(CONTROL)
        longest = max(1, int(room / (SIZES[kind.split(maxsplit=1)[0]] * LETTER)))
        element = SubElement(self.root, "text", _at(x=x, y=y) | {"class": kind})
        if len(words) > longest:
            SubElement(element, "title").text = words
            element[0].tail = words[: longest - 1] + "…"
        else:
            element.text = words

    def line(self, points: list[tuple[float, float]], kind: str) -> None:
        """An open line through points."""
        SubElement(self.root, "polyline", {"points": _points(points), "class": kind})

    def dot(self, x: float, y: float, kind: str) -> None:
        """A joint of two lines; lines that cross without one do not meet."""
        SubElement(self.root, "circle", _at(cx=x, cy=y, r=3.5) | {"class": kind})

    def head(self, x: float, y: float, direction: str, kind: str) -> None:
        """The head of an arrow whose tip is at the point; ``direction`` is ``up`` or ``right``."""
        tip = (
            [(x, y), (x - 4, y + 8), (x + 4, y + 8)] if direction == "up" else [(x, y), (x - 8, y - 4), (x - 8, y + 4)]
        )
        SubElement(self.root, "polygon", {"points": _points(tip), "class": kind})

    def markup(self, height: float, *, id_: str, title: str, description: str) -> str:
        """The picture as inline SVG with a name and a description for those who cannot see it."""
        self.root.attrib = {
            "viewBox": f"0 0 {self.width:g} {height:g}",
            "role": "img",
            "aria-labelledby": f"{id_}-title {id_}-desc",
            "class": id_,
        }
        for position, (tag, words) in enumerate((("title", title), ("desc", description))):
            element = Element(tag, {"id": f"{id_}-{tag}"})
            element.text = words.translate(CONTROL)
            self.root.insert(position, element)
        return ElementTree.tostring(self.root, encoding="unicode")


def _at(**numbers: float) -> dict[str, str]:
    return {name: f"{number:.1f}".removesuffix(".0") for name, number in numbers.items()}


def _points(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
