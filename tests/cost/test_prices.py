"""The price file: every row names a type that exists, a source and a date, and mistakes are refused."""

import re

import pytest

from components._enforced_guardrail import EnforcedGuardrail
from llmlz.cost.cluster_quantities import MACHINES
from llmlz.cost.prices import load
from llmlz.cost.quantities import QUANTITIES
from llmlz.errors import BadInputError
from tests.rehearsal import sdk

REGIONS = {"eu-central-1", "eu-west-1", "us-east-1", "us-west-2"}
GOOD = """
checked: 2026-11-21
hours_per_month: 730
sources: {vpc: "https://aws.amazon.com/vpc/pricing/"}
priced:
  - {type: "aws:ec2/eip:Eip", what: address, unit: hour, quantity: one, usd: {eu-west-1: "0.005"}, source: vpc,
     confirmed: {eu-west-1: 2026-11-21}}
free:
  - {because: not billed, types: ["aws:iam/role:Role"]}
"""


def known(token: str) -> bool:
    """Whether the SDK of the type's provider has it, or the project makes it until the locked SDK does."""
    if token.startswith("kubernetes:"):
        return bool(sdk.object_properties(token))
    return token in sdk.classes() or token == EnforcedGuardrail.pulumi_type


def test_every_row_is_about_a_type_of_its_provider() -> None:
    """A misspelt token would leave the real type without a price, or a row that nobody reads."""
    prices = load()
    assert [token for token in (*prices.priced, *prices.free) if not known(token)] == []


@pytest.mark.parametrize("token", ["aws:eks/klaster:Klaster", "kubernetes:apps/v1:StatfulSet", "kubernetes:app/v1:Job"])
def test_a_misspelt_type_is_none(token: str) -> None:
    """The check above can fail, for both providers."""
    assert not known(token)


UNPRICED = {"nothing-if-external", "nothing-if-on-demand", "paid-at-once"}
"""Rules that count nothing or refuse, so that no price is ever used."""


def test_every_price_has_a_source_and_all_regions() -> None:
    """A row with a price has it for each region that the project offers, from a page of AWS; that of machines is elsewhere."""
    for token, rows in load().priced.items():
        for row in rows:
            assert row.source.startswith("https://aws.amazon.com/"), token
            assert set(row.usd) == (set() if row.quantity in UNPRICED or row.usd_of else REGIONS), token


def test_every_quantity_rule_is_used() -> None:
    """A rule that no row names would be dead code."""
    rows = [row for rows in load().priced.values() for row in rows]
    assert {row.quantity for row in rows} == set(QUANTITIES)
    assert {row.usd_of for row in rows} == {None, *MACHINES}


def test_a_small_file_loads() -> None:
    """The form that the refusals below start from is a good one."""
    prices = load(GOOD)
    assert (prices.free, [row.what for row in prices.priced["aws:ec2/eip:Eip"]]) == (
        {"aws:iam/role:Role": "not billed"},
        ["address"],
    )


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('"0.005"', "0.005", "must be a quoted text"),
        ('"0.005"', '"-1"', "cannot be negative"),
        ('"0.005"', '"cheap"', "price file"),
        ("unit: hour", "unit: day", "unit is 'day'"),
        ("quantity: one", "quantity: two", "no quantity rule 'two'"),
        ('usd: {eu-west-1: "0.005"}', "note: dear", "expected usd or usd_of"),
        ("quantity: one", "quantity: one, usd_of: instance-type", "expected usd or usd_of"),
        ('usd: {eu-west-1: "0.005"}', "usd_of: colour", "no rule 'colour' for machines"),
        ("source: vpc", "source: rumour", "'rumour'"),
        ("eu-west-1: 2026-11-21", "eu-west-3: 2026-11-21", "eu-west-3 is confirmed and has no price"),
        ("checked: 2026-11-21", "checked: lately", "is not a date"),
        ("aws:iam/role:Role", "aws:ec2/eip:Eip", "has two rows"),
        ("because: not billed", "because: not billed, note: x", "key 'note' is not understood"),
        ("free:", "gratis:", "'free'"),
        ("priced:", "priced: [", "price file"),
    ],
)
def test_a_mistake_in_the_file_is_refused(good: str, bad: str, said: str) -> None:
    """A price file that is not understood prices nothing."""
    with pytest.raises(BadInputError, match=re.escape(said)):
        load(GOOD.replace(good, bad))
