"""What model access promises."""

import json
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from components._enforced_guardrail import EnforcedGuardrail
from components.model_access import GuardrailRules, ModelAccess, ModelAccessArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/llmlz-test/bedrock-invocations"


RULES = GuardrailRules(
    blocked_words=["nightingale"], harm_strength="MEDIUM", pii={"EMAIL": "ANONYMIZE", "PASSWORD": "BLOCK"}
)
ENFORCED = "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration"


def recorded(**changes: Any) -> Graph:
    """A guardrail that was published twice."""
    args: dict[str, Any] = {
        "account_id": ACCOUNT,
        "archive_bucket_name": "archive",
        "boundary_arn": f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        "invocation_log_group_arn": GROUP,
        "invocation_log_group_name": "/llmlz-test/bedrock-invocations",
        "kms_key_arn": KEY,
        "name_prefix": "llmlz-test",
        "partition": "aws",
        "region": REGION,
        "rules": RULES,
        "versions": ["v1", "v2"],
        **changes,
    }

    def program() -> None:
        ModelAccess("models", ModelAccessArgs(**args))

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


@pytest.fixture(scope="module")
def graph() -> Graph:
    """As it is by default."""
    return recorded()


def test_prompt_attacks_are_looked_for_at_full_strength(graph: Graph) -> None:
    """On the way in; answers cannot attack, and Bedrock refuses a strength there."""
    filters = graph.named("models-guardrail").inputs["contentPolicyConfig"]["filtersConfigs"]
    assert {"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "NONE"} in filters


def test_every_kind_of_harm_is_filtered_both_ways(graph: Graph) -> None:
    """The five kinds that Bedrock knows."""
    filters = graph.named("models-guardrail").inputs["contentPolicyConfig"]["filtersConfigs"]
    harm = {f["type"]: (f["inputStrength"], f["outputStrength"]) for f in filters if f["type"] != "PROMPT_ATTACK"}
    assert harm == dict.fromkeys(("HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE"), ("MEDIUM", "MEDIUM"))


def test_words_and_personal_data_follow_the_rules(graph: Graph) -> None:
    """Exactly what was asked for, and AWS's list of profane words."""
    inputs = graph.named("models-guardrail").inputs
    assert inputs["wordPolicyConfig"]["wordsConfigs"] == [{"text": "nightingale"}]
    assert inputs["wordPolicyConfig"]["managedWordListsConfigs"] == [{"type": "PROFANITY"}]
    assert inputs["sensitiveInformationPolicyConfig"]["piiEntitiesConfigs"] == [
        {"action": "ANONYMIZE", "type": "EMAIL"},
        {"action": "BLOCK", "type": "PASSWORD"},
    ]


def test_each_label_is_a_version_that_is_never_taken_back(graph: Graph) -> None:
    """A version leaves the list and stays in AWS, for teams that still name it; nothing holds up a rollover."""
    versions = graph.of_type("aws:bedrock/guardrailVersion:GuardrailVersion")
    assert [v.name for v in versions] == ["models-guardrail-v1", "models-guardrail-v2"]
    assert all(v.inputs["skipDestroy"] is True and not v.options.protect for v in versions)


def test_accepted_versions_keep_the_order_of_the_labels(graph: Graph) -> None:
    """Callers use the last."""
    (component,) = [r for r in graph.resources if r.kind == "component"]
    found = [graph.standins[core].urn.rpartition("::")[2] for core in component.outputs["guardrail_versions"]]
    assert found == ["models-guardrail-v1", "models-guardrail-v2"]


def test_text_is_logged_and_large_prompts_go_to_the_archive(graph: Graph) -> None:
    """Evidence of every call, whatever its size."""
    config = graph.named("models-logging").inputs["loggingConfig"]
    assert config["textDataDeliveryEnabled"] is True
    assert config["cloudwatchConfig"]["logGroupName"] == "/llmlz-test/bedrock-invocations"
    assert config["cloudwatchConfig"]["largeDataDeliveryS3Config"]["bucketName"] == "archive"


def test_logging_starts_after_its_role_may_write(graph: Graph) -> None:
    """Bedrock tests its way to the log group when logging is switched on."""
    assert graph.named("models-logging-role-writes").urn in graph.named("models-logging").options.depends_on


def test_only_bedrock_of_this_account_assumes_the_logging_role(graph: Graph) -> None:
    """And it writes to one stream."""
    (trust,) = json.loads(graph.named("models-logging-role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    (write,) = json.loads(graph.named("models-logging-role-writes").inputs["policy"])["Statement"]
    assert write["Resource"] == [f"{GROUP}:log-stream:aws/bedrock/modelinvocations"]


def test_answers_are_held_against_their_sources_where_that_is_asked_for() -> None:
    """One threshold for both questions: do the sources say so, and was that asked."""
    inputs = recorded(rules=replace(RULES, grounding_threshold=0.7)).named("models-guardrail").inputs
    assert inputs["contextualGroundingPolicyConfig"] == {
        "filtersConfigs": [{"type": "GROUNDING", "threshold": 0.7}, {"type": "RELEVANCE", "threshold": 0.7}]
    }


def test_without_a_threshold_nothing_is_said_of_sources(graph: Graph) -> None:
    """Absence is off; 0 would be a threshold."""
    assert "contextualGroundingPolicyConfig" not in graph.named("models-guardrail").inputs
    assert "contextualGroundingPolicyConfig" in (
        recorded(rules=replace(RULES, grounding_threshold=0.0)).named("models-guardrail").inputs
    )


def test_the_current_version_is_enforced_on_everything_where_that_is_asked_for() -> None:
    """The last label, as teams call it, on system prompts and messages, tagged or not; protected like the guardrail."""
    graph = recorded(enforce="all_content")
    (enforced,) = graph.of_type(ENFORCED)
    assert enforced.name == "models-enforced"
    assert enforced.options.protect
    assert enforced.inputs["selectiveContentGuarding"] == {"messages": "COMPREHENSIVE", "system": "COMPREHENSIVE"}
    assert {r.at: graph.by_urn[r.to].name for r in enforced.references} == {
        "guardrailArn": "models-guardrail",
        "guardrailVersion": "models-guardrail-v2",
    }


def test_enforcing_changes_nothing_else(graph: Graph) -> None:
    """One resource more, and none other."""
    enforced = recorded(enforce="all_content")
    assert {r.name for r in enforced.custom()} - {r.name for r in graph.custom()} == {"models-enforced"}
    assert graph.of_type(ENFORCED) == ()


def test_the_enforced_guardrail_is_on_the_provider_of_its_component() -> None:
    """Like every resource of the SDK: the account is pinned for it too."""

    def program() -> None:
        provider = aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT])
        Enforces("parent", pulumi.ResourceOptions(providers=[provider]))

    found = record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)
    assert (found.named("parent-enforced").provider or "").endswith("::aws")


def test_the_sdks_own_class_will_take_its_place() -> None:
    """Until it has one; then this class goes, and the type stays the same."""
    assert EnforcedGuardrail.pulumi_type == ENFORCED
    if hasattr(aws.bedrock, "EnforcedGuardrailConfiguration"):
        pytest.fail(
            "the SDK has the class: use it in components/model_access.py and drop components/_enforced_guardrail.py"
        )


class Enforces(pulumi.ComponentResource):
    """A component with an enforced guardrail and nothing else."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        """Make it."""
        super().__init__("test:index:Enforces", name, {}, opts)
        own = pulumi.ResourceOptions(parent=self)
        EnforcedGuardrail(f"{name}-enforced", guardrail_arn="arn", guardrail_version="1", opts=own)
        self.register_outputs({})
