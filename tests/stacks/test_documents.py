"""What projects read: each document keeps to its schema, holds no secret, fits its parameter, and stays readable."""

import copy
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from components._parameter import LONGEST
from llmlz.access.resolve import resolved
from llmlz.graph.model import Graph, Resource
from stacks import schema
from stacks.documents import FORMAT, SCHEMAS, platform_document_name, schema_of, team_document_name
from stacks.estate import load_estate
from stacks.kinds import PlatformStack, TeamStack
from stacks.published import (
    _likely_platform,
    _likely_team,
    platform_document,
    readable_documents,
    team_document,
)
from stacks.tier import TIERS
from tests import estates, generated, goldens
from tests.stacks.documents import broken, fields

PARAMETER = "aws:ssm/parameter:Parameter"
RELEASED: Mapping[str, Mapping[str, str]] = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("documents.yaml").read_text(encoding="utf-8")
)


def graphs() -> dict[str, Graph]:
    """A platform and a team at every tier, with the names that AWS would give."""
    return resolved(generated.recorded(4).values())


def published() -> Iterator[tuple[PlatformStack | TeamStack, Resource, dict[str, Any]]]:
    """Stack, parameter and document, for every platform and team."""
    for name, graph in graphs().items():
        stack = generated.generated(4).stack(name)
        for parameter in graph.of_type(PARAMETER):
            assert isinstance(stack, PlatformStack | TeamStack)
            yield stack, parameter, json.loads(parameter.inputs["insecureValue"])


def test_every_platform_and_team_has_exactly_one_document_under_the_name_that_readers_know() -> None:
    """At all four tiers; the name follows from environment and team, never from the name of a stack."""
    found = {stack.name: parameter.inputs["name"] for stack, parameter, _ in published()}
    wanted = {}
    for stack in generated.generated(4).stacks.values():
        if isinstance(stack, PlatformStack):
            wanted[stack.name] = f"/llmlz/{stack.settings.environment}/platform/v1"
        elif isinstance(stack, TeamStack):
            wanted[stack.name] = f"/llmlz/{stack.platform.settings.environment}/teams/{stack.team.team}/v1"
    assert found == wanted
    assert len(found) == 2 * len(TIERS) == len(list(published()))


def test_every_document_keeps_to_its_committed_schema() -> None:
    """What a template checks with the committed file is what is published."""
    for stack, _, document in published():
        kind = "platform" if isinstance(stack, PlatformStack) else "team"
        committed = json.loads((schema.FOLDER / f"{kind}-document-v1.schema.json").read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator(committed).validate(document)
        assert document["format"] == FORMAT


def test_a_platforms_document_is_what_its_stack_exports() -> None:
    """Projects and team stacks are told the same."""
    seen = 0
    for stack, _, document in published():
        if isinstance(stack, PlatformStack):
            out = graphs()[stack.name].outputs
            assert document["guardrail"]["arn"] == out["guardrail_arn"]
            assert document["guardrail"]["versions"] == out["guardrail_versions"]
            assert document["network"]["subnet_ids"] == out["subnet_ids"]
            assert document["network"]["endpoint_ids"] == out["endpoint_ids"]
            store = document["vector_store"]
            assert {"kind": store["kind"], **store["attributes"]} == out["vector_store"]
            assert (document["account"], document["region"]) == (stack.account, stack.region)
            assert document["assurance_level"] == stack.level
            seen += 1
    assert seen == len(TIERS)


def test_a_teams_document_has_all_its_models_by_alias() -> None:
    """Each with the id behind it and the profile to call: those of the stack's outputs, and no others."""
    seen = 0
    for stack, _, document in published():
        if isinstance(stack, TeamStack):
            out = graphs()[stack.name].outputs
            assert list(document["models"]) == stack.team.models
            arns: dict[str, str] = {}
            for alias, model in document["models"].items():
                assert model["model_id"] == stack.platform.catalogue.models[alias].model_id
                assert model["geography"] in model["profiles"]
                arns |= {f"{alias}-{place}": profile["arn"] for place, profile in model["profiles"].items()}
            assert arns == out["profile_arns"]
            assert document["platform"] == platform_document_name(stack.platform.settings.environment)
            assert document["budget_usd"] == stack.team.limits.budget_usd
            names = ("data_prefix", "role_arn", "secret_arn", "vectors")
            assert {name: document[name] for name in names} == {name: out[name] for name in names}
            seen += 1
    assert seen == len(TIERS)


def test_a_store_in_a_database_is_published_with_what_clients_need() -> None:
    """The other engine has other attributes, and a team a user instead of an index."""
    graph = goldens.graph_of("foundation/platform-pgvector")
    (parameter,) = graph.of_type(PARAMETER)
    store = json.loads(parameter.inputs["insecureValue"])["vector_store"]
    assert store["kind"] == "pgvector"
    assert {"endpoint", "database"} <= set(store["attributes"])
    (parameter,) = goldens.graph_of("foundation/team-pgvector").of_type(PARAMETER)
    assert json.loads(parameter.inputs["insecureValue"])["vectors"].startswith("team_")


def test_a_collection_is_published_with_what_clients_need() -> None:
    """Where it answers and what it is called; a team has the name of its index, once its role may use it."""
    (parameter,) = goldens.graph_of("repeatable/platform-opensearch").of_type(PARAMETER)
    store = json.loads(parameter.inputs["insecureValue"])["vector_store"]
    assert store["kind"] == "opensearch"
    assert {"collection_arn", "collection_name", "endpoint"} <= set(store["attributes"])
    team = goldens.graph_of("repeatable/team-opensearch")
    (parameter,) = team.of_type(PARAMETER)
    assert json.loads(parameter.inputs["insecureValue"])["vectors"] == team.outputs["vectors"] == "claims"


def test_no_document_is_made_of_a_secret() -> None:
    """Nothing in it is marked secret, and what it names of a secret is the ARN."""
    for _, parameter, document in published():
        assert parameter.secrets == ()
        assert parameter.inputs["type"] == "String"
        assert document.get("secret_arn", "arn:").startswith("arn:")


def test_a_team_may_read_two_documents_by_the_arns_that_they_get() -> None:
    """Both are written before the parameters exist, since the team's document names the role."""
    made = {parameter.inputs["name"]: parameter.outputs["arn"] for _, parameter, _ in published()}
    for stack in generated.generated(4).stacks.values():
        if isinstance(stack, TeamStack):
            environment = stack.platform.settings.environment
            names = [platform_document_name(environment), team_document_name(environment, stack.team.team)]
            assert readable_documents(stack) == [made[name] for name in names]


def test_the_length_that_is_judged_before_a_deployment_is_not_less_than_the_real_one() -> None:
    """Stand-ins are a little longer than ids of AWS, so the guess may miss them by that much for each profile."""
    for stack, parameter, _ in published():
        if isinstance(stack, PlatformStack):
            guess = platform_document(stack, _likely_platform(stack)).text()
            assert len(guess) >= len(parameter.inputs["insecureValue"])
        else:
            guess = team_document(stack, _likely_team(stack)).text()
            assert len(guess) >= len(parameter.inputs["insecureValue"]) - 4 * len(stack.team.models)
        assert len(guess) < LONGEST


def test_a_team_with_as_many_models_as_fit_is_taken(tmp_path: Path) -> None:
    """A dozen models are no problem; the case of too many is among the kinds of bad input."""
    shutil.copytree(estates.EXAMPLE, tmp_path / "estate")
    for path in (tmp_path / "estate" / "Pulumi.platform-sandbox.yaml", tmp_path / "estate" / "teams" / "claims.yaml"):
        yaml = YAML(typ="safe", pure=True)
        content = yaml.load(path.read_text())
        known = estates.example().catalogue.models
        fits = [a for a, m in known.items() if "internal" in m.data_classes and "eu-central-1" in str(m.routes)]
        where = content["config"]["llmlz:settings"] if "config" in content else content
        where["models"] = fits[:12]
        if "config" in content:
            where["licences"] = sorted({known[alias].licence for alias in fits})
            where["routing"] = ["eu", "regional"]
        yaml.dump(content, path)
    stack = load_estate(tmp_path / "estate").stack("team-claims-sandbox")
    assert isinstance(stack, TeamStack)
    assert len(stack.team.models) == 12


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_released_field_stays_what_it_was(name: str) -> None:
    """One that vanishes or changes its type needs the next format beside this one."""
    now = fields(schema_of(SCHEMAS[name]))
    promised = RELEASED[name.removesuffix(".schema.json")]
    assert broken(promised, now) == []
    assert sorted(now) == sorted(promised), "a new field is a new promise: add it to tests/stacks/documents.yaml"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found["properties"].pop("region"), "region: was string, is gone"),
        (lambda found: found["properties"]["region"].update(type="array"), "region: was string, is array"),
        (lambda found: found["required"].remove("region"), "region: was string, is string?"),
        (lambda found: found["$defs"]["Guardrail"]["properties"].pop("id"), "guardrail.id: was string, is gone"),
        (lambda found: found["properties"]["format"].update(const=2), "format: was integer 1, is integer 2"),
    ],
)
def test_a_broken_promise_is_found(change: Any, said: str) -> None:
    """The comparison above is alive: gone, of another type, not always there any more, deep inside."""
    found = copy.deepcopy(schema_of(SCHEMAS["platform-document-v1.schema.json"]))
    change(found)
    assert said in broken(RELEASED["platform-document-v1"], fields(found))


def test_readers_may_meet_fields_that_they_do_not_know() -> None:
    """A schema that refused additions would make every addition a breaking change."""
    _, _, document = next(published())
    committed = json.loads((schema.FOLDER / "platform-document-v1.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate({**document, "new": 1, "guardrail": {**document["guardrail"], "new": 1}}, committed)
