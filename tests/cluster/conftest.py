"""A control plane per file of tests, with every definition, the guards and two teams applied."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.control_plane import ControlPlane
from llmlz.cluster.definitions import definitions
from llmlz.cluster.find import find_cluster
from llmlz.cluster.manifests import manifests
from llmlz.errors import ToolMissingError
from tests.cluster.asking import eventually, merged, pod
from tests.cluster.programs import recorded
from tests.engine.conftest import working_in

GUARD = "ValidatingAdmissionPolicy"
PROBES = [
    merged(pod("probe"), change)
    for change in (
        {"metadata": {"labels": None}},
        {"spec": {"nodeName": "any"}},
        {"spec": {"tolerations": [{"operator": "Exists"}]}},
        {"spec": {"containers": [{"image": "anywhere:latest"}]}},
    )
]
"""One pod for each guard of pods."""


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the programs, or a skip that says what they would have proved."""
    try:
        return find_cluster()
    except ToolMissingError as error:
        pytest.skip(f"ring 4: {error}")


@pytest.fixture(scope="module")
def plane(built: Path) -> Iterator[ControlPlane]:
    """A control plane with definitions, guards and teams; afterwards no process works in its folder any more."""
    with ControlPlane() as made:
        folder = made.folder
        apply_all(made.client, definitions())
        apply_all(made.client, manifests(recorded()))
        eventually("every guard is at work", lambda: all(_refuses(made.client, pod) for pod in PROBES))
        yield made
    assert not folder.exists()
    assert working_in(folder) == []


@pytest.fixture
def client(plane: ControlPlane) -> Client:
    """The administrator of ``plane``."""
    return plane.client


def _refuses(client: Client, probe: Mapping[str, Any]) -> bool:
    """A policy is judged some moments after it was taken: until then the probe gets in."""
    try:
        client.create(probe, dry_run=True)
    except RefusedError as refused:
        return GUARD in refused.message
    return False
