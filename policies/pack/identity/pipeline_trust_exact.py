"""A pipeline's token is worth a role's rights: the trust says whose token it is, to the letter.

A pattern over repositories lets in whoever may make one, and a pull request runs code that nobody has read yet.
"""

from collections.abc import Iterator

from policies.pack._documents import Statement
from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack.identity._pipelines import SUBJECT, claims, github, only_reads, pipelines, protected


def decide(resource: Resource, context: Context) -> Result:
    """The audience is one of ``needs.audiences``, the subject is exact, and whoever writes comes from an environment."""
    return together(r for s in pipelines(resource) for r in _checks(s, resource, context))


def _checks(statement: Statement, role: Resource, context: Context) -> Iterator[Result]:
    audiences = claims(statement, "aud")
    fixed = bool(audiences) and set(audiences) <= set(context.needs["audiences"])
    yield require(fixed, f"the audience is {', '.join(audiences) or 'not asked for'}")
    wrong = _loose(statement)
    yield from (violated(each) for each in wrong)
    if not wrong and not protected(statement):
        subjects = ", ".join(claims(statement, "sub"))
        reads = only_reads(role, context, context.needs)
        yield require(reads, f"{subjects} is no environment, and the role does more than read")


def _loose(statement: Statement) -> list[str]:
    subjects = claims(statement, "sub")
    if not subjects and not _by_id(statement):
        return ["the trust asks for no subject"]
    if _by_id(statement):
        return []
    if github(statement):
        return [
            f"the subject {s!r} is not one repository and environment" for s in subjects if not SUBJECT.fullmatch(s)
        ]
    return [f"the subject {s!r} is a pattern" for s in subjects if any(c in s for c in "*?")]


def _by_id(statement: Statement) -> bool:
    """The repository's immutable id and an environment, as claims of their own, which AWS compares since 2026-01.

    https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/ (2026-11)
    """
    ids = claims(statement, "repository_id")
    return (
        bool(ids)
        and all(i.isdecimal() for i in ids)
        and bool(claims(statement, "environment"))
        and protected(statement)
    )
