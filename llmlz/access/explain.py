"""Why a request is allowed or not, line by line, for a person."""

from llmlz.access.evaluate import decide, match, places
from llmlz.access.request import Request
from llmlz.access.world import World


def explain(request: Request, world: World) -> tuple[str, ...]:
    """The decision, then every statement that names the action: whether it applies, and what kept it from applying."""
    decision = decide(request, world)
    lines = [
        f"{decision.outcome.upper()}: {request.action} on {request.resource}",
        f"  by {request.principal}",
        *(f"  {key} = {value if isinstance(value, str) else list(value)}" for key, value in request.context.items()),
        f"because {decision.reason}",
    ]
    for document in dict.fromkeys(d for place in places(request, world) for d in place.documents):
        if document.undecided:
            lines.append(f"  ? {document.origin}: {document.undecided}")
        for statement in document.statements:
            found = match(statement, request)
            if found.why != f"action {request.action}":
                sign = {"yes": "+" if statement.effect == "Allow" else "-", "no": " ", "unknown": "?"}[found.applies]
                lines.append(f"  {sign} {statement}: {'applies' if found.applies == 'yes' else found.why}")
    return tuple(lines)
