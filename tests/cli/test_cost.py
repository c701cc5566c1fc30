"""``llmlz cost``: what an idle stack costs, to the cent."""

import json
from decimal import Decimal

from tests.cli.command import seen, within

HOURS = 730
"""In a month, as AWS counts: https://aws.amazon.com/ec2/pricing/on-demand/ (2026-11)"""


def test_the_lines_add_up_to_the_total() -> None:
    """Finance can follow every line to its unit price and its source."""
    ran = seen("cost", "--json")
    found = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert (found["stack"], found["currency"], found["per"], found["unpriced"]) == (
        "platform-sandbox",
        "USD",
        "month",
        [],
    )
    assert sum(Decimal(line["month"]) for line in found["lines"]) == Decimal(found["total"])
    for line in found["lines"]:
        times = {"hour": HOURS, "month": 1}[line["unit"]]
        assert Decimal(line["quantity"]) * Decimal(line["unit_price"]) * times == Decimal(line["month"]), line
        assert line["source"].startswith("https://")


def test_the_example_stays_under_the_promise_of_its_tier() -> None:
    """Idle, without optional parts, it is under 150 US dollars a month, and it is not free."""
    total = Decimal(json.loads(within("cost", "--json").out)["total"])
    assert Decimal(30) < total < Decimal(150)


def test_the_text_ends_with_the_total() -> None:
    """People read the sum last, and see which prices are not confirmed."""
    found = json.loads(within("cost", "--json").out)
    *lines, last = within("cost").out.splitlines()
    assert last.split() == [f"{Decimal(found['total']):.2f}", "USD", "a", "month,", "idle:", "platform-sandbox"]
    assert len(lines) == len(found["lines"])
    doubtful = sum(not line["confirmed"] for line in found["lines"])
    assert sum(line.endswith("price not confirmed") for line in lines) == doubtful
