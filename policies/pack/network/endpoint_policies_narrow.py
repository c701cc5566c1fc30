"""An endpoint lets through the principals of known accounts alone, and calls of models that its policy names.

Without a policy everything passes, so that stolen data leave through it with a stranger's credentials. String conditions
without wildcards are what works in these policies, and a gateway takes no principal but ``*``:
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (2026-11).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from policies.pack._documents import Statement, parse
from policies.pack._places import accounts, region_of
from policies.pack._relations import pointing_at
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._use import calls_models
from policies.pack._values import text

POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
WITHOUT_POLICY = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")
"""AWS takes a policy for interfaces and gateways alone:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html (2026-11)"""

EXACT = ("StringEquals", "ArnEquals")
ACCOUNT, ORGANIZATION = re.compile(r"\d{12}"), re.compile(r"o-[a-z0-9]{10,32}")
OF_ACCOUNT = re.compile(r"arn:[^:*?]+:(iam|sts)::(\d{12}):.+")
MODEL = re.compile(
    r"arn:[^:*?]+:bedrock:"
    r"([^:]*::foundation-model/[^*?]+"  # any region: a profile forwards to those of its geography
    r"|[^:]*:\d{12}:application-inference-profile/.+"  # the model behind a profile is asked for as well
    r"|[^:*?]+:\d{12}:(custom-model|custom-model-deployment|imported-model|provisioned-model|inference-profile)/[^*?]+)"
)


def decide(resource: Resource, context: Context) -> Result:
    """Each Allow is bound to known callers, or is one of ``needs.unbound``; calls name their models."""
    if text(resource.inputs, "vpcEndpointType") in WITHOUT_POLICY:
        return HOLDS
    given = [p.inputs.get("policy") for p in pointing_at(context, resource, POLICY, "vpcEndpointId")]
    documents = given or [resource.inputs.get("policy")]
    if any(document is None or document == "" for document in documents):
        return violated("the endpoint has no policy, so everybody's calls pass")
    statements = [s for document in documents for s in parse(document, "resource", "policy")]
    strangers = [s for s in statements if _refuses_strangers(s, context)]
    region = region_of(resource, context)
    models = (text(resource.inputs, "serviceName") or "").endswith(tuple(context.needs["model_services"]))
    return together(
        result
        for statement in statements
        if statement.allows
        for result in (
            _callers(statement, bool(strangers), region, context),
            *(_models(statement) if models else ()),
        )
    )


def _callers(statement: Statement, refused: bool, region: str, context: Context) -> Result:
    open_to_all = not _named(statement, context) and not _bound(statement, context)
    if not open_to_all or refused or any(_is(statement, wish, region, context) for wish in context.needs["unbound"]):
        return HOLDS
    what = ", ".join(statement.actions) or "all actions but a few"
    return violated(f"{what} passes for callers who are not bound to a known account")


def _named(statement: Statement, context: Context) -> bool:
    """The statement names principals of known accounts, one by one."""
    names = statement.principals.get("AWS", ())
    return bool(names) and set(statement.principals) == {"AWS"} and all(_is_known(name, context) for name in names)


def _bound(statement: Statement, context: Context) -> bool:
    return any(
        operator in EXACT and bool(values) and _are_callers(key, values, context)
        for (operator, key), values in statement.conditions.items()
    )


def _refuses_strangers(statement: Statement, context: Context) -> bool:
    """A Deny of everything, to everyone but known callers."""
    whole = statement.everyone and not statement.not_principals and "*" in statement.resources
    if statement.allows or not whole or "*" not in statement.actions or len(statement.conditions) != 1:
        return False
    ((operator, key), values) = next(iter(statement.conditions.items()))
    return operator in ("StringNotEquals", "ArnNotEquals") and _are_callers(key, values, context)


def _are_callers(key: str, values: Sequence[str], context: Context) -> bool:
    if key == "aws:principalorgid":
        return all(ORGANIZATION.fullmatch(value) for value in values)
    return key in ("aws:principalaccount", "aws:principalarn") and all(_is_known(v, context) for v in values)


def _is_known(name: str, context: Context) -> bool:
    """An account of the estate, or a principal of one."""
    arn = OF_ACCOUNT.fullmatch(name)
    account = arn[2] if arn else name
    return bool(ACCOUNT.fullmatch(account)) and account in accounts(context)


def _is(statement: Statement, wish: Mapping[str, Sequence[str]], region: str, context: Context) -> bool:
    """One of the statements that cannot be bound to callers: these actions alone, on these resources or for accounts."""
    if statement.not_actions or not statement.actions or not set(statement.actions) <= set(wish["actions"]):
        return False
    if "resources" in wish:
        allowed = [resource.replace("{region}", region) for resource in wish["resources"]]
        return bool(statement.resources) and all(r.split(":", 2)[-1] in allowed for r in statement.resources)
    return any(
        operator == "StringEquals" and key == "aws:resourceaccount" and set(values) <= accounts(context)
        for (operator, key), values in statement.conditions.items()
    )


def _models(statement: Statement) -> Iterator[Result]:
    if not calls_models(statement):
        return
    yield require(not statement.not_resources, "calls pass for all models but a few (NotResource)")
    for resource in statement.resources:
        yield require(bool(MODEL.fullmatch(resource)), f"calls pass for {resource!r}, which names no model")
