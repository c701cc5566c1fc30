"""An agent can do what its task needs: in its own name, with named tools, and it asks before it changes anything."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._grants import statements
from policies.pack._relations import sources
from policies.pack._roles import grants
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import UnreadableError, from_json, mapping, mappings, text, texts
from policies.pack.model._agents import ROLES, role_of, sharing

ACTION_GROUP = "aws:bedrock/agentAgentActionGroup:AgentAgentActionGroup"
TARGET = "aws:bedrock/agentcoreGatewayTarget:AgentcoreGatewayTarget"
HARNESS = "aws:bedrock/agentcoreHarness:AgentcoreHarness"
EXACT_FUNCTION = re.compile(r"arn:[^:*?]+:lambda:[^:*?]+:[^:*?]+:function:[^:*?]+(:[^:*?]+)?")
ANY_VERSION = re.compile(r"arn:[^:*?]+:lambda:[^:*?]+:[^:*?]+:function:[^:*?]+:\*")
CONFIRMED = "ENABLED"
"""docs.aws.amazon.com/bedrock/latest/userguide/agents-userconfirmation.html (2026-11)"""

READING = ("get", "head", "options")
WRITING = ("put", "post", "patch", "delete")
ROLE_TOOLS = ("lambda:InvokeFunction", "bedrock-agentcore:InvokeGateway", "bedrock-agentcore:InvokeAgentRuntime")


def decide(resource: Resource, context: Context) -> Result:
    """One role per agent, which names what it calls; tools are exact, and those that write ask first."""
    results: list[Result] = []
    if resource.type in ROLES:
        results += _role(resource, context)
    if resource.type == ACTION_GROUP:
        results += [
            *_executor(resource),
            *_signature(resource, context),
            *_functions(resource, context),
            *_api(resource),
        ]
    if resource.type == TARGET:
        results += _target(resource)
    if resource.type == HARNESS:
        results += [
            violated(f"every tool like {t} is allowed") for t in texts(resource.inputs, "allowedTools") if _wild(t)
        ]
    return together(results)


def _role(agent: Resource, context: Context) -> Iterator[Result]:
    others = sharing(agent, context)
    yield require(not others, f"the role is that of {', '.join(o.name for o in others)} as well")
    held = grants(*role_of(agent, context))
    if held.aws:
        raise UnreadableError(f"the role has {', '.join(held.aws)}, whose text is not in the program")
    for holder in held.holders:
        for statement in statements(holder):
            if statement.allows and any(statement.covers(action) for action in ROLE_TOOLS):
                wide = [r for r in statement.resources if _wild(r) and not ANY_VERSION.fullmatch(r)]
                wide += [f"all but {r}" for r in statement.not_resources]
                yield require(not wide, f"{holder.name} lets the agent call {', '.join(wide)}")


def _executor(group: Resource) -> Iterator[Result]:
    function = text(mapping(group.inputs, "actionGroupExecutor") or {}, "lambda")
    if function is not None:
        functions = mapping(mapping(group.inputs, "functionSchema") or {}, "memberFunctions") or {}
        if not mappings(functions, "functions") and mapping(group.inputs, "apiSchema") is None:
            raise UnreadableError("what the agent may ask of the executor is not in the program")
        yield require(_is_one(group, "actionGroupExecutor", function), f"the executor is {function}, not one function")


def _signature(group: Resource, context: Context) -> Iterator[Result]:
    signature = text(group.inputs, "parentActionGroupSignature")
    allowed = context.needs["signatures"]
    yield require(signature is None or signature in allowed, f"{signature} acts without asking")


def _returned(group: Resource) -> bool:
    """The application gets the call instead of a function, and decides."""
    return text(mapping(group.inputs, "actionGroupExecutor") or {}, "customControl") == "RETURN_CONTROL"


def _functions(group: Resource, context: Context) -> Iterator[Result]:
    members = mapping(mapping(group.inputs, "functionSchema") or {}, "memberFunctions") or {}
    for function in mappings(members, "functions"):
        name = text(function, "name") or ""
        reads = any(re.match(rf"{verb}([_A-Z-]|$)", name) for verb in context.needs["reading"])
        asks = _returned(group) or text(function, "requireConfirmation") == CONFIRMED
        yield require(reads or asks, f"the function {name!r} is called without asking")


def _api(group: Resource) -> Iterator[Result]:
    schema = mapping(group.inputs, "apiSchema")
    if schema is None or _returned(group):
        return
    if text(schema, "payload") is None:
        raise UnreadableError("apiSchema is not in the program, so nobody can tell which operations ask")
    for path, item in _paths(text(schema, "payload") or "").items():
        for method in WRITING:
            operation = mapping(item, method)
            if operation is not None:
                asks = text(operation, "x-requireConfirmation") == CONFIRMED
                yield require(asks, f"{method.upper()} {path} is called without asking")


def _paths(payload: str) -> Mapping[str, Mapping[str, Any]]:
    schema = from_json(payload, "apiSchema.payload")
    paths = mapping(schema, "paths") if isinstance(schema, Mapping) else None
    if not paths:
        raise UnreadableError("apiSchema.payload has no paths")
    lowered = {}
    for path in paths:
        item = mapping(paths, path) or {}
        if "$ref" in item:
            raise UnreadableError(f"apiSchema.payload has its operations on {path} elsewhere")
        lowered[path] = {name.lower(): value for name, value in item.items()}
    return lowered


def _target(target: Resource) -> Iterator[Result]:
    config = mapping(mapping(target.inputs, "targetConfiguration") or {}, "mcp") or {}
    function = mapping(config, "lambda")
    if function is not None:
        arn = text(function, "lambdaArn") or ""
        yield require(_is_one(target, "targetConfiguration", arn), f"the target is {arn!r}, not one function")
    gateway = mapping(mapping(config, "apiGateway") or {}, "apiGatewayToolConfiguration") or {}
    for chosen in mappings(gateway, "toolFilters"):
        path, methods = text(chosen, "filterPath") or "", texts(chosen, "methods")
        writes = [m for m in methods if m.lower() not in READING]
        yield require(not (_wild(path) and writes), f"{', '.join(writes)} is a tool on every path like {path}")


def _is_one(resource: Resource, at: str, arn: str) -> bool:
    """An ARN of one function; also one that a function, a version or an alias of this stack gives."""
    given = any("aws:lambda/" in urn for urn in sources(resource, at))
    return bool(EXACT_FUNCTION.fullmatch(arn)) or (given and arn.startswith("arn:") and not _wild(arn))


def _wild(name: str) -> bool:
    return "*" in name or "?" in name
