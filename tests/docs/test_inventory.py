"""The guide to the inventory: its command runs, prints what the page shows, and asks for what the page lists."""

import datetime
import re
import shlex
from pathlib import Path

import pytest

from llmlz.cli import inventorying
from tests.cli.command import within
from tests.docs.pages import page
from tests.inventory.estate import NOW, PRICES, Planted
from tests.inventory.fake import clients, cluster
from tests.inventory.plants import PLANTS
from tests.inventory.test_planted import READ

GUIDE = page("docs/guides/inventory.md")
SHOWN = (
    "idle node",
    "partly used reservation",
    "quotas above a pool",
    "reservation of a stranger",
    "instance of nobody",
)
OWN = {"service-quotas": "servicequotas"}
"""Services whose permissions start with another word than the name of their client."""


class Clock(datetime.datetime):
    """The moment of the planted estate."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "Clock":
        """Always the same."""
        return cls.fromtimestamp(NOW.timestamp(), tz)


def test_the_command_prints_what_the_guide_shows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As it stands, but for the folder of the page; on an estate in which five things are wrong."""
    estate = Planted()
    for name in SHOWN:
        PLANTS[name][0](estate)
    answers = estate.account()
    monkeypatch.setattr(inventorying, "_enter", lambda place, role, endpoint: clients(answers, place.region))
    monkeypatch.setattr(inventorying, "_reach", lambda *_: cluster(estate.objects))
    monkeypatch.setattr(inventorying, "list_prices", lambda _: PRICES)
    monkeypatch.setattr(inventorying, "datetime", Clock)
    within.cache_clear()
    line = next(iter(GUIDE.commands()))
    words = shlex.split(line.replace("build/", f"{tmp_path}/"))
    done = within(*words[1:])
    (shown,) = GUIDE.blocks("text")
    told = done.out.replace(f"{tmp_path}/", "build/")
    assert [one.rstrip() for one in told.splitlines()] == [one.rstrip() for one in shown.splitlines()]
    assert (done.code, (tmp_path / "inventory.html").is_file()) == (1, True)


def test_every_permission_that_is_asked_for_is_in_the_guide() -> None:
    """And no other: what a test of refusals asks is what the table lists, besides who one is."""
    listed = set(re.findall(r"`([a-z0-9]+:[A-Z]\w+)`", GUIDE.text))
    asked = {f"{OWN.get(service, service)}:{action}" for service, action in READ if service != "sts"}
    assert listed == asked | {"eks:DescribeNodegroup"}


def test_every_kind_of_finding_is_in_the_guide() -> None:
    """In the table, each once."""
    kinds = re.findall(r"^\| `([a-z-]+)` \|", GUIDE.text, re.MULTILINE)
    assert sorted(kinds) == sorted({kind for _, told in PLANTS.values() for kind, _, _ in told})
