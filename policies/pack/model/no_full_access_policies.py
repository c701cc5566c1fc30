"""AWS's own full-access policies for models stay unattached: they bypass lists of models and guardrails."""

from policies.pack._attachments import refuse
from policies.pack._rule import Context, Resource, Result


def decide(resource: Resource, context: Context) -> Result:
    """None of the policies in ``needs.policies`` is attached."""
    return refuse(resource, context.needs["policies"])
