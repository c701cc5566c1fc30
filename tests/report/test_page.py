"""The page shows what the report says, whatever the texts in it are."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from llmlz.access.matrix import Row
from llmlz.checks.evaluate import Coverage, Evaluation
from llmlz.graph.model import Graph
from llmlz.report.assemble import report_of
from llmlz.report.model import to_json
from llmlz.report.page import EVIDENCE, PAGE, page, write
from tests import estates, grids
from tests.report import samples

FILES = {PAGE, *EVIDENCE}
LOADING = ("src", "srcset", "data", "poster", "action", "formaction", "style", "background", "xlink:href")


class Reader(HTMLParser):
    """Collects elements, attributes and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def tags(self) -> set[str]:
        """Names of all elements."""
        return {tag for tag, _ in self.elements}


def hostile() -> str:
    """A page where every text that a program or a tool gives is hostile."""
    bad = samples.HOSTILE
    component = samples.resource(bad, f"llmlz:index:{bad}", kind="component")
    made = samples.resource(bad, parent=component.urn)
    graph = samples.graph(component, made, region=bad, account=bad, stack=bad)
    found = samples.finding(made, message=bad, remediation=bad, control=bad)
    at = {"stack": bad, "role": bad, "team": bad, "target": bad, "region": bad, "statement": bad, "layer": bad}
    return page(
        report_of(
            title=bad,
            created=bad,
            graphs={bad: graph},
            level=1,
            access=[grids.row(**at), grids.bare(**at)],
            evaluations={bad: Evaluation(findings=(found,), coverage=())},
            calls=[samples.call(name=bad, note=bad, how=bad)],
            deployment=samples.deployment(graph, missing={made.urn: bad}, unexpected={made.urn: bad}),
        )
    )


def test_hostile_texts_make_no_elements() -> None:
    """No name becomes markup, an attribute or a template expression, in the page or in the picture."""
    text = hostile()
    read = Reader(text)
    assert "script" not in read.tags
    assert "<script" not in text.lower()
    assert not [name for _, attrs in read.elements for name in attrs if name.startswith("on")]
    assert "alert('x')" in "".join(read.words)
    assert "{{ 7 * 7 }}" in "".join(read.words)
    assert "\x07" not in text.partition("<svg")[2].partition("</svg>")[0]


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    """Only ``https`` becomes a link; every other link stays on the page."""
    links = [attrs["href"] or "" for tag, attrs in Reader(page(samples.example())).elements if tag == "a"]
    assert {link.partition(":")[0] if ":" in link else "#" for link in links} == {"#", "https"}


def test_nothing_is_loaded_and_nothing_runs() -> None:
    """One file: no scripts, no frames, no fonts, no pictures from elsewhere, and a policy that forbids them."""
    read = Reader(page(samples.example()))
    assert read.tags.isdisjoint(
        {"script", "link", "iframe", "img", "object", "embed", "base", "form", "audio", "video"}
    )
    assert not [name for _, attrs in read.elements for name in attrs if name in LOADING]
    (style,) = re.findall(r"<style>(.*?)</style>", page(samples.example()), re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    (policy,) = [a["content"] for t, a in read.elements if t == "meta" and a.get("http-equiv")]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def access_section(access: list[Row], graphs: list[Graph]) -> str:
    """What the page says about who may call what."""
    report = report_of(title="t", created="c", graphs={g.stack: g for g in graphs}, level=1, access=access)
    return page(report).partition('<section id="access">')[2].partition("</section>")[0]


def test_the_matrix_says_who_may_call_what_and_what_decided() -> None:
    """One line per role, one cell per model; each number leads to the layer, the statement and the line that decided."""
    graphs = [grids.team("claims", {"claims-lite": grids.LITE}), grids.team("search", {"search-micro": grids.MICRO})]
    section = access_section(grids.rows(graphs), graphs)
    assert "2 roles, 2 models, 1 region: 2 allowed, 2 refused." in section
    assert re.findall(r'<th scope="row">(\w+)<small>([\w-]+)</small>', section) == [
        ("claims", "claims-role"), ("search", "search-role"),
    ]  # fmt: skip
    cells = re.findall(r'<td class="(allowed|refused)">.*?<a href="#kind-(\d)">\d</a><small>(.*?)</small>', section)
    assert cells == [
        ("allowed", "1", "claims-lite"), ("refused", "2", "by identity"),
        ("refused", "2", "by identity"), ("allowed", "1", "search-micro"),
    ]  # fmt: skip
    kind = section.partition('id="kind-1"')[2].partition("</tbody>")[0]
    assert "OnlyGuarded</td>" in kind
    assert "<code>components/team.py:12</code>" in kind
    assert "no statement allows it</td>" in kind


def test_the_matrix_of_200_teams_and_10_models_stays_small() -> None:
    """The section of a large platform is far below what a browser opens at once, and no role is left out."""
    models = [f"vendor{number}.a-model-with-a-long-name-{number}-v1:0" for number in range(10)]
    graphs = [
        grids.team(f"team-{n:03d}", {f"team-{n:03d}-{m}-eu": models[m] for m in {n % 10, (n + 3) % 10}})
        for n in range(200)
    ]
    section = access_section(grids.rows(graphs, actions=grids.ACTIONS[:1]), graphs)
    assert section.count('<th scope="row">') == 200
    assert len(section.encode()) < 1_000_000


def test_every_row_that_is_not_proved_is_on_the_page() -> None:
    """What is not proved can be read, each with its reason."""
    graph = estates.recorded()["platform-sandbox"]
    lost = graph.of_type("aws:kms/key:Key")[0]
    report = samples.example(
        calls=[samples.call(got="not tried", note="no word is blocked")],
        deployment=samples.deployment(graph, missing={lost.urn: "the emulator has no keys"}, unexpected={}),
    )
    rows = re.findall(
        r"<tr><td class=\"tight state\">(.*?)</td><td>(.*?)</td><td data-name=\"Why\">(.*?)</td></tr>", page(report)
    )
    shown = [tuple(html.unescape(part) for part in row) for row in rows]
    assert shown == [(row.area, row.what, row.why) for row in report.not_proved]
    assert ("local cloud", "aws:kms/key:Key: keys-data", "the emulator has no keys") in shown
    assert ("calls", "approved model: answered", "no word is blocked") in shown


def test_counts_and_names_are_those_of_the_graph() -> None:
    """Every resource is on the page once in the list, and the sum on the first screen is theirs."""
    graphs = estates.recorded()
    report = samples.example()
    text = page(report)
    assert [stack.total for stack in report.stacks] == [len(graph.custom()) for graph in graphs.values()]
    total = sum(len(graph.custom()) for graph in graphs.values())
    assert f"{total} resources in {len(graphs)} stacks" in text
    listed = text.partition('<section id="stacks">')[2]
    for graph in graphs.values():
        for made in graph.custom():
            assert f"<td>{made.name}</td><td><code>{made.type}</code></td><td><code>{made.source}</code></td>" in listed
    assert listed.count("<td><code>aws:") == total


def test_a_finding_shows_its_line_and_its_fix() -> None:
    """Who must correct something finds where and how."""
    made = samples.resource("keys-data", "aws:kms/key:Key")
    found = samples.finding(made, message="rotation is off", remediation="turn it on")
    report = report_of(
        title="t",
        created=samples.CREATED,
        graphs={"dev": samples.graph(made)},
        level=1,
        evaluations={"dev": Evaluation(findings=(found,), coverage=())},
    )
    shown = page(report).partition('<section id="controls">')[2]
    assert "dev: keys-data <code>a.py:1</code>" in shown
    assert "rotation is off<br>Fix: turn it on" in shown
    assert "It does not hold" in page(report)


def test_every_clause_stands_on_the_page_covered_or_not() -> None:
    """One table a framework, in its own order: a clause without a control has the same line as one with controls."""
    report = samples.example()
    section = page(report).partition('<section id="evidence">')[2].partition("</section>")[0]
    for framework in report.evidence.frameworks:
        part = section.partition(f'<details id="evidence-{framework.name}">')[2].partition("</details>")[0]
        lines = re.findall(r'<tr><td class="clause">(.*?)</td>.*?<span class="state ([\w-]+)">(.*?)</span>', part)
        assert [(html.unescape(id_).split(" <")[0], state) for id_, _, state in lines] == [
            (clause.id, clause.state) for clause in framework.clauses
        ]
        assert {css for _, css, _ in lines} == {clause.state.replace(" ", "-") for clause in framework.clauses}
        said = ", ".join(f"{count} {state}" for state, count in framework.totals.items())
        assert f"{said}, of {len(framework.clauses)} listed</span></summary>" in part
    assert not re.search(r"satisf|compl(y|ies|iant|iance)|fulfil", section.lower())


def test_links_of_the_evidence_lead_to_a_control_or_a_framework() -> None:
    """Each control that a clause names has its line with what it said and the test that shows it."""
    read = Reader(page(samples.example()))
    ids = [attrs["id"] for _, attrs in read.elements if attrs.get("id")]
    wanted = {attrs["href"] or "" for tag, attrs in read.elements if tag == "a"}
    assert len(ids) == len(set(ids))
    assert {link for link in wanted if link.startswith("#evidence-")} <= {f"#{id_}" for id_ in ids}


def test_a_clause_whose_control_does_not_hold_says_so() -> None:
    """Support that is looked at and violated is not shown as support alone; without any run, that is said."""
    made = samples.resource("keys-data", "aws:kms/key:Key")
    looked = Coverage(control="KEY-01", looked_at=(made.urn,))
    found = Evaluation(findings=(samples.finding(made),), coverage=(looked,))
    report = report_of(title="t", created="c", graphs={"dev": samples.graph(made)}, level=1, evaluations={"dev": found})
    section = page(report).partition('<section id="evidence">')[2].partition("</section>")[0]
    (line,) = re.findall(r'<tr><td class="clause">5\.7</td>.*?</tr>', section, re.DOTALL)
    assert '<span class="violated">with a finding</span>' in line
    assert '<span class="state violated">violated</span>' in line
    assert "No control was run" not in section
    assert "No control was run" in page(report_of(title="t", created="c", graphs={}, level=1))


def test_equal_reports_give_equal_bytes() -> None:
    """No clock, no order of sets, no random names."""
    assert page(samples.example()) == page(samples.example())
    assert to_json(samples.example()) == to_json(samples.example())
    read = json.loads(to_json(samples.example()))
    assert read["created"] == samples.CREATED
    assert {"claims", "search"} <= {line["team"] for line in read["grid"]["lines"]}


def test_write_replaces_the_page_and_leaves_nothing_else(tmp_path: Path) -> None:
    """A reader sees the old page or the new one, and beside it the evidence that is on it."""
    first = write(samples.example(title="first"), tmp_path / "report")
    assert write(samples.example(title="second"), tmp_path / "report") == first
    assert {path.name for path in first.parent.iterdir()} == FILES
    assert json.loads((first.parent / "evidence.json").read_text(encoding="utf-8"))["created"] == samples.CREATED
    assert (first.parent / "evidence.md").read_text(encoding="utf-8").startswith("# Evidence\n")
    assert "<h1>second</h1>" in first.read_text(encoding="utf-8")


def test_a_failed_write_keeps_the_old_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up costs the new page, not the old one."""
    path = write(samples.example(title="first"), tmp_path)

    def full(_: Path, __: Path) -> Path:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        write(samples.example(title="second"), tmp_path)
    assert {found.name for found in tmp_path.iterdir()} == FILES
    assert "<h1>first</h1>" in path.read_text(encoding="utf-8")
