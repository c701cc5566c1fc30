"""The table of singletons as the doctor asks for them: every path is one that finds something in such an answer."""

import jmespath  # type: ignore[import-untyped]  # comes with boto3 and has no types

from llmlz.cli.singletons import known_singletons
from stacks.singletons import singletons

ANSWERS = {
    "access_analyzer": ({"analyzers": [{"name": "one"}]}, ["one"]),
    "bedrock_invocation_logging": ({"loggingConfig": {"a": 1}}, {"a": 1}),
    "break_glass_role": ({"Role": {"Arn": "arn"}}, {"Arn": "arn"}),
    "config_delivery_channel": ({"DeliveryChannels": [{"name": "one"}]}, ["one"]),
    "config_recorder": ({"ConfigurationRecorders": [{"name": "one"}]}, ["one"]),
    "config_service_role": ({"Role": {"Arn": "arn"}}, "arn"),
    "enforced_guardrail": ({"guardrailsConfig": [{"a": 1}]}, [{"a": 1}]),
    "guardduty_detector": ({"DetectorIds": ["one"]}, ["one"]),
    "security_hub": ({"HubArn": "arn"}, "arn"),
    "spending_of_services_monitor": (
        {
            "AnomalyMonitors": [
                {"MonitorType": "CUSTOM", "MonitorArn": "a"},
                {"MonitorType": "DIMENSIONAL", "MonitorArn": "b"},
            ]
        },
        ["b"],
    ),
}
"""Singleton to an answer of AWS, and what the doctor takes from it."""


def test_what_a_component_makes_is_asked_for() -> None:
    """Of every row whose owner is one of ours; the rest is not the stack's to look for."""
    ours = {name for name, row in singletons().items() if row.owner not in ("bootstrap", "nobody")}
    assert {one.id for one in known_singletons()} == ours == set(ANSWERS)


def test_every_path_finds_what_an_import_names() -> None:
    """In an answer as AWS gives it; and nothing in an empty one."""
    for one in known_singletons():
        answer, found = ANSWERS[one.id]
        assert jmespath.search(one.field, answer) == found, one.id
        assert not jmespath.search(one.field, {})
        assert "{" not in one.adopt.replace("{found}", "").replace("{account}", "").replace("{region}", "")
        assert one.adopt or one.note
