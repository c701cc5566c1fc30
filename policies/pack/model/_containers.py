"""What runs code, in one shape: image, words of the command line, environment variables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from policies.pack._kubernetes import containers as in_pod
from policies.pack._kubernetes import kind_of, pod_of
from policies.pack._rule import Resource
from policies.pack._values import UNKNOWN, UnreadableError, from_json, mapping, mappings, part, shown, text, texts

FUNCTION = "aws:lambda/function:Function"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
MODEL = "aws:sagemaker/model:Model"
RUNTIME = "aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime"
HARNESS = "aws:bedrock/agentcoreHarness:AgentcoreHarness"
VARIABLE = re.compile(r"\$[({]?(\w+)[)}]?")


class Places(NamedTuple):
    """Where a description of a container has what."""

    variables: str
    more_variables: str
    words: tuple[str, ...]
    mounts: tuple[str, ...]


IN_TASK = Places("environment", "environmentFiles", ("entryPoint", "command"), ("mountPoints", "volumesFrom"))
IN_POD = Places("env", "envFrom", ("command", "args"), ("volumeMounts",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """One thing that runs."""

    name: str
    image: str
    """Empty where there is none."""

    words: tuple[str, ...]
    """Command and arguments, split at white space, since a shell would split them too."""

    variables: Mapping[str, str | None]
    """Name to value; ``None`` for a value that only the running container gets."""

    more_variables: bool
    """Others come from a place that is not in the program."""

    mounts: bool
    """Files come from elsewhere than the image."""


def containers(resource: Resource) -> tuple[Container, ...]:
    """Every container of a resource; raises ``UnreadableError``."""
    inputs = resource.inputs
    if resource.type == FUNCTION:
        config = mapping(inputs, "imageConfig") or {}
        variables = _plain(part(inputs, "environment", "variables"))
        words = _words(texts(config, "entryPoints") + texts(config, "commands"), variables)
        return (_container("", text(inputs, "imageUri"), words, variables, mounts="fileSystemConfig" in inputs),)
    if resource.type in (RUNTIME, HARNESS):
        artifact = part(inputs, "agentRuntimeArtifact", "containerConfiguration")
        return (_container("", text(artifact, "containerUri"), (), _plain(mapping(inputs, "environmentVariables"))),)
    if resource.type == MODEL:
        return tuple(
            _container(f"container {index}", text(c, "image"), (), _plain(mapping(c, "environment")))
            for index, c in enumerate(sagemaker_containers(resource))
        )
    if resource.type == TASK:
        return tuple(_described(c, IN_TASK) for c in _definitions(inputs))
    return tuple(_described(c, IN_POD) for _, c in in_pod(pod_of(resource))) if kind_of(resource) else ()


def sagemaker_containers(resource: Resource) -> tuple[Mapping[str, Any], ...]:
    """The containers of a SageMaker model, the primary one first."""
    primary = mapping(resource.inputs, "primaryContainer")
    return (*([primary] if primary else []), *mappings(resource.inputs, "containers"))


def _container(
    name: str, image: str | None, words: tuple[str, ...], variables: Mapping[str, str | None], *, mounts: bool = False
) -> Container:
    return Container(
        name=name, image=image or "", words=words, variables=variables, more_variables=False, mounts=mounts
    )


def _definitions(inputs: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    listed = from_json(text(inputs, "containerDefinitions") or "", "containerDefinitions")
    return mappings({"containerDefinitions": listed}, "containerDefinitions")


def _described(container: Mapping[str, Any], at: Places) -> Container:
    secrets = {text(s, "name") or "": None for s in mappings(container, "secrets")}
    variables = {**dict(_pairs(container, at.variables)), **secrets}
    return Container(
        name=text(container, "name") or "",
        image=text(container, "image") or "",
        words=_words([word for key in at.words for word in texts(container, key)], variables),
        variables=variables,
        more_variables=bool(mappings(container, at.more_variables)),
        mounts=any(mappings(container, key) for key in at.mounts),
    )


def _pairs(container: Mapping[str, Any], at: str) -> Iterator[tuple[str, str | None]]:
    for pair in mappings(container, at):
        name = text(pair, "name") or ""
        yield name, None if pair.get("valueFrom") is not None else _value(name, pair.get("value"))


def _plain(variables: Mapping[str, Any] | None) -> Mapping[str, str | None]:
    return {str(name): _value(str(name), value) for name, value in (variables or {}).items()}


def _value(name: str, value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return None if value == UNKNOWN else str(value)
    raise UnreadableError(f"the variable {name} is {shown(value)}, a text is expected")


def _words(parts: Sequence[str], variables: Mapping[str, str | None]) -> tuple[str, ...]:
    """Words with the variables put in; one whose value is not known stays as it is written."""

    def value(found: re.Match[str]) -> str:
        return variables.get(found[1]) or found[0]

    return tuple(word.strip("\"'") for part in parts for word in VARIABLE.sub(value, part).split())
