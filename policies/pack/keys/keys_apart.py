"""A key serves one team, one environment and one class of data: who gets it by mistake gets nothing else with it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies.pack._documents import parse
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._values import UnreadableError, mappings, shown, text, texts
from policies.pack.data._tags import tags_of
from policies.pack.data._teams import known, role_named
from policies.pack.keys._grantees import account_of, from_elsewhere, only_encrypts

KEYS = (
    "aws:kms/key:Key",
    "aws:kms/replicaKey:ReplicaKey",
    "aws:kms/externalKey:ExternalKey",
    "aws:kms/replicaExternalKey:ReplicaExternalKey",
)
KEY_POLICY, GRANT = "aws:kms/keyPolicy:KeyPolicy", "aws:kms/grant:Grant"
BUCKET = "aws:s3/bucket:Bucket"
SETTING = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
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
    strangers = from_elsewhere(statements, _account(holder, context), accepted)
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
    own = account_of(grantee) == _account(grant, context)
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
    targets = [context.by_urn(r.to) for r in store.references if _head(r.at) == at]
    keys = [t for t in targets if t is not None and t.type in KEYS]
    if keys:
        return together(_same_scope(store, key, context) for key in keys)
    if any(t is not None and t.type == STACK_REFERENCE for t in targets):
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
        for there in known(context)
        for other in there.of_type(*uses)
        if any(key in _named_keys(other.inputs, at) for at in uses[other.type])
    }
    shared = sorted(_words(scope) for scope in others - {ours})
    own = not key.startswith("arn:") or account_of(key) == _account(store, context)
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
    if setting.type != SETTING:
        return None
    name, referenced = text(setting.inputs, "bucket"), [r.to for r in setting.references if r.at == "bucket"]
    for bucket in context.of_type(BUCKET):
        if bucket.urn in referenced or (name and text(bucket.inputs, "bucket") == name):
            return bucket
    return None


def _words(scope: tuple[str | None, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(SCOPE, scope, strict=True))


def _account(resource: Resource, context: Context) -> str:
    """The account that the provider is pinned to, or the stack's: a stack may make keys in several accounts."""
    provider = context.by_urn(resource.provider) if resource.provider else None
    raw = provider.inputs.get("allowedAccountIds") if provider else None
    if isinstance(raw, str):  # the SDK sends a provider's settings as JSON texts
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise UnreadableError(f"allowedAccountIds is {shown(raw)}, JSON is expected") from None
    pinned: Mapping[str, Any] = {"allowedAccountIds": raw}
    accounts = texts(pinned, "allowedAccountIds")
    return accounts[0] if len(accounts) == 1 else context.stack.account


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


def _head(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
