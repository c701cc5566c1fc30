"""The weights that run are those that were looked at: one revision, in a format that carries no code."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import UnreadableError, mapping, mappings, text
from policies.pack.model._containers import MODEL, Container, containers, sagemaker_containers
from policies.pack.model._weights import FORMAT_VARIABLE, HUB_ID, Loaded, loaded

REVISION = re.compile(r"[0-9a-f]{40}")
"""A commit. Branches and tags move: huggingface.co/docs/huggingface_hub/guides/download (2026-11)"""

DIGEST = re.compile(r"(?<![0-9a-f])([0-9a-f]{40}|[0-9a-f]{64})(?![0-9a-f])")
BY_DIGEST = re.compile(r".+@sha256:[0-9a-f]{64}")
VERSIONED = re.compile(r"arn:[^:]+:sagemaker:[^:]+:\d{12}:model-package/[^/]+/\d+")
MOUNTED = "/opt/ml/model"
"""Where SageMaker puts the artifacts: docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """A commit or digest for every model, a format of ``needs.formats``, and no code from the repository."""
    servers = re.compile(context.needs["servers"])
    artifacts = tuple(_artifacts(resource)) if resource.type == MODEL else ()
    results = [r for c in containers(resource) for r in _container(c, loaded(c, servers), artifacts, context)]
    return together([*results, *(_fixed(address) for address in artifacts), *_unsaid(resource, artifacts)])


def _container(
    container: Container, found: Loaded | None, artifacts: tuple[str, ...], context: Context
) -> Iterator[Result]:
    if found is None:
        return
    where = f"{container.name}: " if container.name else ""
    if not found.models and not artifacts:
        raise UnreadableError(f"{where}which weights the model server loads is not in the program")
    for trust in found.trusts:
        yield violated(f"{where}{trust} runs code from the repository")
    for model in found.models:
        if model.startswith("$"):
            raise UnreadableError(f"{where}which weights {model} stands for is not in the program")
        if not (artifacts and model.startswith(MOUNTED)):
            yield _pinned(where, model, container, found)
    yield from (_unchanging(where, adapter, container) for adapter in found.adapters)
    if found.serves:
        formats = context.needs["formats"]
        said = ", ".join(found.formats) or "not set"
        safe = bool(found.formats) and all(f in formats for f in found.formats)
        yield require(safe, f"{where}the load format is {said}, so files that carry code are loaded too")


def _pinned(where: str, model: str, container: Container, found: Loaded) -> Result:
    """A hub's id by its revision; a path by a digest in it, or by the image's if nothing is mounted."""
    if HUB_ID.fullmatch(model) or "/" not in model:
        said = ", ".join(found.revisions) or "not set"
        fixed = bool(found.revisions) and all(REVISION.fullmatch(r) for r in found.revisions)
        return require(fixed, f"{where}the revision of {model} is {said}, not a commit")
    return _unchanging(where, model, container)


def _unchanging(where: str, path: str, container: Container) -> Result:
    in_image = path.startswith(("/", ".")) and not container.mounts and BY_DIGEST.fullmatch(container.image)
    fixed = DIGEST.search(path) or in_image
    return require(bool(fixed), f"{where}{path} has no digest, so what lies there can change")


def _artifacts(resource: Resource) -> Iterator[str]:
    """Addresses and packages that SageMaker loads for a model."""
    for container in sagemaker_containers(resource):
        yield from (v for name in ("modelDataUrl", "modelPackageName") if (v := text(container, name)))
        yield from _sources(mapping(container, "modelDataSource") or {})
        for more in mappings(container, "additionalModelDataSources"):
            yield from _sources(more)


def _sources(source: Mapping[str, Any]) -> Iterator[str]:
    for each in mappings(source, "s3DataSources"):
        address = text(each, "s3Uri")
        if address is None:
            raise UnreadableError("a source of model data has no s3Uri")
        yield address


def _unsaid(resource: Resource, artifacts: tuple[str, ...]) -> Iterator[Result]:
    """Artifacts of any kind, which nothing says the format of; a package was looked at when its version was made."""
    told = any(FORMAT_VARIABLE.fullmatch(name.upper()) for c in containers(resource) for name in c.variables)
    for address in artifacts if not told else ():
        if not VERSIONED.fullmatch(address):
            yield indeterminate(f"the format of {address} is not in the program")


def _fixed(address: str) -> Result:
    fixed = VERSIONED.fullmatch(address) or DIGEST.search(address)
    return require(bool(fixed), f"{address} has neither a version nor a digest, so what lies there can change")
