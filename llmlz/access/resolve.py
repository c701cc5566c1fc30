"""Stand-ins of a recorded graph, written as AWS would write the real thing where its name decides that.

A policy on ``role/llmlz-*`` says nothing about an opaque stand-in; the role's ARN follows from its name. Texts whose
form AWS does not derive from a name, such as ids, stay as they are. A live graph has no stand-ins and is not changed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from llmlz.graph.model import Graph, Resource

FORMS: Mapping[str, Mapping[str, str]] = {
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (2026-11)
    "aws:iam/role:Role": {"arn": "arn:{partition}:iam::{account}:role/{name}", "name": "{name}", "id": "{name}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html (2026-11)
    "aws:backup/vault:Vault": {"arn": "arn:{partition}:backup:{region}:{account}:backup-vault:{name}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (2026-11)
    "aws:s3/bucket:Bucket": {"arn": "arn:{partition}:s3:::{bucket}", "bucket": "{bucket}", "id": "{bucket}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3vectors.html (2026-11)
    "aws:s3/vectorsVectorBucket:VectorsVectorBucket": {
        "vectorBucketArn": "arn:{partition}:s3vectors:{region}:{account}:bucket/{vectorBucketName}",
    },
    "aws:s3/vectorsIndex:VectorsIndex": {
        "indexArn": "arn:{partition}:s3vectors:{region}:{account}:bucket/{vectorBucketName}/index/{indexName}",
    },
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html (2026-11)
    "aws:cloudtrail/trail:Trail": {"arn": "arn:{partition}:cloudtrail:{region}:{account}:trail/{name}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html (2026-11)
    "aws:cloudwatch/logGroup:LogGroup": {"arn": "arn:{partition}:logs:{region}:{account}:log-group:{name}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html (2026-11)
    "aws:sns/topic:Topic": {"arn": "arn:{partition}:sns:{region}:{account}:{name}"},
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html (2026-11)
    "aws:ssm/parameter:Parameter": {"arn": "arn:{partition}:ssm:{region}:{account}:parameter{path}"},
}
"""Type to output to the form of its text, from the inputs of the resource."""

CORE = re.compile(r"ref[0-9a-f]{12}q")


@dataclass(frozen=True, slots=True)
class _Known:
    """A stand-in as the graph writes it, and as AWS would."""

    written: str
    real: str


def resolved(graphs: Iterable[Graph], published: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Graph]:
    """Stack to graph, with every stand-in replaced whose real text follows from a name, or is known already.

    ``published`` is stack to the outputs of the live stack, as ``pulumi stack output --json`` prints them.
    """
    graphs = tuple(graphs)
    known: dict[str, _Known] = {}
    for graph in graphs:
        known |= _from_outputs(graph.outputs, (published or {}).get(graph.stack, {}))
    for graph in graphs:
        for core, standin in graph.standins.items():
            resource = graph.by_urn.get(standin.urn)
            real = _form(graph, resource, standin.path) if resource else None
            if real and isinstance(standin.value, str):
                known[core] = _Known(standin.value, real)
    whole = {core: _Known(one.written, _text(one.real, known)) for core, one in known.items()}
    return {graph.stack: _graph(graph, whole) for graph in graphs}


def _from_outputs(recorded: Any, real: Any) -> dict[str, _Known]:
    """Stand-ins in the outputs of a recording, against the same outputs of the live stack."""
    if isinstance(recorded, str) and isinstance(real, str):
        found = CORE.findall(recorded)
        return {found[0]: _Known(recorded, real)} if len(found) == 1 and not CORE.search(real) else {}
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(recorded, Mapping) and isinstance(real, Mapping):
        pairs = ((value, real.get(key)) for key, value in recorded.items())
    elif isinstance(recorded, list | tuple) and isinstance(real, list | tuple):
        pairs = zip(recorded, real, strict=False)
    return {core: known for one, other in pairs for core, known in _from_outputs(one, other).items()}


def _form(graph: Graph, resource: Resource, output: str) -> str | None:
    form = FORMS.get(resource.type, {}).get(output)
    if form is None:
        return None
    place = {"partition": graph.partition, "account": graph.account, "region": graph.region}
    names = {key: value for key, value in resource.inputs.items() if isinstance(value, str)}
    if "name" in names:
        place["path"] = "/" + names["name"].removeprefix("/")
    try:
        return form.format_map({**names, **place})
    except KeyError:
        return None  # without a name of its own AWS makes one up


def _graph(graph: Graph, known: Mapping[str, _Known]) -> Graph:
    resources = tuple(
        replace(resource, inputs=_value(resource.inputs, known), outputs=_outputs(graph, resource, known))
        for resource in graph.resources
    )
    return replace(graph, resources=resources, outputs=_value(graph.outputs, known))


def _outputs(graph: Graph, resource: Resource, known: Mapping[str, _Known]) -> Mapping[str, Any]:
    """Outputs of a resource, with those of its stand-ins that are known now."""
    given: dict[str, Any] = _value(resource.outputs, known)
    forms = FORMS.get(resource.type, {})
    made = {output: _form(graph, resource, output) for output in forms if output not in given}
    live = {
        standin.path: known[core].real
        for core, standin in graph.standins.items()
        if core in known and standin.urn == resource.urn and standin.path not in given
    }
    return {**given, **{output: _value(text, known) for output, text in made.items() if text}, **live}


def _value(value: Any, known: Mapping[str, _Known]) -> Any:
    if isinstance(value, str):
        return _text(value, known)
    if isinstance(value, Mapping):
        return {key: _value(inner, known) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_value(inner, known) for inner in value]
    return value


def _text(text: str, known: Mapping[str, _Known]) -> str:
    for core in dict.fromkeys(CORE.findall(text)):
        if core in known:
            text = text.replace(known[core].written, known[core].real)
    return text
