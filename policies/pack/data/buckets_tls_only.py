"""A bucket answers over TLS alone."""

from policies.pack._documents import Statement, parse
from policies.pack._relations import pointing_at
from policies.pack._rule import Context, Resource, Result, require, violated


def decide(resource: Resource, context: Context) -> Result:
    """The bucket's policy denies everything to everyone while ``aws:SecureTransport`` is false."""
    policies = pointing_at(context, resource, "aws:s3/bucketPolicy:BucketPolicy", "bucket", "bucket")
    if not policies:
        return violated("the bucket has no policy")
    found = [s for p in policies for s in parse(p.inputs.get("policy"), "resource", f"policy of {p.name}")]
    return require(any(_refuses_plain(s) for s in found), "no statement denies requests without TLS")


def _refuses_plain(statement: Statement) -> bool:
    return (
        statement.denies_everyone
        and bool({"*", "s3:*"} & set(statement.actions))
        and statement.only_condition("Bool", "aws:SecureTransport") == ("false",)
        and _whole(statement.resources)
    )


def _whole(resources: tuple[str, ...]) -> bool:
    """The bucket itself and everything in it; S3 takes no policy that names another bucket."""
    return "*" in resources or any(f"{r}/*" in resources for r in resources if "/" not in r)
