"""The runtime stack: one cluster per platform, made here or the company's, and who may know of it."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from stacks.kinds import RuntimeStack, TeamStack, beneath
from stacks.tier import TIERS
from tests import ladder
from tests.stacks.bad_runtimes import OWN

CLUSTER = "aws:eks/cluster:Cluster"
yaml = YAML(typ="safe", pure=True)


def runtime(estate: Estate) -> RuntimeStack:
    """The runtime of the ladder's platform."""
    found = estate.runtime_on(ladder.PLATFORM)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def existing(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The runtime in a cluster that the company has already."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # slow to import

    folder = ladder.write(tmp_path_factory.mktemp("estate"), "reliable")
    disk_key = OWN["disk_key"].replace("111122223333", ladder.ACCOUNT)
    own = {"existing": {**OWN, "disk_key": disk_key}}
    settings = {"platform": ladder.PLATFORM, "cluster": own, "pools": {"serving": ladder.SERVING}}
    _put(folder, settings)
    return record_estate(load_estate(folder))[ladder.RUNTIME]


def _put(folder: Path, settings: object) -> None:
    yaml.dump(
        {"config": {"llmlz:kind": "runtime", "llmlz:settings": settings}}, folder / f"Pulumi.{ladder.RUNTIME}.yaml"
    )


@pytest.mark.parametrize("tier", TIERS)
def test_a_runtime_has_the_level_of_its_platform(tier: str) -> None:
    """And account and region of it: it has no place of its own."""
    estate = ladder.estate(tier)
    stack, platform = runtime(estate), estate.stack(ladder.PLATFORM)
    assert (stack.level, stack.account, stack.region) == (platform.level, platform.account, platform.region)


@pytest.mark.parametrize("tier", TIERS)
def test_the_api_is_closed_to_the_internet_unless_somebody_opens_it(tier: str) -> None:
    """At every tier; from the third on nobody may."""
    (cluster,) = ladder.recorded(tier)[ladder.RUNTIME].of_type(CLUSTER)
    assert cluster.inputs["vpcConfig"]["endpointPublicAccess"] is False


def test_a_runtime_is_deployed_after_its_platform_and_before_the_teams_in_it() -> None:
    """The order of the estate is the order of deployment."""
    estate = ladder.estate("reliable")
    names = list(estate.stacks)
    assert names.index(ladder.PLATFORM) < names.index(ladder.RUNTIME) < names.index(ladder.TEAM)
    team = estate.stack(ladder.TEAM)
    assert [stack.name for stack in beneath(team)] == [ladder.PLATFORM, ladder.RUNTIME]
    assert estate.standing_on(ladder.PLATFORM) == [ladder.TEAM, ladder.RUNTIME]


def test_a_team_without_a_namespace_knows_no_cluster() -> None:
    """Nothing of the runtime is read, or may be read, by its role."""
    team = ladder.estate("reliable").stack(ladder.TEAM)
    assert isinstance(team, TeamStack)
    assert team.runtime is not None
    without = load_estate(Path("docs/examples/climb")).stack("team-claims-live")
    assert isinstance(without, TeamStack)
    assert (without.team.cluster is None) == (without.runtime is None)


def test_of_a_companys_cluster_nothing_is_changed(existing: Graph) -> None:
    """Neither it, nor its roles, nor who may enter it."""
    services = {r.type.split(":")[1].partition("/")[0] for r in existing.custom() if r.type.startswith("aws:")}
    assert services <= {"eks", "ssm"}
    assert {r.type for r in existing.custom() if r.type.startswith("aws:eks")} <= {"aws:eks/addon:Addon"}


def test_objects_go_into_the_companys_cluster(existing: Graph) -> None:
    """The provider's credentials are made anew for each use, by the name of the cluster."""
    (provider,) = (r for r in existing.resources if r.type == "pulumi:providers:kubernetes")
    config = json.loads(provider.inputs["kubeconfig"])
    assert config["clusters"][0]["cluster"]["server"] == OWN["endpoint"]
    assert OWN["name"] in config["users"][0]["user"]["exec"]["args"]
    assert provider.inputs["clusterIdentifier"].endswith(f":cluster/{OWN['name']}")


def test_no_credential_is_in_a_provider() -> None:
    """A token in the state would be everybody's who may read it."""
    for tier in TIERS:
        for graph in ladder.recorded(tier).values():
            for provider in (r for r in graph.resources if r.type == "pulumi:providers:kubernetes"):
                (user,) = json.loads(provider.inputs["kubeconfig"])["users"]
                assert set(user["user"]) == {"exec"}


def test_every_object_is_on_an_explicit_provider() -> None:
    """A default one would be whatever cluster the machine knows."""
    for tier in TIERS:
        for graph in ladder.recorded(tier).values():
            for resource in graph.custom():
                if resource.type.startswith("kubernetes:"):
                    assert resource.provider, resource.urn
                    assert "pulumi:providers:kubernetes::kubernetes" in resource.provider
