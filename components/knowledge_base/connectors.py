"""Where documents come from: one dataclass per kind of source, and each as Bedrock writes it down.

Credentials are named by the ARN of a secret and never held here. Bedrock reads every source but S3 over the internet, from
its own network: https://docs.aws.amazon.com/bedrock/latest/userguide/data-source-connectors.html (2026-11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

CONFLUENCE_AUTH: Mapping[str, str] = {"basic": "BASIC", "oauth2": "OAUTH2_CLIENT_CREDENTIALS"}
SHAREPOINT_AUTH: Mapping[str, str] = {
    "app_only": "OAUTH2_SHAREPOINT_APP_ONLY_CLIENT_CREDENTIALS",
    "oauth2": "OAUTH2_CLIENT_CREDENTIALS",
}
"""Our names to those of the API:
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_SharePointSourceConfiguration.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """Which things of one kind are taken in, by regular expressions on their names or addresses."""

    exclude: Sequence[str] = field(default=())
    """What is left out, even where it is included; nothing if left out."""

    include: Sequence[str] = field(default=())
    """What is taken in; everything if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class S3:
    """Objects of the team itself."""

    prefix: str
    """Below the team's prefix in the data bucket, with a slash at its end, such as ``documents/``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Web:
    """Pages of websites that need no sign-in."""

    max_pages: int
    """A crawl that finds more fails and takes in nothing; at most 25,000."""

    pages_per_minute: int
    """For each host; at most 300."""

    seed_urls: Sequence[str]
    """Where a crawl starts. It never leaves their hosts."""

    filter: Filter = field(default=Filter())
    """Which addresses are taken in; all of the scope if left out."""

    whole_host: bool = field(default=False)
    """Take in the whole host of each seed, and not only what is below its path."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confluence:
    """A Confluence Cloud."""

    auth: str
    """``basic`` or ``oauth2``."""

    host_url: str
    """Such as ``https://example.atlassian.net``."""

    secret_arn: str
    """Secret with the credentials."""

    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Kind of thing, such as ``Space`` or ``Page``, to its filter; everything if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SharePoint:
    """Sites of SharePoint Online."""

    auth: str
    """``app_only`` or ``oauth2``."""

    domain: str
    """The domain of the sites, without ``.sharepoint.com``."""

    secret_arn: str
    """Secret with the credentials."""

    site_urls: Sequence[str]
    """The sites."""

    tenant_id: str
    """Of Microsoft 365."""

    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Kind of thing, such as ``Page`` or ``File``, to its filter; everything if left out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Salesforce:
    """An instance of Salesforce."""

    host_url: str
    """Such as ``https://example.my.salesforce.com``."""

    secret_arn: str
    """Secret with the credentials."""

    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Kind of thing, such as ``Case``, to its filter; everything if left out."""


Connector = S3 | Web | Confluence | SharePoint | Salesforce
"""One source of documents."""


def secret_of(connector: Connector) -> str | None:
    """ARN of the secret with its credentials; ``None`` for a source without any."""
    return None if isinstance(connector, S3 | Web) else connector.secret_arn


def configuration(connector: Connector, *, account_id: str, bucket_arn: pulumi.Input[str], team: str) -> Any:
    """The source as Bedrock writes it down, as a dictionary."""
    match connector:
        case S3():
            place = {
                "bucket_arn": bucket_arn,
                "bucket_owner_account_id": account_id,
                "inclusion_prefixes": [f"teams/{team}/{connector.prefix}"],
            }
            return {"type": "S3", "s3_configuration": place}
        case Web():
            return {"type": "WEB", "web_configuration": _web(connector)}
        case Confluence():
            source = {
                "auth_type": CONFLUENCE_AUTH[connector.auth],
                "credentials_secret_arn": connector.secret_arn,
                "host_type": "SAAS",
                "host_url": connector.host_url,
            }
            return {"type": "CONFLUENCE", "confluence_configuration": _crawled(source, connector.filters)}
        case SharePoint():
            sites: dict[str, Any] = {
                "auth_type": SHAREPOINT_AUTH[connector.auth],
                "credentials_secret_arn": connector.secret_arn,
                "domain": connector.domain,
                "host_type": "ONLINE",
                "site_urls": list(connector.site_urls),
                "tenant_id": connector.tenant_id,
            }
            return {"type": "SHAREPOINT", "share_point_configuration": _crawled(sites, connector.filters)}
        case Salesforce():
            source = {
                "auth_type": "OAUTH2_CLIENT_CREDENTIALS",
                "credentials_secret_arn": connector.secret_arn,
                "host_url": connector.host_url,
            }
            return {"type": "SALESFORCE", "salesforce_configuration": _crawled(source, connector.filters)}


def _web(connector: Web) -> dict[str, Any]:
    """Without a scope a crawl stays on the host and below the path of each seed; subdomains are never asked for.

    https://docs.aws.amazon.com/bedrock/latest/userguide/webcrawl-data-source-connector.html (2026-11)
    """
    crawler: dict[str, Any] = {
        "crawler_limits": {"max_pages": connector.max_pages, "rate_limit": connector.pages_per_minute},
        **_patterns(connector.filter),
    }
    if connector.whole_host:
        crawler["scope"] = "HOST_ONLY"
    seeds = [{"url": url} for url in connector.seed_urls]
    return {
        "crawler_configuration": crawler,
        "source_configuration": {"url_configuration": {"seed_urls": seeds}},
    }


def _crawled(source: Mapping[str, Any], filters: Mapping[str, Filter]) -> dict[str, Any]:
    found: dict[str, Any] = {"source_configuration": dict(source)}
    if filters:
        listed = [{"object_type": kind, **_patterns(one)} for kind, one in sorted(filters.items())]
        patterns = {"type": "PATTERN", "pattern_object_filters": [{"filters": listed}]}
        found["crawler_configuration"] = {"filter_configuration": patterns}
    return found


def _patterns(one: Filter) -> dict[str, list[str]]:
    both = {"exclusion_filters": list(one.exclude), "inclusion_filters": list(one.include)}
    return {name: patterns for name, patterns in both.items() if patterns}
