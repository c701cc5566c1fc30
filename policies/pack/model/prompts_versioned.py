"""The prompt that runs is a version that was looked at and can be found again, not a text in a variable."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._relations import pointing_at
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import UnreadableError, mapping, mappings, text
from policies.pack.model._containers import Container, containers

AGENT = "aws:bedrock/agentAgent:AgentAgent"
ALIAS = "aws:bedrock/agentAgentAlias:AgentAgentAlias"
FLOW = "aws:bedrock/agentFlow:AgentFlow"
HOLDS_PROMPT = re.compile(
    r"(.*_)?((SYSTEM|DEVELOPER)_?(MESSAGE|INSTRUCTIONS?)|INSTRUCTIONS?|PROMPTS?(_(TEXT|TEMPLATE|ARN|URI|FILE|BODY))?)"
)
VERSION_OF = re.compile(r"(.*_)?PROMPT_(VERSION|REVISION)")
ID_OF = re.compile(r"((?:.*_)?PROMPT)_(?:ID|NAME|IDENTIFIER)")
VERSIONED = re.compile(
    r"arn:[^:]+:bedrock:[^:]+:\d{12}:\w+/[^:/]+:[1-9]\d*|(\S+[@#])?sha256:[0-9a-f]{64}|\S+[/@#?=]([0-9a-f]{40}|[0-9a-f]{64})\S*"
)
"""A version of a Bedrock prompt (docs.aws.amazon.com/bedrock/latest/userguide/prompt-management-version-create.html,
2026-11), or an address that carries the hash of the text."""

NUMBER = re.compile(r"[1-9]\d*|(sha256:)?[0-9a-f]{40,64}")


def decide(resource: Resource, context: Context) -> Result:
    """Variables, flows and agents name versions; ``needs.words`` plain words in a row are taken for a prompt."""
    results = [r for c in containers(resource) for r in _variables(c, context.needs["words"])]
    if resource.type == FLOW:
        results += _flow(resource)
    if resource.type == AGENT:
        aliases = pointing_at(context, resource, ALIAS, "agentId")
        results.append(require(bool(aliases), "no alias names a version of this agent; callers could only use DRAFT"))
    if resource.type == ALIAS:
        results += _alias(resource)
    return together(results)


def _variables(container: Container, words: int) -> Iterator[Result]:
    prose = re.compile(rf"(?:\b[^\W\d_]+(?:['\u2019-][^\W\d_]+)*[,.;:!?\"')]*\s+){{{words - 1}}}[^\W\d_]+")
    where = f"{container.name}: " if container.name else ""
    names = {name.upper() for name in container.variables}
    for name, value in ((name.upper(), value) for name, value in container.variables.items()):
        told = HOLDS_PROMPT.fullmatch(name) or VERSION_OF.fullmatch(name) or ID_OF.fullmatch(name)
        if value is None and told:
            raise UnreadableError(f"{where}the value of {name} is not in the program")
        if not value:
            continue
        if VERSION_OF.fullmatch(name):
            yield require(bool(NUMBER.fullmatch(value)), f"{where}{name} is {value!r}, which can change")
        elif HOLDS_PROMPT.fullmatch(name) and not VERSIONED.fullmatch(value):
            yield violated(f"{where}{name} holds a text or a name without a version")
        elif prose.search(value):
            yield violated(f"{where}{name} reads like a prompt")
        elif (match := ID_OF.fullmatch(name)) and not VERSIONED.fullmatch(value):
            versions = (f"{match[1]}_VERSION", f"{match[1]}_REVISION")
            yield require(bool(names & set(versions)), f"{where}{name} has no {versions[0]} beside it")


def _flow(flow: Resource) -> Iterator[Result]:
    for node in mappings(mapping(flow.inputs, "definition") or {}, "nodes"):
        prompt = mapping(mapping(node, "configuration") or {}, "prompt")
        if prompt is None:
            continue
        name, source = text(node, "name"), mapping(prompt, "sourceConfiguration") or {}
        yield require(mapping(source, "inline") is None, f"the node {name} has its prompt inline")
        if mapping(source, "inline") is None:
            yield _versioned(mapping(source, "resource") or {}, f"the node {name}")


def _versioned(source: Mapping[str, Any], where: str) -> Result:
    arn = text(source, "promptArn") or ""
    return require(bool(VERSIONED.fullmatch(arn)), f"{where} names {arn!r}, not a version of a prompt")


def _alias(alias: Resource) -> Iterator[Result]:
    """An alias without a route gets a new version of its own."""
    for route in mappings(alias.inputs, "routingConfigurations"):
        version = text(route, "agentVersion")
        yield require(
            version is not None and version.isdigit(), f"the alias leads to version {version}, which can change"
        )
