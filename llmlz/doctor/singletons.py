"""Things of which an account, or a region of it, has one: whether it is there, whose it is, and how to adopt it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any, Literal

import jmespath  # type: ignore[import-untyped]  # comes with boto3 and has no types

from llmlz.doctor.finding import ApiError, Finding, code, ok, permission, problem, refused, undecided
from llmlz.doctor.importing import import_line
from llmlz.graph.model import Graph, Resource, texts
from llmlz.organization.deployed import Clients

ABSENT = frozenset(
    {
        "NoSuchEntity",
        "NoSuchEntityException",
        "NoSuchPublicAccessBlockConfiguration",
        "ResourceNotFoundException",
    }
)
"""What services say about a thing that is not there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Singleton:
    """One row of the table of singletons."""

    id: str
    """Name of the finding."""

    token: str
    """Pulumi type that makes it."""

    scope: Literal["account", "region"]
    """What has only one of it."""

    owner: str
    """Who is to have it: a kind of stack, the bootstrap, or the organization."""

    service: str
    """Client that knows of it."""

    operation: str
    """Method of the client."""

    field: str
    """Path in the answer; nothing, or something empty there, means that it is not there."""

    adopt: str
    """Id for ``pulumi import``; ``{account}``, ``{region}`` and ``{found}`` are filled in."""

    arguments: Mapping[str, str] = with_default(default_factory=dict)
    """What is asked with, filled in as ``adopt``; nothing if left out."""

    absent: frozenset[str] = ABSENT
    """Errors that mean that it is not there; the common ones if left out."""

    inputs: Mapping[str, str] = with_default(default_factory=dict)
    """Inputs that tell it from others of its type; every resource of the type is meant if left out."""

    note: str = ""
    """What to do besides the import, or instead of one where ``adopt`` is empty."""

    def of(self, graph: Graph) -> tuple[Resource, ...]:
        """The resources of a graph that are this thing."""
        return tuple(r for r in graph.of_type(self.token) if self.inputs.items() <= dict(r.inputs).items())


def examine_singletons(
    clients: Clients, singletons: Iterable[Singleton], graph: Graph, deployed: Graph | None
) -> tuple[Finding, ...]:
    """A finding for each that the graph makes; ``deployed`` is the graph of the stack's own state, if there is one."""
    return tuple(_findings(clients, singletons, graph, deployed))


def _findings(
    clients: Clients, singletons: Iterable[Singleton], graph: Graph, deployed: Graph | None
) -> Iterator[Finding]:
    for one in singletons:
        planned = one.of(graph)
        if not planned:
            continue
        name, where = (
            f"singleton:{one.id}",
            graph.account if one.scope == "account" else f"{graph.account} {graph.region}",
        )
        try:
            found = _found(clients(one.service, graph.region), one, graph)
        except ApiError as error:
            yield refused(name, error, where, permission(one.service, one.operation))
            continue
        ours = one.of(deployed) if deployed is not None else None
        yield _judged(name, where, one, found, planned=planned, ours=ours, graph=graph)


def _found(client: Any, one: Singleton, graph: Graph) -> Any:
    """What is there; ``None`` where nothing is."""
    arguments = {key: _filled(value, graph) for key, value in one.arguments.items()}
    try:
        return jmespath.search(one.field, getattr(client, one.operation)(**arguments)) or None
    except ApiError as error:
        if code(error) in one.absent:
            return None
        raise


def _judged(
    name: str,
    where: str,
    one: Singleton,
    found: Any,
    *,
    planned: tuple[Resource, ...],
    ours: tuple[Resource, ...] | None,
    graph: Graph,
) -> Finding:
    if found is None:
        if ours:
            return problem(
                name, f"{ours[0].urn} is in the state and not there", where, "pulumi refresh, then pulumi up"
            )
        return ok(name, "is not there: the stack makes it", where)
    told = found if isinstance(found, str) else found[0] if isinstance(found, list) else "something"
    adopt = (
        f"if it may belong to the {one.owner}: {_import(one, planned[0], found, graph)}; otherwise leave it to its owner"
        " and take it out of the settings"
    )
    if ours is None:
        return undecided(
            name,
            f"{told} is there, and nobody knows whose it is",
            where,
            f"name the state of what is deployed with --state; {adopt}",
        )
    if not ours:
        return problem(
            name, f"{told} is there, and is not in the state: the deployment would fail or overwrite it", where, adopt
        )
    if isinstance(found, str | list) and not any(_same(found, resource) for resource in ours):
        return problem(name, f"{told} is there, and the state has another: {ours[0].urn}", where, adopt)
    return ok(name, f"{told} is there, and is {ours[0].name} of this stack", where)


def _same(found: str | list[Any], resource: Resource) -> bool:
    """Whether one of the names that were found is the id or an output of the resource."""
    names = {found} if isinstance(found, str) else {name for name in found if isinstance(name, str)}
    return not names or any(value in names for _, value in texts(dict(resource.outputs)))


def _import(one: Singleton, resource: Resource, found: Any, graph: Graph) -> str:
    if not one.adopt:
        return one.note
    told = found[0] if isinstance(found, list) else found
    line = import_line(
        one.token,
        resource.name,
        _filled(one.adopt, graph).replace("{found}", str(told)),
        parent=resource.parent,
        provider=resource.provider,
        protect=resource.options.protect,
        stack=graph.stack,
    )
    return f"{line} ({one.note})" if one.note else line


def _filled(text: str, graph: Graph) -> str:
    return text.replace("{account}", graph.account).replace("{region}", graph.region)
