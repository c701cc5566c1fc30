"""Which images a cluster starts, by who signed them."""

import pulumi

from components.image_signatures import ImageSignatures, ImageSignaturesArgs, Workflow
from stacks.kinds import RuntimeStack

SPARED = ("kube-system", "kyverno")
"""Namespaces with images of AWS and of Kyverno itself, which would wait for its own answer."""


def image_signatures(stack: RuntimeStack, opts: pulumi.ResourceOptions) -> ImageSignatures | None:
    """The policy that the settings ask for; ``None`` where no signature is asked for."""
    wish = stack.settings.signatures
    if wish is None:
        return None
    by = wish.workflow
    args = ImageSignaturesArgs(
        spared_namespaces=SPARED,
        key_arn=wish.key,
        workflow=Workflow(issuer=by.issuer, subject=by.subject) if by else None,
    )
    return ImageSignatures("signatures", args, opts)
