"""Questions to AWS: all pages, throttling, several accounts at once, and how a role is taken."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import NoCredentialsError

from llmlz.cli import inventorying
from llmlz.inventory import gather
from llmlz.inventory.asking import Questions
from llmlz.inventory.gather import Place, read_place, take_stock
from llmlz.inventory.read_aws import family_of, quota_names, read_types
from llmlz.inventory.read_clusters import read_clusters, read_groups
from tests.inventory.estate import BOUNDS, PRICES, REGION, A, B, base, instance, type_facts
from tests.inventory.fake import Answers, clients, cluster, denied

BUSY = b"<Response><Errors><Error><Code>RequestLimitExceeded</Code><Message>slow down</Message></Error></Errors></Response>"
EMPTY = b"<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>"


class Raw:
    """The body of an answer, as botocore reads it."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_: Any) -> Any:
        """All of it."""
        yield self.body


def test_every_page_is_read() -> None:
    """Two pages of instances, of which the second has the one with accelerators."""
    answers = base(A)

    def instances(asked: Mapping[str, Any]) -> dict[str, Any]:
        if "NextToken" not in asked:
            return {"Reservations": [{"Instances": [instance("i-1", "m7i.large")]}], "NextToken": "more"}
        assert asked["NextToken"] == "more"
        return {"Reservations": [{"Instances": [instance("i-2", "g5.xlarge")]}]}

    answers["ec2", "DescribeInstances"] = instances
    found = read_place(Place(account=A, region=REGION), lambda _: clients(answers, REGION), lambda *_: cluster({}))
    assert [one.id for one in found.instances or ()] == ["i-2"]


def test_a_refusal_on_a_later_page_leaves_no_half_list() -> None:
    """Half a list would pass for a whole one."""
    answers = base(A)

    def instances(asked: Mapping[str, Any]) -> dict[str, Any]:
        if "NextToken" in asked:
            raise denied("DescribeInstances", "ThrottlingException")
        return {"Reservations": [{"Instances": [instance("i-1", "g5.xlarge")]}], "NextToken": "more"}

    answers["ec2", "DescribeInstances"] = instances
    found = read_place(Place(account=A, region=REGION), lambda _: clients(answers, REGION), lambda *_: cluster({}))
    assert found.instances is None
    assert ["ThrottlingException" in one.what for one in found.findings] == [True]


def test_types_are_asked_for_in_parts() -> None:
    """EC2 takes a hundred at once."""
    sizes: list[int] = []

    def types(asked: Mapping[str, Any]) -> dict[str, Any]:
        sizes.append(len(asked["InstanceTypes"]))
        return type_facts(asked)

    ask = Questions(clients({("ec2", "DescribeInstanceTypes"): types}, REGION), A, REGION)
    found = read_types(ask, [f"m{number}.large" for number in range(150)] + ["g6.xlarge", "g6.xlarge"])
    assert sizes == [100, 51]
    assert list(found or ()) == ["g6.xlarge"]


@pytest.mark.parametrize(("busy", "answered"), [(3, True), (99, False)])
def test_throttled_questions_are_repeated_and_then_undecided(
    monkeypatch: pytest.MonkeyPatch, busy: int, answered: bool
) -> None:
    """With the command's own settings, over botocore's own handling of retries."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    client = boto3.Session("test", "test").client("ec2", region_name=REGION, config=inventorying.ANSWERS)
    sent: list[int] = []

    def send(request: Any, **_: Any) -> AWSResponse:
        sent.append(1)
        late = len(sent) <= busy
        return AWSResponse(request.url, 503 if late else 200, {}, Raw(BUSY if late else EMPTY))

    client.meta.events.register("before-send.ec2.DescribeInstances", send)
    ask = Questions(lambda *_: client, A, REGION)
    found = ask.all("ec2", "describe_instances", "Reservations[].Instances[]")
    if answered:
        assert (found, len(sent), ask.findings) == ([], 4, [])
    else:
        assert (found, len(sent)) == (None, 7)
        assert "slow down" in ask.findings[0].what


def test_accounts_are_asked_at_the_same_time_and_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as allowed wait for each other here: fewer would never meet, and more are never seen."""
    monkeypatch.setattr(gather, "AT_ONCE", 3)
    meet, running, most = threading.Barrier(3, timeout=20), [0], [0]
    lock = threading.Lock()

    def enter(place: Place) -> Any:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        meet.wait()
        with lock:
            running[0] -= 1
        raise NoCredentialsError

    places = [Place(account=f"{number:012}", region=REGION) for number in range(6)]
    found = take_stock(places, enter=enter, reach=lambda *_: cluster({}), prices=PRICES, bounds=BOUNDS)
    assert most == [3]
    assert [one.kind for one in found.findings] == ["unreadable"] * 6
    assert "could not be entered: Unable to locate credentials" in found.findings[0].what


CLUSTERS: Answers = {
    ("eks", "ListClusters"): {"clusters": ["llmlz-a", "ours", "theirs", "llmlz-new"]},
    ("eks", "DescribeCluster"): lambda asked: {
        "cluster": {
            "name": asked["name"],
            "status": "CREATING" if asked["name"] == "llmlz-new" else "ACTIVE",
            "tags": {"managed-by": "llmlz" if asked["name"] == "ours" else "them"},
            **(
                {}
                if asked["name"] == "llmlz-new"
                else {"endpoint": "https://x", "certificateAuthority": {"data": "cGVt"}}
            ),
        }
    },
}


def test_clusters_are_known_by_name_or_tag() -> None:
    """Those of others are not read; one without an address yet is undecided."""
    ask = Questions(clients(CLUSTERS, REGION), A, REGION)
    assert [one.name for one in read_clusters(ask)] == ["llmlz-a", "ours"]
    assert [one.what for one in ask.findings] == ["cluster llmlz-new has no address yet: it is CREATING"]


def test_a_cluster_that_the_estate_names_is_read_whatever_it_is_called() -> None:
    """And one that is not there is undecided, not forgotten."""
    ask = Questions(clients(CLUSTERS, REGION), A, REGION)
    assert [one.name for one in read_clusters(ask, ("theirs", "gone"))] == ["llmlz-a", "ours", "theirs"]
    assert ask.findings[0].what == "cluster gone of the estate is not here"
    assert ask.findings[0].outcome == "indeterminate"


def test_a_managed_node_group_is_a_pool() -> None:
    """It may grow to its greatest size; one whose types stand in a launch template is undecided if it is for GPUs."""
    groups = {
        "gpu": {"instanceTypes": ["g6.xlarge"], "scalingConfig": {"maxSize": 3}, "capacityType": "SPOT"},
        "block": {
            "instanceTypes": ["p5.48xlarge"], "scalingConfig": {"maxSize": 1}, "capacityType": "CAPACITY_BLOCK",
            "labels": {"llmlz.io/pool": "training"},
        },
        "cpu": {"instanceTypes": ["m7i.large"], "scalingConfig": {"maxSize": 9}, "capacityType": "ON_DEMAND"},
        "own": {"amiType": "AL2023_x86_64_NVIDIA"},
    }  # fmt: skip
    answers: Answers = {
        ("eks", "ListNodegroups"): {"nodegroups": list(groups)},
        ("eks", "DescribeNodegroup"): lambda asked: {"nodegroup": groups[asked["nodegroupName"]]},
        ("ec2", "DescribeInstanceTypes"): type_facts,
    }
    ask = Questions(clients(answers, REGION), A, REGION)
    found = read_groups(ask, "llmlz-a", {})
    assert [(one.name, one.limit, *one.capacities) for one in found] == [
        ("training", 8, "block"),
        ("gpu", 3, "spot"),
    ]
    assert ["node group own takes its instance types" in one.what for one in ask.findings] == [True]


@pytest.mark.parametrize(
    ("type_", "family"),
    [("g6.xlarge", "G and VT"), ("vt1.3xlarge", "G and VT"), ("p5.48xlarge", "P"), ("trn1.2xlarge", "Trn"),
     ("inf2.xlarge", "Inf"), ("m7i.large", None), ("gr6.4xlarge", None)],
)  # fmt: skip
def test_an_instance_type_counts_for_the_quota_of_its_family(type_: str, family: str | None) -> None:
    """Names of quotas are those of the pages of EC2."""
    assert family_of(type_) == family
    assert quota_names("G and VT") == ("Running On-Demand G and VT instances", "All G and VT Spot Instance Requests")


class Session:
    """A session of AWS that keeps who took which role."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys

    def client(self, service: str, **_: Any) -> Any:
        """A client that knows whose it is."""
        taken = self.keys[0] if self.keys else ""

        class Client:
            account = taken or A
            get_caller_identity: Callable[[Any], Any] = lambda self: {"Account": self.account}

            def assume_role(self, **asked: str) -> dict[str, dict[str, str]]:
                """The account of the role is its access key here."""
                assert asked["RoleSessionName"] == "llmlz-inventory"
                assert asked["RoleArn"] == f"arn:aws:iam::{B}:role/reader"
                return {"Credentials": {"AccessKeyId": B, "SecretAccessKey": "s", "SessionToken": "t"}}

        return Client()


@pytest.mark.parametrize(("account", "role", "entered"), [(A, "reader", A), (B, "reader", B), (B, None, A)])
def test_a_role_is_taken_in_other_accounts_only(
    monkeypatch: pytest.MonkeyPatch, account: str, role: str | None, entered: str
) -> None:
    """Without a role the credentials stay what they are; that they are of another account is found later."""
    monkeypatch.setattr(boto3, "Session", Session)
    made = inventorying._enter(Place(account=account, region=REGION), role, None)
    assert made("sts").get_caller_identity() == {"Account": entered}
