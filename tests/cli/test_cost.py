"""``llmlz cost``: what an idle stack costs, to the cent."""

import json
from decimal import Decimal

from llmlz.cost.machines import ours
from tests.cli.command import Ran, seen, within

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


def runtime(*arguments: str) -> Ran:
    """The cost of a runtime with a pool of GPUs, and one whose machines have no price."""
    return within("cost", "--stack", "runtime-fleet", "--estate", "docs/examples/climb", *arguments)


def test_a_full_pool_is_told_beside_the_total_and_not_in_it() -> None:
    """The catalogue's price of the dearest machine, for as many as the limit allows; people and programs read the same."""
    found = json.loads(runtime("--json").out)
    serving, general = sorted(found["ceilings"], key=lambda one: one["hour"] is None)
    dearest = max(ours()[one].usd_per_hour["eu-central-1"] or Decimal(0) for one in ("g6.xlarge", "g6.2xlarge"))
    assert (serving["pool"], Decimal(serving["hour"])) == ("serving", 16 * dearest)
    assert Decimal(serving["month"]) == 16 * dearest * HOURS
    assert (general["pool"], general["hour"], found["ceiling"]) == ("general", None, None)
    assert "m7i.large" in general["why"]
    assert sum(Decimal(line["month"]) for line in found["lines"]) == Decimal(found["total"]) < Decimal(serving["month"])
    told = runtime().out
    assert f"{16 * dearest * HOURS:.2f}  at most, pool serving, {16 * dearest:.2f} an hour: 16 GPUs" in told
    assert "at most, all pools but general" in told
    assert told.splitlines()[-1].endswith("USD a month, idle: runtime-fleet")


def test_a_stack_without_pools_has_no_ceiling() -> None:
    """Nothing comes to nothing."""
    found = json.loads(within("cost", "--json").out)
    assert (found["ceilings"], found["ceiling"]) == ([], {"hour": "0", "month": "0"})
