"""What model access promises."""

import json

import pytest

from components.model_access import GuardrailRules, ModelAccess, ModelAccessArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/llmlz-test/bedrock-invocations"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """A guardrail that was published twice."""

    def program() -> None:
        rules = GuardrailRules(
            blocked_words=["nightingale"], harm_strength="MEDIUM", pii={"EMAIL": "ANONYMIZE", "PASSWORD": "BLOCK"}
        )
        args = ModelAccessArgs(
            account_id=ACCOUNT,
            archive_bucket_name="archive",
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            invocation_log_group_arn=GROUP,
            invocation_log_group_name="/llmlz-test/bedrock-invocations",
            kms_key_arn=KEY,
            name_prefix="llmlz-test",
            partition="aws",
            region=REGION,
            rules=rules,
            versions=["v1", "v2"],
        )
        ModelAccess("models", args)

    return record(program, project="llmlz", stack_name="test", account=ACCOUNT, region=REGION)


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
    """A version that a team still names must not vanish with this stack's interest in it."""
    versions = graph.of_type("aws:bedrock/guardrailVersion:GuardrailVersion")
    assert [v.name for v in versions] == ["models-guardrail-v1", "models-guardrail-v2"]
    assert all(v.inputs["skipDestroy"] is True and v.options.protect for v in versions)


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
