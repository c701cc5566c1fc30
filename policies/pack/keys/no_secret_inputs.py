"""No secret passes through a program into its state: AWS makes them, and programs pass their names."""

import re
from collections.abc import Iterator

from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import leaves, part, text

PARAMETER, FUNCTION = "aws:ssm/parameter:Parameter", "aws:lambda/function:Function"
KNOWN_SHAPES = re.compile(
    r"(?<![A-Z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bABSK[A-Za-z0-9+/=]{40,}|\bbedrock-api-key-[A-Za-z0-9+/=]{20,}|\bgh[pousr]_[A-Za-z0-9]{36,}|\bhf_[A-Za-z0-9]{30,}"
)
"""Access keys, private keys, Bedrock API keys, GitHub tokens, Hugging Face tokens."""

MARKS = ("AKIA", "ASIA", "PRIVATE KEY", "ABSK", "bedrock-api-key-", *(f"gh{kind}_" for kind in "pousr"), "hf_")
"""One of these is in every text that the pattern finds; a text with none is not searched, and most have none."""

SECRET_NAME = re.compile(r"(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY)$", re.IGNORECASE)


def decide(resource: Resource, context: Context) -> Result:
    """No input that ``needs.refused`` lists, that is marked secret, or that looks like a secret."""
    listed = context.needs["refused"].get(resource.type, [])
    marked = [path for path in resource.secrets if not _marked_by_sdk(resource, path)]
    return together(
        [
            *(require(resource.inputs.get(name) is None, f"{name} puts a secret into the state") for name in listed),
            *(violated(f"{path} is marked secret, so a secret is in the state") for path in marked),
            *(
                violated(f"{path} holds what looks like a secret")
                for path, found in leaves(resource.inputs)
                if any(mark in found for mark in MARKS) and KNOWN_SHAPES.search(found)
            ),
            *_secure_parameter(resource),
            *_variables(resource),
        ]
    )


def _marked_by_sdk(resource: Resource, path: str) -> bool:
    """pulumi-aws marks the value of every parameter, also of one whose type says that it is plain."""
    return resource.type == PARAMETER and path == "value" and text(resource.inputs, "type") in ("String", "StringList")


def _secure_parameter(resource: Resource) -> Iterator[Result]:
    if resource.type == PARAMETER and text(resource.inputs, "type") not in ("String", "StringList"):
        yield violated("a SecureString parameter puts a secret into the state")


def _variables(resource: Resource) -> Iterator[Result]:
    if resource.type != FUNCTION:
        return
    variables = part(resource.inputs, "environment", "variables")
    from_others = {r.at for r in resource.references}
    for name, value in variables.items():
        literal = value and f"environment.variables.{name}" not in from_others and not str(value).startswith("arn:")
        if SECRET_NAME.search(name) and literal:
            yield violated(f"environment.variables.{name} is a secret by its name; pass the name of a secret instead")
