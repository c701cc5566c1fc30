"""What detectors promise."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.detectors import Detectors, DetectorsArgs, Recording, config_bucket_name
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
STANDARDS = {
    "best-practices": "aws-foundational-security-best-practices/v/1.0.0",
    "ai": "ai-security-best-practices/v/1.0.0",
}
RECORDER, STATUS = "aws:cfg/recorder:Recorder", "aws:cfg/recorderStatus:RecorderStatus"
ROLE_TYPE = "aws:iam/serviceLinkedRole:ServiceLinkedRole"


def detectors(**wishes: Any) -> Graph:
    """A graph with these detectors and no others."""

    def program() -> None:
        args = DetectorsArgs(account_id=ACCOUNT, name_prefix="llmlz-test", partition="aws", region=REGION, **wishes)
        Detectors("detectors", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """All of them."""
    return detectors(
        analyzer="ACCOUNT",
        protections=["S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS"],
        recording=Recording(kms_key_arn=KEY),
        standards=STANDARDS,
    )


ALONE: Mapping[str, tuple[dict[str, Any], set[str]]] = {
    "nothing": ({}, set()),
    "analyzer": ({"analyzer": "ACCOUNT"}, {"accessanalyzer"}),
    "guard duty": ({"protections": []}, {"guardduty"}),
    "security hub": ({"standards": {}}, {"securityhub"}),
    "config": ({"recording": Recording(kms_key_arn=KEY)}, {"cfg", "iam", "s3"}),
}


@pytest.mark.parametrize("which", ALONE)
def test_what_is_left_out_is_not_made(which: str) -> None:
    """Each detector stands alone, since each may be somebody else's."""
    wishes, services = ALONE[which]
    assert {r.type.split(":")[1].split("/")[0] for r in detectors(**wishes).custom()} == services


def test_everything_that_changes_is_recorded(graph: Graph) -> None:
    """All types, under AWS's own role, with the names that AWS gives: a recorder that exists can be adopted."""
    recorder = graph.named("detectors-config-recorder")
    assert recorder.inputs["recordingGroup"] == {"allSupported": True, "includeGlobalResourceTypes": True}
    assert (recorder.inputs["name"], graph.named("detectors-config-channel").inputs["name"]) == ("default", "default")
    assert {r.to for r in recorder.references if r.at == "roleArn"} == {graph.named("detectors-config-role").urn}
    assert graph.named("detectors-config-role").inputs["awsServiceName"] == "config.amazonaws.com"


def test_recording_starts_when_there_is_somewhere_to_deliver_to(graph: Graph) -> None:
    """AWS refuses a recorder that is started without a channel, and a channel without access to its bucket."""
    channel, status = graph.named("detectors-config-channel"), graph.named("detectors-config-recording")
    assert status.inputs["isEnabled"] is True
    assert channel.urn in status.options.depends_on
    assert {graph.named(n).urn for n in ("detectors-config-recorder", "detectors-config-bucket-policy")} <= set(
        channel.options.depends_on
    )


def test_a_role_that_exists_is_used_and_global_types_are_left_to_the_first_region() -> None:
    """The service-linked role is one per account; users and roles are recorded, and billed, once."""
    found = detectors(recording=Recording(kms_key_arn=KEY, global_types=False, role_arn=ROLE))
    assert found.of_type(ROLE_TYPE) == ()
    (recorder,) = found.of_type(RECORDER)
    assert recorder.inputs["roleArn"] == ROLE
    assert recorder.inputs["recordingGroup"]["includeGlobalResourceTypes"] is False


def test_what_was_recorded_is_kept_encrypted_and_has_no_default_retention(graph: Graph) -> None:
    """Config does not deliver to a bucket whose lock keeps every object, which is why the archive is not used."""
    bucket = graph.named("detectors-config-bucket")
    assert bucket.options.protect
    assert bucket.inputs["bucket"] == config_bucket_name("llmlz-test", ACCOUNT, REGION)
    assert bucket.inputs["objectLockEnabled"] is True
    assert graph.of_type("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration") == ()
    assert graph.named("detectors-config-channel").inputs["s3KmsKeyArn"] == KEY


def test_config_alone_delivers_and_for_this_account_alone(graph: Graph) -> None:
    """Every Allow names the service and the account; objects go below the account's own prefix."""
    policy = json.loads(graph.named("detectors-config-bucket-policy").inputs["policy"])
    allows = {s["Sid"]: s for s in policy["Statement"] if s["Effect"] == "Allow"}
    assert set(allows) == {"ConfigLooksAtBucket", "ConfigDelivers"}
    for statement in allows.values():
        assert statement["Principal"] == {"Service": "config.amazonaws.com"}
        assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    (objects,) = allows["ConfigDelivers"]["Resource"]
    assert objects.endswith(f"/AWSLogs/{ACCOUNT}/Config/*")


def test_guardduty_reports_often_and_looks_at_what_is_named(graph: Graph) -> None:
    """One feature each, so that another one is an addition."""
    detector = graph.named("detectors-guard-duty")
    assert detector.inputs["enable"] is True
    assert detector.inputs["findingPublishingFrequency"] == "FIFTEEN_MINUTES"
    features = graph.of_type("aws:guardduty/detectorFeature:DetectorFeature")
    assert {(f.name, f.inputs["name"], f.inputs["status"]) for f in features} == {
        ("detectors-guard-duty-s3-data-events", "S3_DATA_EVENTS", "ENABLED"),
        ("detectors-guard-duty-lambda-network-logs", "LAMBDA_NETWORK_LOGS", "ENABLED"),
    }


def test_security_hub_has_the_named_standards_and_no_others(graph: Graph) -> None:
    """AWS would otherwise switch on its own choice; checks start once something is recorded."""
    hub = graph.named("detectors-security-hub")
    assert hub.inputs["enableDefaultStandards"] is False
    assert graph.of_type(STATUS)[0].urn in hub.options.depends_on
    subscriptions = graph.of_type("aws:securityhub/standardsSubscription:StandardsSubscription")
    assert {s.inputs["standardsArn"] for s in subscriptions} == {
        f"arn:aws:securityhub:{REGION}::standards/{path}" for path in STANDARDS.values()
    }
    assert all(hub.urn in s.options.depends_on for s in subscriptions)


def test_letting_go_of_a_detector_does_not_switch_it_off(graph: Graph) -> None:
    """The next owner adopts it. The bucket is protected, and its companions are nothing without it."""
    of_bucket = {r.urn for r in graph.custom() if r.type.startswith("aws:s3/")}
    assert {r.name for r in graph.custom() if r.urn not in of_bucket and not r.options.retain_on_delete} == set()


def test_declared_outputs_are_registered(graph: Graph) -> None:
    """There are none: nobody has to know a detector."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    assert component.outputs == {}
