"""The most that pools come to while they run full, from recorded and previewed graphs alike."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmlz.cost.ceiling import MOST_STEPS, Ceiling, ceilings, together
from llmlz.cost.machines import Machine
from llmlz.graph.model import Graph, Resource

POOL, GROUP = "kubernetes:karpenter.sh/v1:NodePool", "aws:eks/nodeGroup:NodeGroup"
KNOWN = {
    "small": Machine(gpus=1, vcpus=4, usd_per_hour={"here": Decimal(1)}),
    "large": Machine(gpus=4, vcpus=48, usd_per_hour={"here": Decimal(6), "there": None}),
}


def resource(token: str, name: str, **inputs: Any) -> Resource:
    """One resource."""
    urn = f"urn:pulumi:dev::llmlz::{token}::{name}"
    return Resource(urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs)


def pool(*types: str, name: str = "serving", **limits: str) -> Resource:
    """A pool of Karpenter that may buy these types; ``gpu`` is the limit in GPUs."""
    given_ = {"nvidia.com/gpu" if key == "gpu" else key: value for key, value in limits.items()}
    listed = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(types)}] if types else []
    spec = {"limits": given_, "template": {"spec": {"requirements": listed}}}
    return resource(POOL, name, metadata={"name": name}, spec=spec)


def most(*resources: Resource, region: str = "here") -> tuple[Ceiling, ...]:
    """Ceilings with two known machines."""
    return ceilings(Graph(project="llmlz", stack="dev", resources=resources, region=region), KNOWN, 730)


def only(*resources: Resource, region: str = "here") -> Ceiling:
    """The one ceiling."""
    (found,) = most(*resources, region=region)
    return found


def group(most_nodes: Any, **inputs: Any) -> Resource:
    """A node group of ``large``."""
    return resource(GROUP, "g", **({"instanceTypes": ["large"], "scalingConfig": {"maxSize": most_nodes}} | inputs))


@pytest.mark.parametrize(
    ("described", "hour"),
    [
        (pool("small", gpu="16"), 16),
        (pool("large", gpu="16"), 24),
        (pool("small", "large", gpu="16"), 24),
        (pool("small", "large", gpu="6"), 8),  # one large, and two small beside it
        (pool("large", gpu="6"), 6),  # half a machine cannot be bought
        (pool("large", gpu="3"), 0),
        (pool("small", gpu="16", cpu="8"), 2),  # both limits hold
        (pool("small", cpu="40"), 10),
        (pool("small", gpu="16", nodes="3"), 3),
        (pool("small", gpu="0"), 0),
        (group(5), 30),
        (group(0), 0),
    ],
)
def test_a_full_pool_costs_its_dearest_machines(described: Resource, hour: int) -> None:
    """As many as all limits allow together; 730 hours make a month."""
    found = only(described)
    assert (found.hour, found.month) == (Decimal(hour), Decimal(hour * 730))


@pytest.mark.parametrize(
    ("described", "said"),
    [
        (pool("small"), "no limit"),
        (pool("small", gpu="many"), "no limit"),
        (pool("small", cpu="500m"), "no limit"),
        (pool(gpu="16"), "lists no instance types"),
        (pool("small", "unheard", gpu="16"), "catalogue has no unheard"),
        (group(None), "no limit"),
        (group(3, instanceTypes=[]), "lists no instance types"),
    ],
)
def test_what_has_no_limit_or_price_is_not_known(described: Resource, said: str) -> None:
    """It is neither free nor left out, and then nobody knows what all pools come to."""
    found = only(described)
    assert (found.hour, found.month) == (None, None)
    assert said in found.why
    assert together((found, only(pool("small", gpu="1")))) is None


def test_a_region_without_a_price_is_not_known() -> None:
    """Offered at an unknown price, or not offered at all."""
    assert only(pool("large", gpu="4"), region="there").hour is None
    assert only(pool("large", gpu="4"), region="nowhere").hour is None


def test_pools_add_up() -> None:
    """Two pools; none come to nothing."""
    assert together(most(pool("small", gpu="2", name="a"), pool("large", gpu="4", name="b"))) == (
        Decimal(8),
        Decimal(8 * 730),
    )
    assert together(()) == (Decimal(0), Decimal(0))


@given(
    small=st.integers(0, 40), large=st.integers(0, 10), spare=st.integers(0, 5), beyond=st.sampled_from([0, MOST_STEPS])
)
def test_no_set_of_machines_within_the_limit_costs_more(small: int, large: int, spare: int, beyond: int) -> None:
    """Whatever is bought, and for limits that are searched as for those that are not."""
    limit = small + 4 * large + spare + beyond
    found = only(pool("small", "large", gpu=str(limit)))
    assert found.hour is not None
    assert found.hour >= small * 1 + large * 6
