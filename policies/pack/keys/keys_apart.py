"""A key serves one team, one environment and one class of data: who gets it by mistake gets nothing else with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._documents import parse
from policies.pack._places import STACK_REFERENCE, account_of, in_account
from policies.pack._relations import names, targets
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._tags import tags_of
from policies.pack._teams import role_named
from policies.pack._values import UnreadableError, mappings, text, texts
from policies.pack.keys._grantees import account_in, from_elsewhere, only_encrypts

KEYS = (
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)
KEY_POLICY, GRANT = "aws:kms/keyPolicy:KeyPolicy", "aws:kms/grant:Grant"
BUCKET = "aws:s3/bucket:Bucket"
SETTING = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
KEY_INPUT = "kms"
"""How the names of inputs begin that take a key."""

SCOPE = ("team", "environment", "data-class")


def decide(resource: Resource, context: Context) -> Result:
    """Nobody of another account, which is another environment, decrypts; a store and its key have the same scope."""
    if resource.type in (*KEYS, KEY_POLICY):
        return _policy(resource, context)
    if resource.type == GRANT:
        return _grant(resource, context)
    return together(_use(resource, at, context) for at in context.needs["uses"][resource.type])


def _policy(holder: Resource, context: Context) -> Result:
    if holder.inputs.get("policy") is None:
        return HOLDS  # KMS writes one for the key's own account
    statements = parse(holder.inputs["policy"], "resource", "policy")
    accepted = context.needs["encrypting"]
    strangers = from_elsewhere(statements, account_of(holder, context), accepted)
    named = {
        p
        for s in statements
        if s.allows and not only_encrypts(s.actions, accepted)
        for p in s.principals.get("AWS", ())
    }
    return together([strangers, *(_same_team(holder, principal, context) for principal in sorted(named))])


def _grant(grant: Resource, context: Context) -> Result:
    grantee = text(grant.inputs, "granteePrincipal")
    if grantee is None:
        raise UnreadableError("granteePrincipal is not set")
    operations = [f"kms:{operation}" for operation in texts(grant.inputs, "operations")]
    if only_encrypts(operations, context.needs["encrypting"]):
        return HOLDS
    own = account_in(grantee) == account_of(grant, context)
    return together([require(own, f"{grantee} may do more than encrypt"), _same_team(grant, grantee, context)])


def _same_team(holder: Resource, principal: str, context: Context) -> Result:
    """A role that is known belongs to the key's team, or one of the two to whoever runs the keys for all."""
    role = role_named(principal, context)
    if role is None:
        return HOLDS
    theirs, mine = text(role, "team"), text(tags_of(holder, context), "team")
    fits = theirs == mine or {theirs, mine} & set(context.needs["operators"])
    return require(bool(fits), f"{principal} of the team {theirs} may use a key of the team {mine}")


def _use(store: Resource, at: str, context: Context) -> Result:
    """The key is made here for the same scope, or is an ARN that no store of another scope has."""
    keys = targets(store, at, context, *KEYS)
    if keys:
        return together(_same_scope(store, key, context) for key in keys)
    if targets(store, at, context, STACK_REFERENCE):
        team = text(tags_of(store, context), "team")
        if team in context.needs["operators"]:
            return indeterminate(f"{at}: whose key of another stack it is, is not known here")
        return violated(f"{at} is a key of another stack, not of the team {team}")
    return together(_literal(store, key, context) for key in _named_keys(store.inputs, at))


def _same_scope(store: Resource, key: Resource, context: Context) -> Result:
    ours, its = _scope(store, context), _scope(key, context)
    return require(ours == its, f"a store of {_words(ours)} has a key of {_words(its)}")


def _literal(store: Resource, key: str, context: Context) -> Result:
    ours, uses = _scope(store, context), context.needs["uses"]
    others = {
        _scope(other, there)
        for other, there in in_account(context, *uses)
        if any(key in _named_keys(other.inputs, at) for at in uses[other.type])
    }
    shared = sorted(_words(scope) for scope in others - {ours})
    own = not key.startswith("arn:") or account_in(key) == account_of(store, context)
    return together(
        [
            require(own, f"{key} is a key of another account"),
            require(not shared, f"{key} is the key of {'; '.join(shared)} as well"),
        ]
    )


def _scope(resource: Resource, context: Context) -> tuple[str | None, ...]:
    tags = tags_of(_bucket(resource, context) or resource, context)
    return tuple(text(tags, name) for name in SCOPE)


def _bucket(setting: Resource, context: Context) -> Resource | None:
    """The bucket that a setting is about: tags are the bucket's, a setting takes none."""
    buckets = context.of_type(BUCKET) if setting.type == SETTING else ()
    return next((bucket for bucket in buckets if names(setting, "bucket", bucket, "bucket")), None)


def _words(scope: tuple[str | None, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(SCOPE, scope, strict=True))


def _named_keys(inputs: Mapping[str, Any], at: str) -> Iterator[str]:
    """Keys by whatever name, anywhere in an input; a key of AWS, which all share by nature, is for others to refuse."""
    if at.startswith(KEY_INPUT):
        key = text(inputs, at)
        if key is not None and "alias/aws/" not in key:
            yield key
        return
    value = inputs.get(at)
    for inner in [value] if isinstance(value, Mapping) else mappings(inputs, at):
        yield from _nested_keys(inner)


def _nested_keys(block: Mapping[str, Any]) -> Iterator[str]:
    for name, value in block.items():
        if name.startswith(KEY_INPUT):
            yield from _named_keys(block, name)
        for inner in value if isinstance(value, list | tuple) else [value]:
            if isinstance(inner, Mapping):
                yield from _nested_keys(inner)
