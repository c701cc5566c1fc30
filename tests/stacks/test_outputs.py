"""What a platform offers to teams: names are an API."""

import ast
import gc
from collections.abc import Mapping
from pathlib import Path

import pulumi
import pytest

from llmlz.cli.recording import record_stack
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks import team
from stacks.outputs import CONTRACT_VERSION, PlatformOutputs, PlatformReference
from tests import generated

GOLDEN = (
    "alarm_topic",
    "boundary_arn",
    "data_bucket_arn",
    "data_bucket_name",
    "data_key_arn",
    "endpoint_ids",
    "guardrail_arn",
    "guardrail_id",
    "guardrail_key_arn",
    "guardrail_versions",
    "invocation_log_group_name",
    "key_arns",
    "registry",
    "secrets_key_arn",
    "spending_stop",
    "subnet_ids",
    "trail_arn",
    "vector_store",
    "vpc_id",
    "weight_store",
)
"""Names of contract version 1. One may be added; one that vanishes raises the version."""


def reads() -> set[str]:
    """Names that the program of a team reads from its platform."""
    calls = [node for node in ast.walk(ast.parse(Path(team.__file__).read_text())) if isinstance(node, ast.Call)]
    found = [node.args[0] for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "read"]
    assert all(isinstance(name, ast.Constant) for name in found)
    return {str(name.value) for name in found if isinstance(name, ast.Constant)}


def test_no_name_of_the_contract_vanished() -> None:
    """Stacks of yesterday's release still find what they read."""
    assert CONTRACT_VERSION == 1
    assert sorted(GOLDEN) == sorted(PlatformOutputs.names())


def test_the_platform_exports_the_contract_and_nothing_else(platform_graph: Graph) -> None:
    """Every name has a value, and no output slips out beside the contract."""
    assert sorted(platform_graph.outputs) == sorted([*GOLDEN, "contract_version"])
    assert platform_graph.outputs["contract_version"] == CONTRACT_VERSION
    assert [name for name, value in platform_graph.outputs.items() if value is None] == []
    assert platform_graph.outputs["guardrail_versions"] != []


def test_no_output_is_taken_from_a_secret(platform_graph: Graph) -> None:
    """Whoever reads the outputs learns names and ARNs, never a value of a secret."""
    secret = {r.name for r in platform_graph.of_type("aws:secretsmanager/secretVersion:SecretVersion")}
    assert secret == set()
    assert [r.urn for r in platform_graph.custom() if r.secrets] == []


def test_a_team_reads_only_names_of_the_contract() -> None:
    """Eleven names are read, and each of them is promised."""
    assert reads() <= set(GOLDEN)
    assert {"boundary_arn", "guardrail_versions", "vector_store"} <= reads()


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")  # the program ends early
@pytest.mark.parametrize("name", sorted(reads()))
def test_a_name_that_a_team_reads_must_be_there(name: str) -> None:
    """A team does not go on without something that it stands on."""
    platform = generated.recorded(4)["platform-reliable"]  # a tier at which every name is read
    outputs = {key: value for key, value in platform.outputs.items() if key != name}
    less = Graph(project=platform.project, stack=platform.stack, resources=platform.resources, outputs=outputs)
    with pytest.raises(Exception, match=rf"['\"]?{name}['\"]?"):
        record_stack(generated.generated(4).stack("team-t001"), {"platform-reliable": less})
    gc.collect()  # what the program leaves unfinished ends here, not in another test


def test_another_name_is_refused_when_the_program_is_built(graphs: Mapping[str, Graph]) -> None:
    """A slip in a name is found before any engine is asked."""
    caught: list[str] = []

    def program() -> None:
        reference = PlatformReference("platform-sandbox")
        for name in ("contract_version", "vpc"):
            with pytest.raises(KeyError, match=name):
                reference.read(name)
            caught.append(name)
        pulumi.export("vpc", reference.read("vpc_id"))

    graph = record(
        program,
        project="llmlz",
        stack_name="test",
        account="111122223333",
        region="eu-central-1",
        others={"platform-sandbox": graphs["platform-sandbox"]},
    )
    assert caught == ["contract_version", "vpc"]
    assert graph.outputs["vpc"] == graphs["platform-sandbox"].outputs["vpc_id"]
