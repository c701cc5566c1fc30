"""A merged graph made fit for the emulator, as Pulumi is to deploy it.

Owns: what differs from a deployment to AWS: where calls go, how few providers there are, and one stack for all.
Does not own: which resources are left out (``excluded``), or registering them (``replay``).
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi import _types
from pulumi_aws import ProviderEndpointArgs

from llmlz.graph.model import Graph, Resource
from llmlz.local.apply import MAX_RETRIES
from llmlz.local.excluded import made_by_aws
from llmlz.local.replay import PROVIDER
from llmlz.rehearsal.names import camel, terraform_type
from llmlz.rehearsal.provider import NOBODY
from llmlz.rehearsal.schema import Schema

AWS = f"{PROVIDER}aws"
DEFAULT_TAGS = "defaultTags"


def settings(endpoint: str) -> dict[str, str]:
    """Inputs of an AWS provider that calls an emulator and nothing else; nobody's credentials are used.

    Inputs of a provider are texts, and JSON where they are more than a text. Several names of one service may be set:
    the provider takes the first (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/
    custom-service-endpoints, 2026-11).
    """
    services = _types.input_type_py_to_pulumi_names(ProviderEndpointArgs).values()
    return {
        **{camel(name): value for name, value in NOBODY.items()},
        "endpoints": json.dumps([dict.fromkeys(sorted(services), endpoint)]),
        "maxRetries": json.dumps(MAX_RETRIES),
        "s3UsePathStyle": "true",
        "skipCredentialsValidation": "true",
        "skipMetadataApiCheck": "true",
        "skipRegionValidation": "true",
        "skipRequestingAccountId": "false",
    }


def emulated(graph: Graph, endpoint: str) -> Graph:
    """The resources of AWS in ``graph``, on as few providers as they allow, below one component for each stack.

    A provider is a process of its own and takes hundreds of megabytes, so default tags move into the resources, as far
    as ``Schema.committed`` knows which of them take tags. Resources that only read another stack go: in one program
    their values are outputs like others. ``home`` says which URN each resource has in the result.
    """
    providers: dict[str, Resource] = {}
    schema = Schema.committed()
    kept = [r for r in graph.resources if r.kind == "component"]
    for resource in made_by_aws(graph):
        given = dict(graph.by_urn[resource.provider].inputs) if resource.provider else {}
        tags = json.loads(given.pop(DEFAULT_TAGS, "{}")).get("tags", {})
        inputs = {"region": graph.region, **given, **settings(endpoint)}
        key = json.dumps(inputs, sort_keys=True)
        if key not in providers:
            name = f"aws-{len(providers)}" if providers else "aws"
            urn = f"urn:pulumi:{graph.stack}::{graph.project}::{AWS}::{name}"
            providers[key] = Resource(urn=urn, type=AWS, name=name, kind="provider", parent=None, inputs=inputs)
        kept.append(replace(_tagged(resource, tags, schema), provider=providers[key].urn))
    rooted = [_rooted(resource, graph) for resource in kept]
    stacks = {root.urn: root for _, root in rooted if root}
    text = replace(
        graph,
        resources=tuple(sorted([*providers.values(), *stacks.values(), *(r for r, _ in rooted)], key=lambda r: r.urn)),
    ).to_json()
    for stack in {urn.split("::", 1)[0] for urn in stacks}:
        text = text.replace(f"{stack}::{graph.project}::", f"urn:pulumi:{graph.stack}::{graph.project}::")
    return Graph.from_json(text)


def home(urn: str, graph: Graph) -> str:
    """The URN in ``emulated(graph)`` of a resource of the merged ``graph``: the stack is one for all."""
    return "::".join([f"urn:pulumi:{graph.stack}", *urn.split("::")[1:]])


def _rooted(resource: Resource, graph: Graph) -> tuple[Resource, Resource | None]:
    """The resource below the component of its stack, and that component, where it had no parent.

    A merged URN starts its types with the name of the stack (``merge``): that is the type of the component.
    """
    qualified = resource.urn.split("::")[2]
    if resource.parent or qualified == resource.type:
        return resource, None
    stack = qualified.partition("$")[0]
    head = "::".join(resource.urn.split("::")[:2])
    root = Resource(urn=f"{head}::{stack}::{stack}", type=stack, name=stack, kind="component", parent=None, inputs={})
    return replace(resource, parent=root.urn), root


def _tagged(resource: Resource, tags: Mapping[str, str], schema: Schema) -> Resource:
    """The resource with the default tags of its provider; its own win."""
    own: Any = resource.inputs.get("tags") or {}
    type_ = terraform_type(resource.type)
    takes = type_ in schema and "tags" in schema.block(type_).arguments if type_ else False
    if not (tags and takes and isinstance(own, Mapping)):
        return resource
    return replace(resource, inputs={**resource.inputs, "tags": {**tags, **own}})
