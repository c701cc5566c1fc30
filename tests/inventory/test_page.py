"""The page: it holds what the inventory holds, runs nothing, loads nothing, and believes no name."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from llmlz.inventory.model import Holding, Inventory
from llmlz.inventory.page import page, write
from tests.inventory.estate import NOW, Planted, node, pod, space
from tests.inventory.plants import PLANTS
from tests.report.test_browser import BROWSERS, run

HOSTILE = """"><script>alert(1)</script><img src=x onerror=alert(2)>'{{ 7*7 }}</style>&lt;[bold]"""


class Seen(HTMLParser):
    """Every tag, attribute and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.texts.append(data)


def hostile() -> Inventory:
    """Names that a team, or a stranger who shares a reservation, may choose."""
    estate = Planted()
    estate.objects["/api/v1/nodes"] = [node(HOSTILE, HOSTILE, HOSTILE, "i-1", 1)]
    estate.objects["/api/v1/pods"] = [pod("p", HOSTILE, HOSTILE, 1)]
    estate.objects["/api/v1/namespaces"] = [space(HOSTILE, HOSTILE, (HOSTILE,)), space("other", pools=("p",))]
    estate.instances[2]["Tags"] = [{"Key": "team", "Value": HOSTILE}]
    estate.reserved("cr-own")["Tags"] = [{"Key": "team", "Value": HOSTILE}]
    estate.profiles[0]["inferenceProfileName"] = HOSTILE
    return estate.take()


def planted() -> Inventory:
    """An estate with several problems."""
    estate = Planted()
    for name in ("partly used reservation", "commitment ends", "quotas above a pool", "reservation of a stranger",
                 "node without device plugin", "node of a cluster that is not read"):  # fmt: skip
        PLANTS[name][0](estate)
    estate.node("node-1")["spec"]["unschedulable"] = True
    return estate.take()


def test_everything_that_was_found_is_on_the_page() -> None:
    """Nodes, reservations, models, findings with what to do, and the sums."""
    found = planted()
    text = re.sub(r"\s+", " ", " ".join(Seen(page(found, created=NOW, left_out=("a: --offline",))).texts))
    for one in found.findings:
        assert one.what in text
        assert one.fix in text
    for name in (
        "node-1",
        "cordoned",
        "cr-theirs",
        "999988887777, foreign",
        "claims-throughput",
        "platform@example.com",
        "2 units",
        "a: --offline",
    ):
        assert name in text, name
    assert "claims 2, search 1" in text
    assert "a price list (2026-11)" in text


def test_an_estate_in_order_says_so() -> None:
    """And one in which nothing is has a page without tables."""
    assert "Nothing is idle" in page(Planted().take(), created=NOW)
    empty = Inventory(places=(), holdings=(), reservations=(), models=(), findings=())
    assert Seen(page(empty, created=NOW)).tags.count("table") == 0


def test_a_hostile_name_is_a_text_and_nothing_else() -> None:
    """It stands on the page as it was written; no tag, no attribute and no template is made of it."""
    seen = Seen(page(hostile(), created=NOW, left_out=(HOSTILE,)))
    assert {"script", "img"} & set(seen.tags) == set()
    assert [name for name, _ in seen.attributes if name.startswith("on")] == []
    assert sum(HOSTILE in text for text in seen.texts) >= 8
    assert seen.tags.count("style") == 1


def test_a_hostile_reason_stays_in_its_attribute() -> None:
    """The note of a price stands in a title."""
    found = Planted().take()
    (first, *rest) = found.holdings
    changed: Holding = replace(first, cost=replace(first.cost, note=HOSTILE))
    seen = Seen(page(replace(found, holdings=(changed, *rest)), created=NOW))
    assert ("title", HOSTILE) in seen.attributes
    assert "script" not in seen.tags


def test_the_page_loads_nothing() -> None:
    """No address, and a policy that allows its own style alone."""
    seen = Seen(page(planted(), created=NOW))
    assert [
        value for name, value in seen.attributes if name in ("src", "href") and not str(value).startswith("#")
    ] == []
    (policy,) = [value for name, value in seen.attributes if name == "content" and "default-src" in str(value)]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")


def test_equal_inventories_give_equal_pages(tmp_path: Path) -> None:
    """The file is written whole, over an older one."""
    write(page(planted(), created=NOW), tmp_path / "new" / "page.html")
    write(page(planted(), created=NOW), tmp_path / "new" / "page.html")
    assert (tmp_path / "new" / "page.html").read_text(encoding="utf-8") == page(planted(), created=NOW)
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["page.html"]


@pytest.mark.ring(5)
def test_a_browser_shows_it_and_complains_about_nothing(tmp_path: Path) -> None:
    """The console is silent, also with names that are written to run."""
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip(
            "ring 5: would have proved that a browser shows the inventory; get it with apt-get install chromium"
        )
    for name, found in (("planted", planted()), ("hostile", hostile())):
        file = tmp_path / f"{name}.html"
        write(page(found, created=NOW), file)
        made = run(browser, tmp_path, "--dump-dom", file.as_uri())
        assert made.stdout.count("<table") == 5
        assert not [line for line in made.stderr.splitlines() if "CONSOLE" in line]
