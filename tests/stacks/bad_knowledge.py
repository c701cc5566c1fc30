"""Kinds of bad input about knowledge bases: each is one clear message before anything is deployed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stacks.bad_input import CLAIMS, PLATFORM, Change, setting, yaml

ACCOUNT, REGION = "111122223333", "eu-central-1"
OPEN = "Pulumi.platform-sandbox.yaml"
WEB = {"kind": "web", "seed_urls": ["https://www.example.com/help"]}


def secret(name: str, account: str = ACCOUNT) -> str:
    """ARN of a secret of team claims, or what looks like one."""
    return f"arn:aws:secretsmanager:{REGION}:{account}:secret:llmlz-sandbox/{name}-AbCdEf"


def wiki(**changes: Any) -> dict[str, Any]:
    """A Confluence, as a team writes it."""
    whole = {"kind": "confluence", "host_url": "https://example.atlassian.net", "secret": secret("claims/wiki")}
    return {key: value for key, value in {**whole, **changes}.items() if value is not None}


def base(source: Mapping[str, Any] | None = None, **changes: Any) -> Change:
    """Team claims with one knowledge base, which reads its own documents unless told otherwise."""
    wish = {"model": "titan-embed-v2", "connectors": {"docs": dict(source or {"kind": "s3"})}, **changes}
    return setting(CLAIMS, knowledge={"handbook": wish})


def allowing(change: Change, *kinds: str) -> Change:
    """The same on a platform one tier up, which allows these kinds of source."""

    def both(folder: Path) -> None:
        change(folder)
        content = yaml.load((folder / PLATFORM).read_text())
        content["config"]["llmlz:tier"] = "repeatable"
        content["config"]["llmlz:settings"] |= {"connectors": ["s3", *kinds]}
        yaml.dump(content, folder / PLATFORM)

    return both


AT = "knowledge.handbook"
SOURCE = f"{AT}.connectors.docs"
CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "connectors that the tier has not": (
        setting(PLATFORM, connectors=["s3", "web"]),
        PLATFORM,
        "llmlz:settings.connectors",
        '["s3", "web"]',
        "only items s3: locked at tier foundation, because what others write can carry instructions",
    ),
    "a connector that is not built": (
        setting(PLATFORM, connectors=["jdbc"]),
        PLATFORM,
        "llmlz:settings.connectors[0]",
        '"jdbc"',
        "'s3', 'web', 'confluence', 'sharepoint' or 'salesforce'",
    ),
    "a connector that the platform does not allow": (
        base(wiki()),
        CLAIMS,
        f"{SOURCE}.kind",
        "confluence",
        "a source that platform-sandbox allows: s3",
    ),
    "a source of no kind": (base({"kind": "ftp"}), CLAIMS, SOURCE, '{"kind": "ftp"}', "'confluence'"),
    "a connector without a secret": (base(wiki(secret=None)), CLAIMS, f"{SOURCE}.secret", "", "it is required"),
    "a password in the place of a secret's ARN": (
        base(wiki(secret="hunter2")),
        CLAIMS,
        f"{SOURCE}.secret",
        '"hunter2"',
        "the whole ARN of a secret of AWS Secrets Manager, with the six characters at its end, never its value",
    ),
    "a secret of another account": (
        base(wiki(secret=secret("claims/wiki", "999999999999"))),
        CLAIMS,
        f"{SOURCE}.secret",
        secret("claims/wiki", "999999999999"),
        "a secret of this team in this account and region",
    ),
    "a secret of another team": (
        base(wiki(secret=secret("search/wiki"))),
        CLAIMS,
        f"{SOURCE}.secret",
        secret("search/wiki"),
        f"whose ARN starts with arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:llmlz-sandbox/claims/",
    ),
    "the secret of the application": (
        base(wiki(secret=secret("claims/app"))),
        CLAIMS,
        f"{SOURCE}.secret",
        secret("claims/app"),
        "a secret of its own: this one is read by the team's application alone",
    ),
    "one secret for two sources": (
        setting(
            CLAIMS,
            knowledge={
                name: {"model": "titan-embed-v2", "connectors": {"wiki": wiki()}} for name in ("handbook", "notes")
            },
        ),
        CLAIMS,
        "knowledge.notes.connectors.wiki.secret",
        secret("claims/wiki"),
        "a secret of its own: knowledge.handbook.connectors.wiki.secret has this one",
    ),
    "an embedding model that the team does not call": (
        base(model="cohere-embed-multi-3"),
        CLAIMS,
        f"{AT}.model",
        "cohere-embed-multi-3",
        "one that the team calls already, out of the team's models: titan-embed-v2",
    ),
    "a model that makes no vectors": (
        base(model="nova-micro"),
        CLAIMS,
        f"{AT}.model",
        "nova-micro",
        "an embedding model that knowledge bases can use, out of the team's models: titan-embed-v2",
    ),
    "a length that the model does not give": (
        base(dimensions=300),
        CLAIMS,
        f"{AT}.dimensions",
        "300",
        "a length of the vectors that titan-embed-v2 gives: 1024, 512, 256",
    ),
    "knowledge above the team's data": (
        base(data_class="restricted"),
        CLAIMS,
        f"{AT}.data_class",
        "restricted",
        "at most internal: more is not for platform-sandbox",
    ),
    "an engine that Bedrock cannot fill": (
        lambda folder: (
            base()(folder),
            setting(PLATFORM, vector_store={"engine": "pgvector", "min_acu": 0, "max_acu": 1})(folder),
        )[0],
        CLAIMS,
        AT,
        "",
        "which Bedrock can keep knowledge in; platform-sandbox has pgvector",
    ),
    "a source that the engine does not take": (
        allowing(base(WEB), "web"),
        CLAIMS,
        f"{SOURCE}.kind",
        "web",
        "a source that Bedrock puts into s3_vectors: s3; this one needs opensearch",
    ),
    "a host that nobody listed": (
        allowing(base(WEB), "web"),
        CLAIMS,
        f"{SOURCE}.seed_urls[0]",
        "https://www.example.com/help",
        "a host that platform-sandbox lets crawl: none is listed",
    ),
    "a host with a wildcard": (
        base({**WEB, "seed_urls": ["https://*.example.com/"]}),
        CLAIMS,
        f"{SOURCE}.seed_urls[0]",
        '"https://*.example.com/"',
        "no wildcard, no port, no sign-in, no query",
    ),
    "a sign-in in an address": (
        base({**WEB, "seed_urls": ["https://user:pass@www.example.com/"]}),
        CLAIMS,
        f"{SOURCE}.seed_urls[0]",
        '"https://user:pass@www.example.com/"',
        "no wildcard, no port, no sign-in, no query",
    ),
    "a host with a wildcard, of the platform": (
        setting(PLATFORM, crawled_hosts=["*.example.com"]),
        PLATFORM,
        "llmlz:settings.crawled_hosts[0]",
        '"*.example.com"',
        "a host such as www.example.com, without a wildcard",
    ),
    "documents outside of the team's own": (
        base({"kind": "s3", "prefix": "../search/"}),
        CLAIMS,
        f"{SOURCE}.prefix",
        '"../search/"',
        "a folder below the team's own, with a slash at its end",
    ),
    "a filter that is no regular expression": (
        base(wiki(filters={"Page": {"include": ["("]}})),
        CLAIMS,
        f"{SOURCE}.filters.Page.include[0]",
        '"("',
        "a regular expression: missing )",
    ),
    "no source at all": (
        base(connectors={}),
        CLAIMS,
        f"{AT}.connectors",
        "{}",
        "at least 1 item",
    ),
}
