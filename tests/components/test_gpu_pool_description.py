"""A description of a pool that nobody could hold to is refused when it is made."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.gpu_pool import Disruption
from tests.components.pools import BLOCK, USUAL, pool

WRONG: Mapping[str, tuple[dict[str, Any], str]] = {
    "a name that no label takes": ({"name": "Inference"}, "a name of lower-case words"),
    "a long name": ({"name": "x" * 21}, "20 characters at most"),
    "no type": ({"instance_types": []}, "instance types such as g6.xlarge"),
    "a family": ({"instance_types": ["g6"]}, "instance types such as g6.xlarge"),
    "no capacity": ({"capacity": []}, "capacity in the order"),
    "another order": ({"capacity": ["on-demand", "spot"]}, "capacity in the order"),
    "one kind twice": ({"capacity": ["spot", "spot"]}, "capacity in the order"),
    "reserved without a reservation": ({"capacity": ["reserved"]}, "reservations with the capacity reserved"),
    "a reservation without reserved": (
        {"reservations": [BLOCK], "instance_types": ["p5.48xlarge"]},
        "reservations with the capacity reserved",
    ),
    "a reservation of another type": (
        {"reservations": [BLOCK], "capacity": ["reserved"]},
        "reservations of its own instance types",
    ),
    "a reservation in another zone": (
        {
            "reservations": [BLOCK],
            "capacity": ["reserved"],
            "instance_types": ["p5.48xlarge"],
            "zones": ["eu-central-1a"],
        },
        "reservations in its own zones",
    ),
    "no GPUs": ({"max_gpus": 0}, "GPUs, unless it is general"),
    "GPUs in a general pool": ({"purpose": "general"}, "GPUs, unless it is general"),
    "half a node": ({"gpus_per_node": 8}, "a multiple of what a node has"),
    "fewer than none": ({"max_gpus": -4}, "a multiple of what a node has|GPUs, unless it is general"),
    "no processors": ({"max_cpus": 0}, "limits for processors and memory"),
    "no memory": ({"max_memory_gib": 0}, "limits for processors and memory"),
    "nodes for ever": ({"expire_after_hours": 505}, "expire within 504 hours"),
    "idle nodes for ever": (
        {"disruption": Disruption(idle_minutes=61, policy="WhenEmpty", drain_minutes=1)},
        "within the hour",
    ),
    "nodes that never go": (
        {"disruption": Disruption(idle_minutes=1, policy="WhenEmpty", drain_minutes=1, most_at_once="0")},
        "nodes that may go at all",
    ),
    "a disk for nothing": ({"volume_gib": 10}, "20 GiB or more"),
    "a label of ours": ({"labels": {"llmlz.io/pool": "other"}}, "labels outside"),
    "a label of Kubernetes": ({"labels": {"node-role.kubernetes.io/gpu": ""}}, "labels outside"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_description_that_cannot_be_held_is_refused(what: str) -> None:
    """With the pool's name and what was expected."""
    change, expected = WRONG[what]
    with pytest.raises(ValueError, match=expected):
        pool(**change)


def test_the_usual_pool_is_what_these_tests_say() -> None:
    """The description keeps what it was given, so that the other tests speak of it."""
    one = pool()
    assert {key: getattr(one, key) for key in USUAL} == dict(USUAL)
