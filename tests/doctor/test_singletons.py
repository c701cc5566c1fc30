"""Things of which an account has one: there or not, ours or not, and how to adopt one."""

from typing import Any

import pytest

from llmlz.doctor.finding import Finding
from llmlz.doctor.singletons import Singleton, examine_singletons
from llmlz.graph.model import Graph, Options, Resource
from tests.doctor.stubs import ACCOUNT, REGION, Cloud

DETECTOR = Singleton(
    id="guardduty",
    token="aws:guardduty/detector:Detector",
    scope="region",
    owner="platform",
    service="guardduty",
    operation="list_detectors",
    field="DetectorIds",
    adopt="{found}",
)
BLOCK = Singleton(
    id="public-access-block",
    token="aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
    scope="account",
    owner="organization",
    service="s3control",
    operation="get_public_access_block",
    arguments={"AccountId": "{account}"},
    field="PublicAccessBlockConfiguration",
    adopt="{account}",
)
CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
PARENT = "urn:pulumi:dev::llmlz::llmlz:index:Watch::watch"
PROVIDER = "urn:pulumi:dev::llmlz::pulumi:providers:aws::aws"


def graph(*singletons: Singleton, **outputs: Any) -> Graph:
    """A graph, or a state, with one resource for each."""
    made = tuple(
        Resource(
            urn=f"{PARENT.rpartition('::')[0]}${one.token}::{one.id}",
            type=one.token,
            name=one.id,
            kind="custom",
            parent=PARENT,
            provider=PROVIDER,
            inputs={},
            outputs=outputs,
            options=Options(protect=one is BLOCK),
        )
        for one in singletons
    )
    return Graph(project="llmlz", stack="dev", resources=made, account=ACCOUNT, region=REGION)


def examined(cloud: Cloud, one: Singleton, deployed: Graph | None) -> Finding:
    """The one finding."""
    (found,) = examine_singletons(cloud, [one], graph(one), deployed)
    return found


def detectors(cloud: Cloud, *ids: str) -> None:
    """GuardDuty says which there are."""
    cloud.answers("guardduty", "list_detectors", {"DetectorIds": list(ids)})


def test_what_is_not_there_is_made(cloud: Cloud) -> None:
    """An empty list, or the service's own word for nothing."""
    detectors(cloud)
    cloud.fails("s3control", "get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    assert examined(cloud, DETECTOR, None).outcome == "ok"
    assert examined(cloud, BLOCK, None).outcome == "ok"


def test_what_the_stack_does_not_make_is_not_asked_for(cloud: Cloud) -> None:
    """The stub would refuse the question."""
    assert examine_singletons(cloud, [DETECTOR], graph(), None) == ()


def test_ours_is_fine(cloud: Cloud) -> None:
    """Its id is the one in the state; a thing without an id is ours when the state has it."""
    detectors(cloud, "abc")
    answer = {"PublicAccessBlockConfiguration": CLOSED}
    cloud.answers("s3control", "get_public_access_block", answer, AccountId=ACCOUNT)
    assert examined(cloud, DETECTOR, graph(DETECTOR, id="abc")).outcome == "ok"
    assert examined(cloud, BLOCK, graph(BLOCK, id=ACCOUNT)).outcome == "ok"


def test_a_strangers_is_a_problem_with_the_line_that_adopts_it(cloud: Cloud) -> None:
    """The line gives it the URN that the program gives it, and protects only what the program protects."""
    detectors(cloud, "abc")
    found = examined(cloud, DETECTOR, graph())
    assert found.outcome == "problem"
    line = (
        f"pulumi import {DETECTOR.token} guardduty 'abc' --parent 'parent={PARENT}' --provider 'provider={PROVIDER}'"
        " --protect=false --stack dev --generate-code=false"
    )
    assert line in found.fix
    cloud.answers("s3control", "get_public_access_block", {"PublicAccessBlockConfiguration": CLOSED}, AccountId=ACCOUNT)
    block = examined(cloud, BLOCK, graph())
    assert f"public-access-block '{ACCOUNT}' --parent" in block.fix
    assert "--protect" not in block.fix
    assert "organization" in block.fix


def test_another_than_in_the_state_is_a_problem(cloud: Cloud) -> None:
    """Somebody made it anew."""
    detectors(cloud, "abc")
    found = examined(cloud, DETECTOR, graph(DETECTOR, id="xyz"))
    assert found.outcome == "problem"
    assert "the state has another" in found.what


def test_one_that_was_deleted_behind_the_state_is_a_problem(cloud: Cloud) -> None:
    """The state has it, the account does not."""
    detectors(cloud)
    assert "is in the state and not there" in examined(cloud, DETECTOR, graph(DETECTOR, id="abc")).what


def test_without_a_state_nobody_knows_whose_it_is(cloud: Cloud) -> None:
    """Undecided, with what would decide."""
    detectors(cloud, "abc")
    found = examined(cloud, DETECTOR, None)
    assert found.outcome == "indeterminate"
    assert "--state" in found.fix


@pytest.mark.parametrize("code", ["AccessDeniedException", "BadRequestException"])
def test_a_refusal_is_undecided(cloud: Cloud, code: str) -> None:
    """No answer is not absence."""
    cloud.fails("guardduty", "list_detectors", code, "not for you")
    found = examined(cloud, DETECTOR, None)
    assert found.outcome == "indeterminate"
    assert "not for you" in found.what
    assert "guardduty:ListDetectors" in found.fix
