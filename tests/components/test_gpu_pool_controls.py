"""What a pool registers, and what the controls of pools make of it: they hold, and see the mistake that each is about."""

from typing import Any

import pytest

from llmlz.checks.evaluate import check, evaluate
from llmlz.checks.records import controls
from llmlz.graph.model import Graph
from tests.components.pools import AUTO, FLAVOURS, GROUPS, general, pool, program, trained
from tests.graph.recording import recorded

GPU_CONTROLS = [control for control in controls() if control.id.startswith("GPU-")]


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_a_pool_is_ready_when_its_nodes_can_be_bought(flavour: str) -> None:
    """The class comes first, everything is the component's, and nothing else is made."""
    graph = recorded(program(pool(), flavour=FLAVOURS[flavour]))
    (made,) = [one for one in graph.resources if one.kind == "component"]
    assert made.outputs["pool"] == "inference"
    children = [one for one in graph.custom() if one.parent == made.urn]
    assert len(children) == (4 if flavour == "groups" else 2)
    assert all(one.provider for one in children)


def test_a_node_group_never_takes_running_nodes_away() -> None:
    """A deployment does not set how many run: an autoscaler or a person did."""
    for nodes in recorded(program(pool(), flavour=GROUPS)).of_type("aws:eks/nodeGroup:NodeGroup"):
        assert nodes.inputs["scalingConfig"]["minSize"] == 0
        assert nodes.options.ignore_changes == ("scalingConfig.desiredSize",)


LEVELS = {"small": (pool(), 1), "with a block": (trained(), 4)}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("what", LEVELS)
def test_the_controls_of_pools_hold(flavour: str, what: str) -> None:
    """GPU-01 to GPU-05 over the recorded graph, at the level that allows the pool; nothing is left undecided."""
    one, level = LEVELS[what]
    graph = recorded(program(one, flavour=FLAVOURS[flavour]))
    assert [f for f in check(graph, level) if f.control.startswith("GPU-")] == []


def test_several_pools_beside_each_other_hold_too() -> None:
    """No two take the same pods, and together they stay below the cap of their level."""
    wished = (pool(), pool(name="batch", purpose="batch"), pool(name="own", team="claims"), general())
    graph = recorded(program(*wished, flavour=AUTO))
    assert [f for f in check(graph, 2) if f.control.startswith("GPU-")] == []


PLANTED = [
    (control, flavour)
    for control in GPU_CONTROLS
    for flavour in FLAVOURS
    if control.mutation is not None
    and (control.mutation.on == "kubernetes:karpenter.sh/v1:NodePool") == (flavour != "groups")
]


@pytest.mark.parametrize(("control", "flavour"), PLANTED, ids=lambda one: getattr(one, "id", one))
def test_the_mistake_of_each_control_is_noticed(control: Any, flavour: str) -> None:
    """Made in the graph of this component, the control that promises the property sees it."""
    before = recorded(program(pool(), flavour=FLAVOURS[flavour]))
    after: Graph = control.mutation.apply(before)
    assert after != before
    assert evaluate(before, 4, only=[control]).findings == ()
    assert evaluate(after, 4, only=[control]).findings


def test_every_control_of_pools_is_tried() -> None:
    """One that has no mutation here would be proved by nothing."""
    assert {control.id for control, _ in PLANTED} == {f"GPU-0{n}" for n in range(1, 6)}
