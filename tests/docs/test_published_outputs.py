"""The page of published outputs: its example runs, and what it says of names and limits is so."""

import json
import re
from typing import Any

import boto3
import pytest

from components._parameter import LONGEST
from llmlz.access.resolve import resolved
from stacks.documents import SCHEMAS, platform_document_name, runtime_document_name, team_document_name
from tests.docs.pages import ROOT, Page, page
from tests.estates import recorded


@pytest.fixture(scope="module")
def concept() -> Page:
    """The page."""
    return page("docs/concepts/published-outputs.md")


class Aws:
    """What the example asks of AWS, answered from the documents that the example estate publishes."""

    def __init__(self) -> None:
        graphs = resolved(recorded().values()).values()
        parameters = [p for graph in graphs for p in graph.of_type("aws:ssm/parameter:Parameter")]
        self.documents = {p.inputs["name"]: p.inputs["insecureValue"] for p in parameters}
        self.read: list[str] = []
        self.called: dict[str, Any] = {}

    def client(self, _service: str) -> "Aws":
        """One object is all clients."""
        return self

    def get_parameter(self, *, Name: str) -> dict[str, Any]:  # noqa: N803  # as boto3 spells it
        """A parameter by its name, as Parameter Store answers."""
        self.read.append(Name)
        return {"Parameter": {"Name": Name, "Type": "String", "Value": self.documents[Name]}}

    def converse(self, **call: Any) -> dict[str, Any]:
        """A call of a model; kept, to be looked at."""
        self.called = call
        return {"output": {"message": {"role": "assistant", "content": [{"text": "Water."}]}}}


def test_the_example_reads_both_documents_and_calls_as_they_say(concept: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is run as it stands: the team's own profile, and the guardrail of the platform in its current version."""
    aws = Aws()
    monkeypatch.setattr(boto3, "client", aws.client)
    (example,) = concept.blocks("python")
    exec(compile(example, concept.name, "exec"), {})  # noqa: S102  # the page's own code
    assert aws.read == ["/llmlz/sandbox/teams/claims/v1", "/llmlz/sandbox/platform/v1"]
    graphs = resolved(recorded().values())
    team, platform = graphs["team-claims-sandbox"].outputs, graphs["platform-sandbox"].outputs
    assert aws.called["modelId"] == team["profile_arns"]["nova-micro-eu"]
    assert aws.called["guardrailConfig"] == {
        "guardrailIdentifier": platform["guardrail_arn"],
        "guardrailVersion": platform["guardrail_versions"][-1],
    }


def test_the_example_refuses_a_format_that_it_does_not_know(concept: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than misreading it."""
    aws = Aws()
    aws.documents = {name: json.dumps({**json.loads(text), "format": 2}) for name, text in aws.documents.items()}
    monkeypatch.setattr(boto3, "client", aws.client)
    with pytest.raises(ValueError, match="has format 2, this code reads format 1"):
        exec(compile(concept.blocks("python")[0], concept.name, "exec"), {})  # noqa: S102


def test_names_schemas_and_limit_are_those_of_the_code(concept: Page) -> None:
    """The table of names is the formula, the schemas are committed, and the number is what is enforced."""
    named = re.findall(r"`(/llmlz/<environment>/\S+)`", concept.text)
    assert named == [
        platform_document_name("<environment>"),
        runtime_document_name("<environment>"),
        team_document_name("<environment>", "<team>"),
    ]
    for name in SCHEMAS:
        assert f"`stacks/schemas/{name}`" in concept.text
        assert (ROOT / "stacks" / "schemas" / name).is_file()
    assert f"holds {LONGEST} characters" in concept.text
