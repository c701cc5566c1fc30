"""A request that a model or a page was talked into cannot fetch the node's credentials."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import number, part, text
from policies.pack.gpu._pools import LAUNCH_TEMPLATE, NODE_GROUP, launch_template

NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
DEFAULTS: Mapping[str, Any] = {"httpTokens": "required", "httpPutResponseHopLimit": 1}
"""What Karpenter fills in since v1: https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """Tokens are required and reach no further than the node; a group has a launch template that says so."""
    inputs = resource.inputs
    if resource.type == NODE_CLASS:
        return together(_options({**DEFAULTS, **part(inputs, "spec", "metadataOptions")}))
    own = part(inputs, "metadataOptions")
    if resource.type == LAUNCH_TEMPLATE or own or not part(inputs, "launchTemplate"):
        none = "no launch template, so the image decides whether pods reach the credentials of the node"
        return violated(none) if resource.type == NODE_GROUP else together(_options(own))
    if launch_template(resource, context) is not None:
        return HOLDS  # the template is judged by itself
    return indeterminate("the launch template is not in this stack, so nobody can tell how credentials are given out")


def _options(options: Mapping[str, Any]) -> Iterator[Result]:
    if text(options, "httpEndpoint") == "disabled":
        return
    tokens, hops = text(options, "httpTokens"), number(options, "httpPutResponseHopLimit")
    yield require(tokens == "required", f"metadataOptions.httpTokens is {tokens!r}, not 'required'")
    # an image or the account decides what is left out
    # (docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html, 2026-11)
    yield require(hops == 1, f"metadataOptions.httpPutResponseHopLimit is {_shown(hops)}, not 1")


def _shown(hops: float | None) -> str:
    return "not set" if hops is None else f"{hops:g}"
