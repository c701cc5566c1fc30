"""A graph as a program again: the real engine can deploy what was recorded, without what cannot be deployed here.

Owns: registering each resource of a graph with the SDK, in an order that works.
Does not own: values (``live``), or what is left out of a graph and why (``excluded``, ``emulated``).

What only matters to a cloud that outlives the day is dropped: protection, retention, imports and aliases.
"""

from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter

import pulumi

from llmlz.errors import LocalCloudError
from llmlz.graph.model import Graph, Options, Resource
from llmlz.local.live import Live, output_names

PROVIDER = "pulumi:providers:"


def replayed(
    graph: Graph, *, provider_version: str | None = None, made: Callable[[Resource], None] = lambda _: None
) -> Callable[[], None]:
    """A program that registers every resource of ``graph`` and exports what it exports.

    Types, names, parents, providers, dependencies and inputs are those of the graph; stand-ins become outputs again,
    unless their resource is not in the graph. ``provider_version`` picks the plugin of explicit providers, and
    ``made`` hears of each resource of a provider once it exists.

    Raises ``LocalCloudError`` for a graph whose parents or providers were left out; the program raises it for a
    stand-in that was cut in a way that cannot be done again.
    """
    order = tuple(_ordered(graph))

    def program() -> None:
        live = Live(graph.standins)
        for resource in order:
            live.made[resource.urn] = _register(resource, graph, live, provider_version)
            if resource.kind == "custom":
                _tell(live.made[resource.urn], resource, made)
        for resource in order:
            if resource.kind == "component":
                outputs = {name: live.value(value) for name, value in resource.outputs.items()}
                live.made[resource.urn].register_outputs(outputs)  # type: ignore[attr-defined]  # a component
        for name, value in graph.outputs.items():
            pulumi.export(name, live.value(value))

    return program


class _Component(pulumi.ComponentResource):
    """Any component; what it is made of is registered after it."""


class _Custom(pulumi.CustomResource):
    """Any resource of a provider; names are Pulumi's own, so nothing is translated."""


class _Provider(pulumi.ProviderResource):
    """Any explicit provider."""


def _register(resource: Resource, graph: Graph, live: Live, version: str | None) -> pulumi.Resource:
    options = _options(resource, live)
    if resource.kind == "read":
        return pulumi.StackReference(resource.name, stack_name=str(resource.inputs["name"]), opts=options)
    inputs = live.inputs(resource)
    if resource.kind == "component":
        return _Component(resource.type, resource.name, inputs, options)
    if resource.kind == "provider":
        options.version = version
        return _Provider(resource.type.removeprefix(PROVIDER), resource.name, inputs, options)
    answered = dict.fromkeys(sorted(output_names(graph.standins, resource.urn)))  # named, so that the SDK keeps them
    return _Custom(resource.type, resource.name, answered | inputs, options)


def _options(resource: Resource, live: Live) -> pulumi.ResourceOptions:
    given: Options = resource.options
    provider = live.made.get(resource.provider or "")
    return pulumi.ResourceOptions(
        parent=live.made[resource.parent] if resource.parent else None,
        provider=provider if isinstance(provider, pulumi.ProviderResource) else None,
        depends_on=[live.made[urn] for urn in given.depends_on if urn in live.made],
        custom_timeouts=pulumi.CustomTimeouts(**given.custom_timeouts) if given.custom_timeouts else None,
        delete_before_replace=given.delete_before_replace or None,
        ignore_changes=list(given.ignore_changes),
        replace_on_changes=list(given.replace_on_changes),
    )


def _ordered(graph: Graph) -> Iterator[Resource]:
    """Every resource after what it needs; equal graphs give equal orders."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for resource in graph.resources:
        for role, urn in (("parent", resource.parent), ("provider", resource.provider)):
            if urn and urn not in graph.by_urn:
                gone = urn.rpartition("::")[2]
                raise LocalCloudError(f"{gone} is left out, but is the {role} of {resource.name}: leave that out too")
        needs = [resource.parent, resource.provider, *resource.options.depends_on, *(r.to for r in resource.references)]
        sorter.add(resource.urn, *(urn for urn in needs if urn and urn in graph.by_urn))
    for urn in sorter.static_order():
        yield graph.by_urn[urn]


def _tell(registered: pulumi.Resource, resource: Resource, made: Callable[[Resource], None]) -> None:
    """Say that it exists as soon as it has an id; what failed never gets one."""
    registered.id.apply(lambda _: made(resource))  # type: ignore[attr-defined]  # a resource of a provider has an id
