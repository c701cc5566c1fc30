"""Reading an organization: everything that reaches the asked units, and nothing asked twice."""

from dataclasses import replace
from typing import Any

import pytest

from llmlz.errors import LlmlzError
from llmlz.organization.deployed import Clients, read_deployed
from llmlz.organization.snapshot import Snapshot, Target
from tests.organization.graphs import FULL, NEW_UNIT, NO_MANTLE, OLD_UNIT, ROOT, attached, document, snapshot
from tests.organization.stub import Organizations

DEEP = Target(id="ou-ab12-deepunit1", name="deep", kind="unit", parent=OLD_UNIT, policies=(FULL,))
DEEPER = Target(id="ou-ab12-deeper01", name="deeper", kind="unit", parent=DEEP.id, policies=(FULL,))
INNER = Target(id="777777777777", name="inner", kind="account", parent=DEEPER.id, policies=(FULL,))
BASE = snapshot(old=[attached("doors", document(NO_MANTLE))])
DEPLOYED = replace(BASE, targets=(*BASE.targets, DEEP, DEEPER, INNER), enabled=tuple(sorted(BASE.enabled)))


def clients(stub: Organizations) -> Clients:
    """A factory that gives the stub for Organizations, and nothing for another service."""

    def make(service: str, region: str | None = None) -> Any:
        assert (service, region) == ("organizations", None)
        return stub

    return make


def read(*units: str) -> Snapshot:
    """What reading these units gives."""
    return read_deployed(clients(Organizations(DEPLOYED)), units)


def ids(found: Snapshot) -> set[str]:
    """Ids of all targets."""
    return {target.id for target in found.targets}


def test_the_root_has_everything_below_it() -> None:
    """The whole tree comes back as it was, with every policy and its text."""
    found = read(ROOT)
    assert replace(found, targets=()) == replace(DEPLOYED, targets=())
    by_id = {target.id: target for target in DEPLOYED.targets}
    assert {t.id: (t if t.kind != "root" else replace(t, name="Root")) for t in found.targets} == by_id


def test_a_unit_comes_with_all_above_and_below_it() -> None:
    """Units that nobody asked for are left out; accounts at the root, the management account above all, are there."""
    assert ids(read(NEW_UNIT)) == {ROOT, NEW_UNIT, "444455556666", "999900001111"}
    assert ids(read(DEEPER.id)) == {ROOT, OLD_UNIT, DEEP.id, DEEPER.id, INNER.id, "999900001111"}
    assert ids(read(OLD_UNIT)) == ids(read(DEEPER.id)) | {"111122223333"}
    assert read(DEEPER.id, OLD_UNIT) == read(DEEPER.id, OLD_UNIT, DEEPER.id)


def test_whoever_is_above_comes_first() -> None:
    """Levels are read from the root down."""
    for found in (read(ROOT), read(DEEPER.id, NEW_UNIT)):
        order = [target.id for target in found.targets]
        assert all(t.parent is None or order.index(t.parent) < order.index(t.id) for t in found.targets)


def test_a_policy_is_read_once() -> None:
    """AWS's own one hangs on every target, and is asked for once."""
    stub = Organizations(DEPLOYED)
    read_deployed(clients(stub), [ROOT])
    assert set(stub.asked.values()) == {1}


def test_a_refusal_is_told() -> None:
    """A unit that is not there, or credentials that may not look: no half snapshot."""
    with pytest.raises(LlmlzError, match=r"the organization could not be read: .*no ou-ab12-nothing01\n  fix: use"):
        read("ou-ab12-nothing01")
