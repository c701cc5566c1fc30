"""Whoever calls a gateway says who they are, and nobody gets all of it.

An API key names a plan, not a caller: it is no authorisation
(https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html, 2026-11). An HTTP API knows
neither plans nor WAF, so its stage has a limit
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html, 2026-11).
"""

from collections.abc import Callable, Iterator, Mapping

from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import flag, mapping, mappings, number, text
from policies.pack.network._web_acl import limits_rate

METHOD, REST_API, REST_STAGE = (
    "aws:apigateway/method:Method",
    "aws:apigateway/restApi:RestApi",
    "aws:apigateway/stage:Stage",
)
REST_API_PUT = "aws:apigateway/restApiPut:RestApiPut"
ROUTE, HTTP_API, HTTP_STAGE = "aws:apigatewayv2/route:Route", "aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage"
PLAN, PLAN_KEY = "aws:apigateway/usagePlan:UsagePlan", "aws:apigateway/usagePlanKey:UsagePlanKey"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
AGENT_GATEWAY = "aws:bedrock/agentcoreGateway:AgentcoreGateway"
BY_AUTHORIZER = ("COGNITO_USER_POOLS", "CUSTOM", "JWT")
SIGNED = "AWS_IAM"
PREFLIGHT = "OPTIONS"
"""A browser asks without credentials whether it may ask: https://fetch.spec.whatwg.org/#cors-preflight-fetch (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """Every way into a gateway has an authoriser or a signature; every stage has a limit that refuses."""
    return together(CHECKS[resource.type](resource, context))


def _method(method: Resource, context: Context) -> Iterator[Result]:
    if text(method.inputs, "httpMethod") != PREFLIGHT:
        yield _authorized(method, "authorization")


def _route(route: Resource, context: Context) -> Iterator[Result]:
    """Of a WebSocket only the connection is authorised; what follows comes through it."""
    key = text(route.inputs, "routeKey") or ""
    apis = targets(route, "apiId", context)
    by_socket = bool(apis) and all(text(api.inputs, "protocolType") == "WEBSOCKET" for api in apis)
    if not key.startswith(f"{PREFLIGHT} ") and (key == "$connect" or not by_socket):
        yield _authorized(route, "authorizationType")


def _authorized(resource: Resource, at: str) -> Result:
    how = text(resource.inputs, at)
    by_authorizer = how in BY_AUTHORIZER and text(resource.inputs, "authorizerId") is not None
    return require(how == SIGNED or by_authorizer, f"{at} is {how!r}, without an authoriser: everybody may call")


def _written_elsewhere(api: Resource, context: Context) -> Iterator[Result]:
    """A description of an API says by itself how each way in is authorised, and is not read here."""
    if api.inputs.get("body") is not None:
        yield indeterminate("the ways in stand in body, which is not read: make each of them a resource")
    if text(api.inputs, "target") is not None:
        yield violated("target makes a way in without an authoriser")


def _function_url(url: Resource, context: Context) -> Iterator[Result]:
    how = text(url.inputs, "authorizationType")
    yield require(how == SIGNED, f"authorizationType is {how!r}: everybody may call the function")


def _agent_gateway(gateway: Resource, context: Context) -> Iterator[Result]:
    how = text(gateway.inputs, "authorizerType")
    by_token = how == "CUSTOM_JWT" and bool(mapping(gateway.inputs, "authorizerConfiguration"))
    yield require(how == SIGNED or by_token, f"authorizerType is {how!r}: not every caller is asked what they may")


def _http_stage(stage: Resource, context: Context) -> Iterator[Result]:
    settings = mapping(stage.inputs, "defaultRouteSettings") or {}
    yield require(
        _limits(settings, "throttling", context),
        "defaultRouteSettings has no small enough rate and burst: one caller gets it all",
    )
    for route in mappings(stage.inputs, "routeSettings"):
        key = text(route, "routeKey")
        yield require(
            _limits(route, "throttling", context), f"the settings of {key} have no small enough rate and burst"
        )


def _rest_stage(stage: Resource, context: Context) -> Iterator[Result]:
    if not limits_rate(stage, context):
        yield _planned(stage, context)


def _planned(stage: Resource, context: Context) -> Result:
    """A plan with a limit and a key counts, and only if every method asks for the key."""
    apis = targets(stage, "restApi", context)
    plans = [plan for plan in context.of_type(PLAN) if _is_for(plan, stage, context)]
    good = [p for p in plans if _has_limit(p, context) and pointing_at(context, p, PLAN_KEY, "usagePlanId")]
    if not good:
        return violated("neither a usage plan with keys nor a rule of a web ACL limits the rate of a caller")
    free = [
        method.name
        for method in context.of_type(METHOD)
        if any(api in targets(method, "restApi", context) for api in apis)
        and text(method.inputs, "httpMethod") != PREFLIGHT
        and flag(method.inputs, "apiKeyRequired") is not True
    ]
    return require(bool(apis) and not free, f"the plan does not count what asks for no key: {', '.join(free) or 'all'}")


def _is_for(plan: Resource, stage: Resource, context: Context) -> bool:
    name = text(stage.inputs, "stageName")
    apis = targets(stage, "restApi", context)
    for index, entry in enumerate(mappings(plan.inputs, "apiStages")):
        same_api = any(api in apis for api in targets(plan, f"apiStages[{index}].apiId", context))
        same_stage = stage in targets(plan, f"apiStages[{index}].stage", context)
        if same_api and (same_stage or (name is not None and text(entry, "stage") == name)):
            return True
    return False


def _has_limit(plan: Resource, context: Context) -> bool:
    quota = number(mapping(plan.inputs, "quotaSettings") or {}, "limit")
    return _limits(mapping(plan.inputs, "throttleSettings") or {}, "", context) or (quota is not None and quota > 0)


def _limits(settings: Mapping[str, object], start: str, context: Context) -> bool:
    """Both numbers are there: without the one, what the account allows is allowed here."""
    names = (f"{start}RateLimit", f"{start}BurstLimit") if start else ("rateLimit", "burstLimit")
    return all((limit := number(settings, name)) is not None and 0 < limit <= context.needs["rate"] for name in names)


CHECKS: Mapping[str, Callable[[Resource, Context], Iterator[Result]]] = {
    METHOD: _method,
    REST_API: _written_elsewhere,
    REST_API_PUT: _written_elsewhere,
    REST_STAGE: _rest_stage,
    ROUTE: _route,
    HTTP_API: _written_elsewhere,
    HTTP_STAGE: _http_stage,
    FUNCTION_URL: _function_url,
    AGENT_GATEWAY: _agent_gateway,
}
