"""What surrounds every role of an account, from all graphs that are deployed there."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

import pulumi_aws as aws
import pytest

from llmlz.access.layers import from_graph, output_of
from llmlz.access.organization import IMPLICIT, OrganizationLayers
from llmlz.access.surroundings import surroundings
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph

Recorded = Callable[[Callable[[], None]], Graph]
HOME, OTHER, REGION = "111122223333", "444455556666", "eu-central-1"
LAYERS = OrganizationLayers(
    service_control=((IMPLICIT["service_control"],),),
    resource_control=((IMPLICIT["resource_control"],),),
    context={"aws:PrincipalOrgID": "o-a1b2c3d4e5"},
)


def platform() -> None:
    """A key, and an endpoint for models."""
    aws.kms.Key("key")
    aws.ec2.VpcEndpoint("models", vpc_id="vpc-1", service_name=f"com.amazonaws.{REGION}.bedrock-runtime")


def team() -> None:
    """A secret with a policy, and a role."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": statement})
    aws.secretsmanager.Secret("secret", policy=text)
    aws.iam.Role("app", assume_role_policy="{}", name="app", tags={"team": "claims"})


@pytest.fixture
def graphs(recorded: Recorded) -> Mapping[str, Graph]:
    """A platform and its team in one account, another platform elsewhere."""
    here, mine = recorded(platform), recorded(team)
    return {"platform": here, "team": mine, "far": replace(here, account=OTHER)}


def test_an_account_is_surrounded_by_all_its_graphs(graphs: Mapping[str, Graph]) -> None:
    """Guards of platform and team together, the endpoint, the organization's layers and keys."""
    found = surroundings(graphs.values(), {HOME: LAYERS}, context={HOME: {"aws:RequestedRegion": REGION}})
    here, far = found[HOME, REGION], found[OTHER, REGION]
    assert [guard.document.origin.name for guard in here.guards] == ["key, default policy", "secret"]
    assert list(here.endpoints) == [output_of(graphs["platform"], graphs["platform"].named("models"), "id")]
    assert (here.service_control, here.resource_control) == (LAYERS.service_control, LAYERS.resource_control)
    assert here.context == {"aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:RequestedRegion": REGION}
    assert here.invoke_endpoint is None
    assert (far.service_control, far.context, len(far.guards)) == ((), {}, 1)


def test_roles_get_what_surrounds_them(graphs: Mapping[str, Graph]) -> None:
    """The role of the team's graph stands behind the platform's key, and its requests carry the keys."""
    found = surroundings(graphs.values(), {HOME: LAYERS}, context={}, through_endpoint={HOME})
    (role,) = from_graph(graphs["team"], {}, around=found[HOME, REGION])
    world = role.world()
    assert len(world.guards) == 2
    assert world.service_control == LAYERS.service_control
    assert world.resource_control == LAYERS.resource_control
    assert set(world.endpoints) == {role.around.invoke_endpoint}
    assert role.context()["aws:PrincipalOrgID"] == "o-a1b2c3d4e5"
    assert role.context()["aws:PrincipalTag/team"] == "claims"


def test_each_region_calls_through_its_own_endpoint(graphs: Mapping[str, Graph]) -> None:
    """Two platforms in one account share guards and endpoints; a call takes the endpoint of its region."""
    second = replace(graphs["platform"], region="eu-west-1", standins={})
    found = surroundings([*graphs.values(), second], {}, context={}, through_endpoint=[HOME])
    west, home = found[HOME, "eu-west-1"], found[HOME, REGION]
    assert west.guards == home.guards
    assert (home.invoke_endpoint, found[OTHER, REGION].invoke_endpoint) == (next(iter(home.endpoints)), None)
    assert west.invoke_endpoint in west.endpoints


def test_an_endpoint_that_is_needed_must_be_there_once(graphs: Mapping[str, Graph]) -> None:
    """Without one the calls would be judged as if they came from anywhere."""
    with pytest.raises(BadInputError, match=r"account 111122223333, eu-central-1: .* make 0 of \.bedrock-runtime"):
        surroundings([graphs["team"]], {}, context={}, through_endpoint=[HOME])
    with pytest.raises(BadInputError, match="make 2 of"):
        surroundings([graphs["platform"], graphs["platform"]], {}, context={}, through_endpoint=[HOME])
