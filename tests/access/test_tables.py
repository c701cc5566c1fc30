"""The grid as Markdown, CSV, JSON and HTML: equal bytes for equal grids, and names stay names."""

import csv
import html
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from llmlz.access.cells import Grid
from llmlz.access.grid import grid
from llmlz.access.page import as_html
from llmlz.access.tables import FIELDS, as_csv, as_json, as_markdown, write
from llmlz.access.view import view
from llmlz.pages import digest
from tests.grids import ACTIONS, GUARDRAIL, HOSTILE, LITE, MICRO, bare, refused, row, rows, team

MOST = 2_000_000
"""Bytes that a page may have with 200 teams and 10 models."""

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r@x", "\N{FULLWIDTH EQUALS SIGN}1")


def sound() -> Grid:
    """Two teams, two models, nothing out of order."""
    graphs = [team("claims", {"claims-lite": LITE}), team("search", {"search-micro": MICRO})]
    return grid(rows(graphs, regions=("eu-central-1", "eu-west-1")), graphs)


def hostile() -> Grid:
    """A grid where every text that comes from a program is hostile."""
    bad = HOSTILE
    at = {"stack": bad, "role": bad, "team": bad, "target": bad, "region": bad, "statement": bad, "layer": bad}
    doubt = {"outcome": "indeterminate", "layer": "", "statement": None, "reason": bad}
    found = [row(**at), bare(**at), row(**(at | {"direct": True} | doubt))]
    return grid([*found, bare(**(at | {"direct": True}))], [team(bad, {bad: bad})])


class Reader(HTMLParser):
    """Collects elements and the text outside scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def cells_of(markdown_line: str) -> list[str]:
    """Cells of a Markdown row, split where a bar is not escaped."""
    return [part.strip() for part in re.split(r"(?<!\\)(?:\\\\)*\|", markdown_line)[1:-1]]


def test_equal_grids_give_equal_bytes(tmp_path: Path) -> None:
    """No clock, no order of sets; the order of rows does not show."""
    graphs = [team("claims", {"claims-lite": LITE}), team("search", {"search-micro": MICRO})]
    found = rows(graphs)
    one, two = write(grid(found, graphs), tmp_path / "one"), write(grid(found[::-1], graphs), tmp_path / "two")
    assert [path.name for path in one] == ["access.md", "access.csv", "access.json", "access.html"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_write_replaces_all_files_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up costs the new files, not the old ones, and nothing is left beside them."""
    old = {path.name: path.read_bytes() for path in write(sound(), tmp_path)}

    def full(_: Path, __: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "chmod", full)
    with pytest.raises(OSError, match="no space left"):
        write(hostile(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == old


def test_the_json_holds_the_whole_grid() -> None:
    """Numbers lead to cells and answers; read back, every way is as it was."""
    made = sound()
    read = json.loads(as_json(made))
    answers = {answer.pop("number"): answer for answer in read["answers"]}
    cells = {cell["number"]: cell for cell in read["cells"]}
    assert (read["format"], read["guardrails"]) == (1, [GUARDRAIL])
    assert [(column["model"], column["region"]) for column in read["columns"]] == [
        (column.model, column.region) for column in made.columns
    ]
    for line, told in zip(made.lines, read["lines"], strict=True):
        assert (line.team, line.role, line.stack) == (told["team"], told["role"], told["stack"])
        for cell, number in zip(line.cells, told["cells"], strict=True):
            assert cells[number]["verdict"] == cell.verdict
            ways = [
                (w["through"], tuple(w["profiles"]), answers[w["answer"]]["outcome"]) for w in cells[number]["ways"]
            ]
            assert ways == [(w.through, w.profiles, w.answer.outcome) for w in cell.ways]


def test_the_csv_has_a_line_per_role_model_and_region() -> None:
    """Every column by its name; what refuses stands beside the verdict."""
    read = list(csv.DictReader(io.StringIO(as_csv(sound()))))
    assert tuple(read[0]) == FIELDS
    assert len(read) == 2 * 2 * 2
    mine = next(r for r in read if (r["team"], r["model"], r["region"]) == ("claims", LITE, "eu-central-1"))
    assert mine == {
        "team": "claims", "role": "claims-role", "stack": "claims", "model": LITE, "region": "eu-central-1",
        "verdict": "allowed with guardrail", "profiles": "claims-lite", "with_guardrail": "allowed",
        "without_guardrail": "refused", "other_profiles": "", "without_profile": "refused", "layer": "identity",
        "statement": "OnlyGuarded", "line": "components/team.py:12", "reason": "",
    }  # fmt: skip


def test_actions_that_differ_are_told_apart_in_the_csv() -> None:
    """Streaming is refused, the rest is allowed: both are in the cell."""
    found = [row(), refused(action=ACTIONS[1]), *(bare(action=action) for action in ACTIONS)]
    (read,) = csv.DictReader(io.StringIO(as_csv(grid(found, [team("claims", {"claims-lite": LITE})]))))
    assert read["with_guardrail"] == (
        "allowed for InvokeModel through claims-lite; refused for InvokeModelWithResponseStream through claims-lite"
    )


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_becomes_a_formula(formula: str) -> None:
    """A spreadsheet shows names that look like formulas and calculates none."""
    at = {"stack": formula, "role": formula, "team": formula, "target": formula, "statement": formula}
    made = grid([row(**at), bare(**at)], [team(formula, {formula: formula})])
    for read in csv.reader(io.StringIO(as_csv(made))):
        assert not [text for text in read if re.match(r"\s*[=+\-@\N{FULLWIDTH EQUALS SIGN}]", text)]
        assert not [text for text in read if not text.isprintable()]


def test_a_line_of_the_csv_is_one_line() -> None:
    """Line breaks, quotes and commas in names stay inside their cell."""
    text = as_csv(hostile())
    assert len(text.splitlines()) == 2
    (read,) = csv.DictReader(io.StringIO(text))
    assert read["team"].startswith("<script>alert('x')</script>")


def test_hostile_names_make_no_elements() -> None:
    """No name becomes markup, an attribute, a template expression or a script."""
    text = as_html(hostile())
    read = Reader(text)
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert "<script>alert" not in text
    assert not [name for _, attrs in read.elements for name in attrs if name.startswith("on")]
    assert not [
        attrs["href"] for tag, attrs in read.elements if tag == "a" if not (attrs["href"] or "").startswith("#")
    ]
    words = "".join(read.words)
    assert "alert('x')" in words
    assert "{{ 7 * 7 }}" in words


def test_the_page_loads_nothing_and_runs_only_its_filter() -> None:
    """One file; the policy of the page names its style and its script by their hashes, and nothing else."""
    text = as_html(sound())
    read = Reader(text)
    loading = {"link", "iframe", "img", "object", "embed", "base", "form", "audio", "video"}
    assert {tag for tag, _ in read.elements}.isdisjoint(loading)
    assert not [name for _, attrs in read.elements for name in attrs if name in ("src", "srcset", "style", "action")]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = [a["content"] for t, a in read.elements if t == "meta" and a.get("http-equiv")]
    assert policy == (
        f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_every_number_of_the_page_leads_to_its_meaning() -> None:
    """Each cell links to a kind that is on the page, and shows the profile that is called."""
    text = as_html(sound())
    read = Reader(text)
    linked = {attrs["href"] for tag, attrs in read.elements if tag == "a"}
    assert linked == {f"#{attrs['id']}" for tag, attrs in read.elements if tag == "tbody" and "id" in attrs}
    assert len(linked) == len(view(sound()).kinds)
    assert "2 roles, 2 models, 2 regions: 2 allowed, 6 refused." in text
    (open_,) = re.findall(r'<td class="allowed">(.*?)</td>', text.partition("claims-role")[2].partition("</tr>")[0])
    assert html.unescape(re.sub("<.*?>", " ", open_)).split()[:3] == ["allowed", "with", "guardrail"]
    assert "claims-lite" in open_


def test_markdown_is_a_table_whatever_the_names_are() -> None:
    """Each row has the cells of its head, and no name becomes HTML, a link, code or emphasis."""
    for made in (sound(), hostile()):
        lines = as_markdown(made).splitlines()
        tables = [line for line in lines if line.startswith("|")]
        widths = [len(cells_of(line)) for line in tables]
        first = 2 + len(view(made).groups)
        assert set(widths) == {first, 8}
        assert widths == sorted(widths, key=lambda width: width != first)
    text = as_markdown(hostile())
    assert "<" not in text.replace(r"\<", "")
    assert "`" not in text.replace(r"\`", "")
    assert "](" not in text.replace(r"\](", "")
    assert "://" not in text
    assert all(c.isprintable() or c == "\n" for c in text)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a_b", "a_b"), ("_a_", r"\_a\_"), ("__a__", r"\_\_a\_\_"), ("*a*", r"\*a\*"), ("a\\|b", r"a\\\|b"),
        ("www.example.com", r"www\.example.com"), ("a#b", r"a\#b"), ("a&amp;b", r"a\&amp;b"),
    ],
)  # fmt: skip
def test_markdown_shows_a_name_as_it_is(name: str, written: str) -> None:
    """What Markdown would take for markup is escaped, and nothing else is."""
    made = grid([row(team=name), bare(team=name)], [team("claims", {"claims-lite": LITE})])
    assert f"| {written} | claims-role |" in as_markdown(made)


def test_200_teams_and_10_models_stay_small() -> None:
    """The page of a large platform opens at once, and its cells have a handful of kinds."""
    models = [f"vendor{number}.a-model-with-a-long-name-{number}-v1:0" for number in range(10)]
    graphs = [
        team(f"team-{n:03d}", {f"team-{n:03d}-{m}-eu": models[m] for m in {n % 10, (n + 3) % 10}}) for n in range(200)
    ]
    made = grid(rows(graphs, actions=ACTIONS[:1], regions=("eu-central-1", "eu-west-1")), graphs)
    assert (len(made.lines), len(made.columns)) == (200, 20)
    assert len(view(made).kinds) <= 4
    sizes = {render: len(render(made).encode()) for render in (as_html, as_json, as_csv, as_markdown)}
    assert max(sizes.values()) < MOST, sizes


def test_an_empty_grid_is_written_too(tmp_path: Path) -> None:
    """A platform without a profile gives files that say so."""
    paths = write(Grid(), tmp_path)
    assert "0 roles, 0 models, 0 regions: nothing was evaluated." in paths[0].read_text(encoding="utf-8")
    assert json.loads(paths[2].read_text(encoding="utf-8"))["lines"] == []
