"""Reservations have an owner and an end, are taken by name only, and a block is never bought twice."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components.capacity_reservation import CapacityReservation, CapacityReservationArgs
from llmlz.checks.evaluate import check
from llmlz.graph.model import Graph, Resource
from tests.graph.recording import recorded

USUAL: dict[str, Any] = {
    "count": 2,
    "ends": "2026-12-08T11:30:00Z",
    "instance_type": "p5.48xlarge",
    "owner": "ml@example.com",
    "starts": "2026-12-01T11:30:00Z",
    "zone": "eu-central-1a",
}


def graph(**change: Any) -> Graph:
    """A reservation with some things changed."""

    def program() -> None:
        opts = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-central-1"))
        CapacityReservation("december", CapacityReservationArgs(**{**USUAL, **change}), opts)

    return recorded(program)


def made(found: Graph) -> Resource:
    """The one thing that the component makes."""
    (one,) = found.custom()
    return one


def test_a_reservation_ends_by_itself() -> None:
    """Nobody pays for machines that everybody forgot."""
    inputs = made(graph()).inputs
    assert (inputs["endDate"], inputs["endDateType"]) == ("2026-12-08T11:30:00Z", "limited")


def test_only_machines_that_name_it_take_it() -> None:
    """An open one is used up by whatever starts first."""
    assert made(graph()).inputs["instanceMatchCriteria"] == "targeted"


@pytest.mark.parametrize("offer", [None, "cb-0123456789abcdef0"])
def test_whoever_finds_it_on_a_bill_knows_whose_it_is(offer: str | None) -> None:
    """Owner, days and number are on it as tags."""
    assert made(graph(offering_id=offer)).inputs["tags"] == {
        "llmlz:owner": "ml@example.com",
        "llmlz:starts": "2026-12-01T11:30:00Z",
        "llmlz:ends": "2026-12-08T11:30:00Z",
        "llmlz:instances": "2",
    }


def test_a_block_is_bought_once() -> None:
    """Another offer in the settings, or none, neither buys a second one nor gives up the first."""
    block = made(graph(offering_id="cb-0123456789abcdef0"))
    assert block.type == "aws:ec2/capacityBlockReservation:CapacityBlockReservation"
    assert block.options.ignore_changes == ("capacityBlockOfferingId",)
    assert block.options.protect
    assert block.options.retain_on_delete


def test_pools_get_its_id() -> None:
    """What a pool names is what EC2 calls it."""
    found = graph()
    (component,) = [one for one in found.resources if one.kind == "component"]
    (standin,) = [s for s in found.standins.values() if s.urn == made(found).urn and s.path == "id"]
    assert component.outputs["reservation_id"] == standin.value


@pytest.mark.parametrize("offer", [None, "cb-0123456789abcdef0"])
def test_no_control_finds_anything_but_the_tags_of_a_stack(offer: str | None) -> None:
    """At the highest level; the tags of GOV-01 are those that a stack's provider gives to everything."""
    found = graph(offering_id=offer)
    assert {f.control for f in check(found, 4) if f.urn == made(found).urn} == {"GOV-01"}
