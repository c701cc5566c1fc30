"""Whoever connects to a database has a short-lived token instead of a password, and speaks TLS."""

from policies.pack._rule import Context, Resource, Result, indeterminate, require, together
from policies.pack._values import flag
from policies.pack.data._database import engine_of, parameter


def decide(resource: Resource, context: Context) -> Result:
    """IAM authentication is on, and the parameter of ``needs.tls`` for the engine has an accepted value.

    A group of AWS does not count: which of them force TLS changes from version to version
    (docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Security.html, 2026-11).
    """
    engine = engine_of(resource)
    tls = context.needs["tls"].get(engine)
    if tls is None:
        return indeterminate(f"which parameter of the engine {engine!r} forces TLS is not known to this control")
    name, accepted = tls["parameter"], tls["values"]
    found = parameter(resource, context, name)
    enabled = flag(resource.inputs, "iamDatabaseAuthenticationEnabled")
    return together(
        [
            require(enabled is True, f"iamDatabaseAuthenticationEnabled is {enabled}"),
            require(bool(found), f"no parameter group sets {name}"),
            *(require(value in accepted, f"{name} is {value!r}") for value in found),
        ]
    )
