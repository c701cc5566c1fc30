"""What runs is what was built and looked at: a tag can be moved, and a strange registry can serve anything."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies.pack._kubernetes import CONTAINERS, kind_of
from policies.pack._places import accounts
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together
from policies.pack._values import UNKNOWN, UnreadableError, from_json, mapping, shown, text

RELEASE = ("helm.sh", "Release")
BUILT_IN = ("core", "apps", "batch")
LEADS_TO_PODS = ("spec", "specs", "template", "templates")
REPOSITORY = "aws:ecr/repository:Repository"
IMAGE = re.compile(r"(?P<host>[^/\s@]+)(?P<path>/[^\s@]+)?@sha256:[0-9a-f]{64}")


def decide(resource: Resource, context: Context) -> Result:
    """Every image names a digest and one of ``needs.registries``."""
    kind = kind_of(resource)
    if kind == RELEASE:
        return indeterminate("nobody sees which images a Release runs; a helm.v4.Chart shows them")
    if kind is None:
        found = [
            image for path in context.needs["images"].get(resource.type, []) for image in _at(resource.inputs, "", path)
        ]
    else:
        found = [] if kind[0] in context.needs["describes_pods"] else list(_in_pods(resource.inputs, "", kind))
    return together(_judged(at, image, resource, context) for at, image in found)


def _judged(at: str, image: str, resource: Resource, context: Context) -> Result:
    found = IMAGE.fullmatch(image)
    if found is None:
        return require(False, f"{at} is {image!r}, which names no digest")
    host = found.group("host")
    return require(
        (found.group("path") is not None and _allowed(host, context))
        or (found.group("path") is None and _made_here(at, resource, context)),
        f"{at} comes from {host}",
    )


def _allowed(host: str, context: Context) -> bool:
    return any(
        host == pattern.format(account=account, region=context.stack.region)
        for pattern in context.needs["registries"]
        for account in accounts(context)
    )


def _made_here(at: str, resource: Resource, context: Context) -> bool:
    """The text is the address of a repository of this stack, which nobody knows before it exists."""
    made = {repository.urn for repository in context.of_type(REPOSITORY)}
    used = [r for r in resource.references if r.at == at]
    return bool(used) and all(r.to in made and r.output == "repositoryUrl" for r in used)


def _in_pods(value: Any, at: str, kind: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Images of containers and of volumes, wherever a kind keeps its pods."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            where = f"{at}.{key}" if at else str(key)
            if key in CONTAINERS:
                yield from _of_containers(value, key, where, kind)
            elif key == "volumes":
                yield from _of_volumes(inner, where)
            elif inner == UNKNOWN and str(key).lower().endswith(LEADS_TO_PODS):
                raise UnreadableError(f"{where} is {shown(inner)}, and pods may be in it")
            else:
                yield from _in_pods(inner, where, kind)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _in_pods(inner, f"{at}[{index}]", kind)


def _of_containers(pod: Mapping[str, Any], key: str, at: str, kind: tuple[str, str]) -> Iterator[tuple[str, str]]:
    listed = pod[key]
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        if listed is not None:
            raise UnreadableError(f"{at} is {shown(listed)}, a list of containers is expected")
        return
    for index, container in enumerate(listed):
        if not isinstance(container, Mapping):
            raise UnreadableError(f"{at}[{index}] is {shown(container)}, a container is expected")
        image = text(container, "image")
        if image is not None:
            yield f"{at}[{index}].image", image
        elif kind[0] in BUILT_IN and not kind[1].endswith("Patch"):  # others may leave an image as it is
            raise UnreadableError(f"{at}[{index}] has no image")


def _of_volumes(listed: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(listed, str):
        raise UnreadableError(f"{at} is {shown(listed)}, a list of volumes is expected")
    for index, volume in enumerate(listed if isinstance(listed, Sequence) else ()):
        image = mapping(volume, "image") if isinstance(volume, Mapping) else None
        if image is not None:
            yield f"{at}[{index}].image.reference", text(image, "reference") or ""


def _at(value: Any, at: str, path: str) -> Iterator[tuple[str, str]]:
    """Texts at a path such as ``containers[].image``; a text on the way is JSON."""
    if value is None or value == "":
        return
    if not path:
        yield at, text({at: value}, at) or ""
        return
    step, _, rest = path.partition(".")
    name, many = step.removesuffix("[]"), step.endswith("[]")
    inner = mapping({at: from_json(value, at)}, at) or {}
    where = f"{at}.{name}" if at else name
    found = inner.get(name)
    if not many:
        yield from _at(found, where, rest)
        return
    listed = from_json(found, where)
    if listed is not None and (not isinstance(listed, Sequence) or isinstance(listed, str)):
        raise UnreadableError(f"{where} is {shown(listed)}, a list is expected")
    for index, one in enumerate(listed or ()):
        yield from _at(one, f"{where}[{index}]", rest)
