"""Which resource names which: by reference, by its physical name, or by an ARN with that name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._rule import Context, Resource
from policies.pack._values import UNKNOWN, UnreadableError, part, text


def sources(resource: Resource, at: str) -> tuple[str, ...]:
    """URNs of what the input at a path, or anything in it, comes from."""
    inside = (f"{at}.", f"{at}[")
    return tuple(dict.fromkeys(r.to for r in resource.references if r.at == at or r.at.startswith(inside)))


def targets(resource: Resource, at: str, context: Context, *tokens: str) -> tuple[Resource, ...]:
    """Resources of the stack that the input comes from; of these types, where any are given."""
    found = (context.by_urn(urn) for urn in sources(resource, at))
    return tuple(each for each in found if each is not None and (not tokens or each.type in tokens))


def literals(resource: Resource, at: str) -> Iterator[tuple[str, str]]:
    """Texts at a path such as ``config.roleArn``, one or a list, each with its own path; raises ``UnreadableError``.

    What another resource gives, and nobody knows before deployment, is left out.
    """
    *path, key = at.split(".")
    value: Any = part(resource.inputs, *path).get(key)
    many = isinstance(value, list | tuple) and key.endswith("s")  # Pulumi's names of lists are plural
    for where, each in ((f"{at}[{i}]", v) for i, v in enumerate(value)) if many else [(at, value)]:
        given = each == UNKNOWN and sources(resource, at)
        found = None if given else text({where: each}, where)
        if found is not None:
            yield where, found


def name_in(value: str) -> str:
    """The name in an ARN: a bucket's, or whatever stands behind the last slash; a plain name is its own."""
    if not value.startswith("arn:"):
        return value
    bucket = value.partition(":s3:::")[2].partition("/")[0]
    return bucket or value.rpartition("/")[2]


def names(resource: Resource, at: str, target: Resource, own_name: str) -> bool:
    """The input at a path, a text or a list, means ``target``: by reference, name or ARN.

    ``own_name`` is the path of the input of ``target`` that holds its name; raises ``UnreadableError``.
    """
    if target.urn in sources(resource, at):
        return True
    *path, key = own_name.split(".")
    name = text(part(target.inputs, *path), key)
    others = {r.at for r in resource.references if _type(r.to) == target.type}
    values = [value for where, value in literals(resource, at) if not others & {at, where}]
    return name is not None and any(name in (value, name_in(value)) for value in values)


def pointing_at(context: Context, target: Resource, token: str, at: str, own_name: str = "id") -> tuple[Resource, ...]:
    """Resources of type ``token`` whose input at a path means ``target``, as ``names`` has it.

    What all of them name is worked out once: asking each of them for each target grows with the square of a stack.
    """
    found = context.of_type(token)
    if (token, at) not in context.memo:
        context.memo[token, at] = _Named(found, at)
    named: _Named = context.memo[token, at]
    return named.by(target, own_name)


class _Named:
    """What the resources of one type name at one path."""

    def __init__(self, resources: Sequence[Resource], at: str) -> None:
        self.resources, self.at = resources, at
        self.sources: dict[str, list[int]] = {}
        self.values: dict[str, list[tuple[int, str]]] = {}
        self.unreadable: dict[int, UnreadableError] = {}
        for place, resource in enumerate(resources):
            for urn in sources(resource, at):
                self.sources.setdefault(urn, []).append(place)
            try:
                for where, value in literals(resource, at):
                    for name in {value, name_in(value)}:
                        self.values.setdefault(name, []).append((place, where))
            except UnreadableError as error:
                self.unreadable[place] = error

    def by(self, target: Resource, own_name: str) -> tuple[Resource, ...]:
        """Those that mean ``target``; raises ``UnreadableError`` as ``names`` would for one of them."""
        found = set(self.sources.get(target.urn, ()))
        if len(found) < len(self.resources):
            *path, key = own_name.split(".")
            name = text(part(target.inputs, *path), key)
            for place, error in self.unreadable.items():
                if place not in found:
                    raise error
            for place, where in self.values.get(name, ()) if name is not None else ():
                if not any(
                    r.at in {self.at, where} and _type(r.to) == target.type for r in self.resources[place].references
                ):
                    found.add(place)
        return tuple(self.resources[place] for place in sorted(found))


def receives(bucket: Resource, context: Context, writers: Mapping[str, Sequence[str]]) -> bool:
    """Something in a known stack, of whatever account, delivers to the bucket.

    ``writers`` is the type of what delivers to the inputs that name its bucket.
    """
    return any(
        names(writer, at, bucket, "bucket")
        for stack in (context.stack, *context.others)
        for writer in stack.resources
        for at in writers.get(writer.type, ())
    )


def _type(urn: str) -> str:
    """The type in ``urn:pulumi:<stack>::<project>::<parents>$<type>::<name>``."""
    *_, kinds, _ = ["", *urn.split("::", 3)]
    return kinds.rpartition("$")[2]
