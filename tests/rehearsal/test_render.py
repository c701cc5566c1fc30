"""A graph as Terraform reads it: addresses, options, and what is left out."""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from llmlz.graph.model import Graph
from llmlz.rehearsal.address import address
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import DOCUMENT, Rendered, render, write
from llmlz.rehearsal.unverified import Known
from tests.rehearsal.program import landing_zone, recorded


def _render(graph: Graph, *known: Known) -> Rendered:
    return render(graph, ProviderBlock.offline(graph.region, graph.account), known=known)


def _written(rendered: Rendered, graph: Graph, name: str, token: str | None = None) -> dict[str, Any]:
    urn = graph.named(name, token).urn
    (found,) = [address for address, other in rendered.addresses.items() if other == urn]
    type_, label = found.split(".")
    return dict(rendered.document["resource"][type_][label])


def test_addresses_do_not_depend_on_the_stack_or_on_other_resources() -> None:
    """The same resource has the same address in every release and tier, and equal names under other parents differ."""
    one = address("urn:pulumi:dev::llmlz::llmlz:index:A$aws:kms/key:Key::keys", "aws_kms_key")
    assert one == address("urn:pulumi:prod::other::llmlz:index:A$aws:kms/key:Key::keys", "aws_kms_key")
    assert one != address("urn:pulumi:dev::llmlz::llmlz:index:B$aws:kms/key:Key::keys", "aws_kms_key")
    assert one.startswith("aws_kms_key.keys-")
    assert address("urn:pulumi:dev::llmlz::aws:kms/key:Key::2nd key", "aws_kms_key").startswith("aws_kms_key._2nd_key-")


def test_waiting_for_a_resource_without_using_it_is_kept_as_order() -> None:
    """A key that is ready when its alias is: the reference is the key's, the order the alias's."""
    graph = recorded(landing_zone)
    rendered = _render(graph)
    group = _written(rendered, graph, "logs-invocations")
    assert group["kms_key_id"].startswith("${aws_kms_key.keys-state-")
    assert [waits.split(".")[0] for waits in group["depends_on"]] == ["aws_kms_alias"]
    assert rendered.unverified == ()


def test_options_are_translated_and_the_others_listed() -> None:
    """Ignored changes and timeouts have counterparts; what has none is a row."""

    def program() -> None:
        options = pulumi.ResourceOptions(
            ignore_changes=["engineVersion", "serverlessv2ScalingConfiguration.maxCapacity"],
            custom_timeouts=pulumi.CustomTimeouts(create="40m"),
            replace_on_changes=["engine"],
            retain_on_delete=True,
        )
        aws.rds.Cluster("vectors", cluster_identifier="vectors", engine="aurora-postgresql", opts=options)

    graph = recorded(program)
    rendered = _render(graph)
    cluster = _written(rendered, graph, "vectors")
    ignored = ["engine_version", "serverlessv2_scaling_configuration[0].max_capacity"]
    assert cluster["lifecycle"] == {"ignore_changes": ignored}
    assert cluster["timeouts"] == {"create": "40m"}
    assert [row.property for row in rendered.unverified] == ["option replaceOnChanges", "option retainOnDelete"]


def test_a_renamed_resource_is_moved_not_replaced() -> None:
    """An alias is the address that the state still has."""

    def program() -> None:
        aws.kms.Key("keys-state", opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name="state")]))

    graph = recorded(program)
    (move,) = _render(graph).document["moved"]
    assert move == {
        "from": address("urn:pulumi:dev::rehearsal::aws:kms/key:Key::state", "aws_kms_key"),
        "to": address("urn:pulumi:dev::rehearsal::aws:kms/key:Key::keys-state", "aws_kms_key"),
    }


def test_code_is_an_archive_with_a_stable_hash() -> None:
    """The same code gives the same bytes, and changed code another hash."""

    def program(text: str) -> None:
        aws.lambda_.Function(
            "schema",
            name="schema",
            role="arn:aws:iam::111122223333:role/schema",
            runtime="python3.12",
            handler="index.handler",
            code=pulumi.AssetArchive({"index.py": pulumi.StringAsset(text)}),
        )

    graphs = [recorded(lambda text=text: program(text)) for text in ("a = 1\n", "a = 1\n", "a = 2\n")]  # type: ignore[misc]
    functions = [_written(_render(graph), graph, "schema") for graph in graphs]
    first, same, other = (function["source_code_hash"] for function in functions)
    assert first == same != other
    assert functions[0]["filename"] == functions[2]["filename"] in _render(graphs[0]).files


def test_a_missing_required_name_is_filled_as_the_bridge_does() -> None:
    """Logical name and a suffix; an optional name is left to the provider."""

    def program() -> None:
        aws.bedrock.Guardrail(
            "guard", description="default", blocked_input_messaging="no", blocked_outputs_messaging="no"
        )
        aws.iam.Role("role", assume_role_policy="{}")

    graph = recorded(program)
    rendered = _render(graph)
    assert _written(rendered, graph, "guard")["name"].startswith("guard-")
    assert "name" not in _written(rendered, graph, "role")


def test_a_refused_value_is_rehearsed_with_another_and_listed() -> None:
    """A runtime that is newer than the provider does not stop the rehearsal of everything else."""

    def program() -> None:
        aws.lambda_.Function(
            "schema",
            name="schema",
            role="arn:aws:iam::111122223333:role/schema",
            runtime="python3.14",
            handler="index.handler",
            code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("")}),
        )

    known = Known("refused", "aws:lambda/function:Function", "runtime", "an example", "python3.14", "python3.13")
    graph = recorded(program)
    rendered = _render(graph, known)
    assert _written(rendered, graph, "schema")["runtime"] == "python3.13"
    assert [str(row) for row in rendered.unverified] == ["refused aws:lambda/function:Function runtime = python3.14"]
    assert known.covers(rendered.unverified[0])


def test_types_nobody_can_verify_here_are_listed() -> None:
    """Of another provider, missing in the table, or unknown to this provider: each is a row, none is dropped silently."""

    def program() -> None:
        aws.s3.VectorsVectorBucket("vectors", vector_bucket_name="vectors")
        aws.appstream.Stack("desktops", name="desktops")
        pulumi.CustomResource("kubernetes:core/v1:Namespace", "team", {"metadata": {"name": "team"}})

    assert [(row.kind, row.token) for row in _render(recorded(program)).unverified] == [
        ("refused", "aws:s3/vectorsVectorBucket:VectorsVectorBucket"),
        ("untranslated", "aws:appstream/stack:Stack"),
        ("untranslated", "kubernetes:*"),
    ]


def test_an_argument_the_provider_only_fills_in_is_listed() -> None:
    """Setting it would be an error of the document, leaving it out silently one of ours."""

    def program() -> None:
        aws.kms.Key("key", description="state")

    key = recorded(program).named("key")
    changed = {name: getattr(key, name) for name in type(key).__slots__} | {"inputs": {"arn": "arn:x", "polciy": "{}"}}
    graph = Graph(project="p", stack="s", resources=(type(key)(**changed),), account="1" * 12, region="eu-central-1")
    assert [row.property for row in _render(graph).unverified] == ["arn", "polciy"]


def test_what_is_written_is_the_document_and_its_files(tmp_path: Path) -> None:
    """A folder that Terraform can read, with every file that the document names."""
    rendered = _render(recorded(landing_zone))
    write(rendered, tmp_path / "new")
    assert json.loads((tmp_path / "new" / DOCUMENT).read_text(encoding="utf-8")) == rendered.document
    assert {path.name for path in (tmp_path / "new").iterdir()} == {DOCUMENT, *rendered.files}
    assert len(rendered.files) == 1


def test_rendering_twice_gives_the_same_document() -> None:
    """Two recordings of one program, in whatever order it registered."""
    one, two = (_render(recorded(landing_zone)) for _ in range(2))
    assert json.dumps(one.document) == json.dumps(two.document)
