"""Settings of a team's knowledge bases, and of what may feed them."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from stacks.settings.base import CREDENTIALS_ARN, HTTPS, OBJECT, PREFIX, TENANT, DataClass, Name, Settings

ConnectorKind = Literal["s3", "web", "confluence", "sharepoint", "salesforce"]
"""Kinds of source. JDBC is none: tables come as exports below the team's own prefix."""

MOST_PATTERNS = 25
"""https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_PatternObjectFilter.html (2026-11)"""


def _regular(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression: {error}") from None
    return pattern


Patterns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_regular)]],
    Field(max_length=MOST_PATTERNS),
]
Url = Annotated[str, StringConstraints(pattern=HTTPS)]
SecretArn = Annotated[str, StringConstraints(pattern=CREDENTIALS_ARN)]


class KnowledgeFilter(Settings):
    """Which things are taken in, by regular expressions on their names or addresses."""

    exclude: Patterns = Field(default=[])
    """What is left out, even where it is included."""
    include: Patterns = Field(default=[])
    """What is taken in; everything if empty."""


Filters = dict[Annotated[str, StringConstraints(pattern=OBJECT)], KnowledgeFilter]


class S3Source(Settings):
    """Objects of the team itself."""

    kind: Literal["s3"]
    """The source's kind."""
    prefix: Annotated[str, StringConstraints(pattern=PREFIX)] = "documents/"
    """Below the team's prefix in the data bucket, with a slash at its end."""


class WebSource(Settings):
    """Pages of websites that need no sign-in."""

    kind: Literal["web"]
    """The source's kind."""
    seed_urls: Annotated[list[Url], Field(min_length=1, max_length=100)]
    """Where a crawl starts; the platform's ``crawled_hosts`` has the host of each."""
    whole_host: bool = False
    """``true``: the whole host of each seed. ``false``: what is below its path."""
    max_pages: Annotated[int, Field(ge=1, le=25_000)] = 1000
    """A crawl that finds more takes in nothing."""
    pages_per_minute: Annotated[int, Field(ge=1, le=300)] = 60
    """For each host."""
    filter: KnowledgeFilter = KnowledgeFilter()
    """Which addresses are taken in; everything if left out."""


class ConfluenceSource(Settings):
    """A Confluence Cloud."""

    kind: Literal["confluence"]
    """The source's kind."""
    host_url: Url
    """Such as https://example.atlassian.net."""
    auth: Literal["basic", "oauth2"] = "basic"
    """What the secret holds: user and API token, or an OAuth 2.0 application."""
    secret: SecretArn
    """ARN of the secret with the credentials, never the credentials."""
    filters: Filters = Field(default={})
    """Kind of thing (Space, Page, Blog, Comment, Attachment) to its filter; everything if left out."""


class SharePointSource(Settings):
    """Sites of SharePoint Online."""

    kind: Literal["sharepoint"]
    """The source's kind."""
    domain: Annotated[str, Field(min_length=1, max_length=50)]
    """The domain of the sites, without .sharepoint.com."""
    site_urls: Annotated[list[Url], Field(min_length=1, max_length=100)]
    """The sites."""
    tenant_id: Annotated[str, StringConstraints(pattern=TENANT)]
    """Of Microsoft 365."""
    auth: Literal["app_only", "oauth2"] = "app_only"
    """What the secret holds: an application of SharePoint, or one of OAuth 2.0."""
    secret: SecretArn
    """ARN of the secret with the credentials, never the credentials."""
    filters: Filters = Field(default={})
    """Kind of thing (Page, Event, File) to its filter; everything if left out."""


class SalesforceSource(Settings):
    """An instance of Salesforce."""

    kind: Literal["salesforce"]
    """The source's kind."""
    host_url: Url
    """Such as https://example.my.salesforce.com."""
    secret: SecretArn
    """ARN of the secret with the credentials of a connected application, never the credentials."""
    filters: Filters = Field(default={})
    """Kind of thing, such as Case or Knowledge__kav, to its filter; everything if left out."""


Source = Annotated[
    S3Source | WebSource | ConfluenceSource | SharePointSource | SalesforceSource, Field(discriminator="kind")
]


class KnowledgeChunking(Settings):
    """How documents are cut; fixed once a source is made."""

    tokens: Annotated[int, Field(ge=0, le=8192)] = 300
    """Length of a piece; 0 keeps each document in one piece."""
    overlap_percent: Annotated[int, Field(ge=1, le=99)] = 20
    """How much of a piece the next one repeats."""


class Knowledge(Settings):
    """Documents of the team that are found by their meaning."""

    model: str
    """Embedding model by its alias; one of the team's models."""
    dimensions: int | None = None
    """Numbers per vector, of those that the model gives; its first if left out. Fixed for ever."""
    data_class: DataClass | None = None
    """The most sensitive data in it; the team's if left out."""
    chunking: KnowledgeChunking = KnowledgeChunking()
    """How documents are cut."""
    connectors: Annotated[dict[Name, Source], Field(min_length=1, max_length=5)]
    """Name to source of documents; five at most, as AWS has it."""
