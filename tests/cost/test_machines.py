"""What machines and disks of clusters cost while nothing runs on them."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli.machine_prices import estate_machines
from llmlz.cost.fixed import Cost, fixed_cost
from llmlz.cost.machines import ours
from llmlz.cost.prices import load
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Reference, Resource

RESERVATION, BLOCK, GROUP, TEMPLATE, STATEFUL, CLASS = (
    "aws:ec2/capacityReservation:CapacityReservation",
    "aws:ec2/capacityBlockReservation:CapacityBlockReservation",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:storage.k8s.io/v1:StorageClass",
)


def resource(token: str, name: str = "it", *references: tuple[str, str], **inputs: Any) -> Resource:
    """One resource, with references from an input to another resource."""
    made = tuple(Reference(at=at, to=to, output="id") for at, to in references)
    urn = f"urn:pulumi:dev::llmlz::{token}::{name}"
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, references=made)


def cost_of(*resources: Resource, region: str = "eu-central-1") -> Cost:
    """Cost with the price file and the catalogue of this release."""
    return fixed_cost(Graph(project="llmlz", stack="dev", resources=resources, region=region), load())


def reservation(**changes: Any) -> Resource:
    """Two machines with a price in Frankfurt."""
    inputs: dict[str, Any] = {"instanceType": "g6.xlarge", "instanceCount": 2, "instancePlatform": "Linux/UNIX"}
    return resource(RESERVATION, **(inputs | changes))


def group(least: Any, **inputs: Any) -> Resource:
    """A node group that keeps so many machines."""
    return resource(
        GROUP, **({"scalingConfig": {"minSize": least, "maxSize": 4}, "instanceTypes": ["g6.xlarge"]} | inputs)
    )


def test_the_catalogue_is_read_alike_from_both_sides(tmp_path: Path) -> None:
    """Readers know no stacks and read the file themselves; without an overlay both have every row, type and price."""
    assert estate_machines(tmp_path) == ours()
    assert {"g6.xlarge", "p5.48xlarge"} <= ours().keys()


def test_an_estate_has_prices_of_its_own(tmp_path: Path) -> None:
    """What was agreed with AWS counts; an overlay that is wrong is refused."""
    overlay = tmp_path / "overlay" / "accelerators.yaml"
    overlay.parent.mkdir()
    overlay.write_text("g6.xlarge: {usd_per_hour: {eu-central-1: 0.5}}")
    graph = Graph(project="llmlz", stack="dev", resources=(reservation(),), region="eu-central-1")
    assert fixed_cost(graph, load(machines=estate_machines(tmp_path))).total == 2 * Decimal("0.5") * 730
    overlay.write_text("g6.xlarge: {usd_per_hour: {eu-central-1: cheap}}")
    with pytest.raises(BadInputError, match="usd_per_hour"):
        estate_machines(tmp_path)


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_a_reservation_costs_what_its_machines_do(region: str) -> None:
    """Each of them, all hours of the month, at the price of the catalogue for the region."""
    price = ours()["g6.xlarge"].usd_per_hour[region]
    assert price is not None
    cost = cost_of(reservation(), region=region)
    assert (cost.outcome, cost.total) == ("priced", 2 * price * 730)
    assert [line.confirmed for line in cost.lines] == [False]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"instanceType": "m7i.large"}, "the accelerator catalogue has no m7i.large"),
        ({"instanceType": None}, "no instance type is named"),
        ({"instanceType": "p5.48xlarge", "region": "eu-west-3"}, "no price of p5.48xlarge in region 'eu-west-3'"),
        ({"instanceCount": None}, "instanceCount is None"),
        ({"instancePlatform": "Windows"}, "platform Windows"),
        ({"tenancy": "dedicated"}, "for one tenant alone"),
    ],
)
def test_a_reservation_without_a_price_is_never_free(changes: dict[str, Any], said: str) -> None:
    """A type, a region or a kind that nobody priced is said, and nothing is added."""
    cost = cost_of(reservation(**changes))
    assert (cost.outcome, cost.lines) == ("indeterminate", ())
    assert said in cost.unpriced[0].why


def test_a_block_is_neither_free_nor_a_monthly_cost() -> None:
    """It was paid at once, at a price that nobody here knows."""
    cost = cost_of(resource(BLOCK, instancePlatform="Linux/UNIX"))
    assert (cost.outcome, cost.lines) == ("indeterminate", ())
    assert "paid as a whole when it is bought" in cost.unpriced[0].why


def test_a_node_group_costs_its_least_size() -> None:
    """None at 0, whatever it may grow to; else so many of the dearest type that it may buy."""
    assert cost_of(group(0, instanceTypes=["m7i.large"])).outcome == "priced"
    assert cost_of(group(0, capacityType="SPOT")).total == 0
    dearest = ours()["g6.12xlarge"].usd_per_hour["eu-central-1"]
    assert dearest is not None
    assert cost_of(group(2, instanceTypes=["g6.xlarge", "g6.12xlarge"])).total == 2 * dearest * 730


def test_a_node_group_may_name_its_machine_in_a_template() -> None:
    """The type of a launch template counts, where the group names none."""
    machine = resource(TEMPLATE, "machine", instanceType="g6.xlarge")
    inputs = {"scalingConfig": {"minSize": 1, "maxSize": 1}, "launchTemplate": {"id": "lt-1"}}
    nodes = resource(GROUP, "nodes", ("launchTemplate.id", machine.urn), **inputs)
    assert cost_of(machine, nodes).total == Decimal(str(ours()["g6.xlarge"].usd_per_hour["eu-central-1"])) * 730


@pytest.mark.parametrize(
    "broken",
    [
        group(None),
        group(1, instanceTypes=["m7i.large"]),
        group(1, instanceTypes=["g6.xlarge", "m7i.large"]),
        group(1, instanceTypes=[]),
        group(1, capacityType="SPOT"),
        group(1, capacityType="CAPACITY_BLOCK"),
    ],
)
def test_a_node_group_without_a_price_is_never_free(broken: Resource) -> None:
    """No size, a type without a price, no type, and machines that have no list price."""
    assert cost_of(broken).outcome == "indeterminate"


def stateful(*sizes: Any, replicas: Any = 3, storage_class: str = "fast") -> Resource:
    """Pods that each claim disks of these sizes."""
    claims = [{"spec": {"storageClassName": storage_class, "resources": {"requests": {"storage": s}}}} for s in sizes]
    spec = {"volumeClaimTemplates": claims, **({} if replicas is None else {"replicas": replicas})}
    return resource(STATEFUL, "pods", spec=spec)


def storage_class(**parameters: str) -> Resource:
    """The class ``fast``."""
    return resource(CLASS, "class", metadata={"name": "fast"}, parameters=parameters)


@pytest.mark.parametrize(
    ("claims", "gib"),
    [(stateful("100Gi", "50Gi"), 450), (stateful("1Ti", replicas=2), 2048), (stateful("512Mi", replicas=None), "0.5")],
)
def test_disks_are_billed_for_every_replica(claims: Resource, gib: Any) -> None:
    """All claims of all pods; one pod where the number is left out. A class of plain gp3 changes nothing."""
    expected = Decimal(gib) * Decimal("0.0952")
    assert cost_of(claims).total == expected
    assert cost_of(claims, storage_class(type="gp3", encrypted="true")).total == expected


@pytest.mark.parametrize(
    "broken",
    [
        (stateful("100G"),),
        (stateful(None),),
        (stateful("10Gi", replicas="three"),),
        (stateful("10Gi"), storage_class(type="io2")),
        (stateful("10Gi"), storage_class(type="gp3", throughput="500")),
    ],
)
def test_disks_that_cannot_be_counted_are_never_free(broken: tuple[Resource, ...]) -> None:
    """Sizes that are not understood, and classes that cost more."""
    assert cost_of(*broken).outcome == "indeterminate"


def test_pods_without_claims_have_no_disks() -> None:
    """There is no line, and nothing is missing."""
    assert (cost_of(stateful()).outcome, cost_of(stateful()).lines) == ("priced", ())
