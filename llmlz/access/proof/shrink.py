"""A counterexample without what it does not need: a person reads it, so every key that is left must matter."""

from collections.abc import Callable, Collection, Iterator

from llmlz.access.request import Request


def shrink(request: Request, holds: Callable[[Request], bool], keep: Collection[str]) -> Request:
    """The request with context keys and values left out, one at a time, as long as ``holds`` stays true.

    ``keep`` are keys, in lower case, that every request has. ``holds`` is true of ``request``, and of the result; of no
    request that lacks one more key or value.
    """
    while True:
        smaller = next((one for one in _smaller(request, keep) if holds(one)), None)
        if smaller is None:
            return request
        request = smaller


def _smaller(request: Request, keep: Collection[str]) -> Iterator[Request]:
    for name, value in request.context.items():
        if name.lower() in keep:
            continue
        rest = {key: other for key, other in request.context.items() if key != name}
        yield Request(request.principal, request.action, request.resource, rest)
        if not isinstance(value, str) and len(value) > 1:
            for left_out in range(len(value)):
                fewer = (*value[:left_out], *value[left_out + 1 :])
                yield Request(request.principal, request.action, request.resource, {**request.context, name: fewer})
