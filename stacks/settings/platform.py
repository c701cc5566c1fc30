"""Settings of a platform stack, after tier defaults and the estate's overlay have been laid under them."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from stacks.settings.base import HOST, Account, DataClass, Email, LawfulBasis, Name, Settings, StackName, TagText
from stacks.settings.detectors import Detectors
from stacks.settings.documents import DocumentQuality, Registry
from stacks.settings.keys import Keys
from stacks.settings.knowledge import ConnectorKind
from stacks.settings.logs import Logs
from stacks.settings.money import Anomalies
from stacks.settings.monitoring import Alarms
from stacks.settings.network import DnsFirewall, FlowLogs, Network
from stacks.settings.pipelines import Pipelines
from stacks.settings.recovery import Backup
from stacks.settings.weights import WeightStore


class Guardrail(Settings):
    """What every prompt and answer is checked for."""

    applies_to: Literal["calls", "account"]
    """``calls``: each call names the guardrail, or is refused. ``account``: Bedrock also applies the current version to
    every call of the account by itself."""
    blocked_words: list[Annotated[str, Field(min_length=1, max_length=100)]]
    """Exact words and phrases."""
    grounding: Annotated[float, Field(ge=0, le=0.99)] | None
    """How well the sources that a call brings must bear out the answer, and the answer fit the question; not checked if
    null."""
    harm_strength: Literal["LOW", "MEDIUM", "HIGH"]
    """For hate, insults, misconduct, sexual content and violence; prompt attacks are always at HIGH."""
    pii: dict[Annotated[str, Field(pattern=r"^[A-Z_]+$")], Literal["ANONYMIZE", "BLOCK"]]
    """Kind of personal data, in Bedrock's spelling, to what happens with it."""
    versions: Annotated[list[Annotated[str, Field(pattern=r"^v[0-9]+$")]], Field(min_length=1)]
    """Labels of published versions, oldest first; new rules reach callers only with a new label."""


class S3Vectors(Settings):
    """Vectors in S3: nothing to pay while nothing is stored."""

    engine: Literal["s3_vectors"]
    """The engine's name."""


class PgVector(Settings):
    """Vectors in PostgreSQL: filters, joins and hybrid search."""

    engine: Literal["pgvector"]
    """The engine's name."""
    min_acu: Annotated[float, Field(ge=0, le=256, multiple_of=0.5)]
    """Least capacity; 0 lets the database sleep."""
    max_acu: Annotated[float, Field(ge=1, le=256, multiple_of=0.5)]
    """Most capacity."""

    @model_validator(mode="after")
    def _in_order(self) -> "PgVector":
        if self.min_acu > self.max_acu:
            raise ValueError(f"a max_acu of at least min_acu ({self.min_acu:g})")
        return self


class OpenSearch(Settings):
    """Vectors in OpenSearch Serverless: filters, full text and hybrid search, at a price by the hour. How far it scales up
    is a limit of the whole account, which nobody sets here.
    """

    engine: Literal["opensearch"]
    """The engine's name."""


VectorStore = Annotated[S3Vectors | PgVector | OpenSearch, Field(discriminator="engine")]


class PlatformSettings(Settings):
    """One platform: the slow, stateful base of one account and region."""

    account: Account
    """AWS account: twelve digits, in quotes."""
    region: str
    """AWS region."""
    owner: Email
    """Who answers for this platform."""
    budget_usd: Annotated[int, Field(ge=1, le=10_000_000)]
    """What the account may spend a month, in US dollars."""
    environment: Name
    """Part of every physical name: sandbox, test, prod."""
    cost_centre: TagText
    """Who pays."""
    data_class: DataClass
    """The most sensitive data that this platform takes."""
    lawful_basis: LawfulBasis | None = None
    """On which ground personal data is worked with; needed from confidential data on."""
    data_source: TagText | None = None
    """Where the data comes from, in a word; needed from confidential data on."""
    system_id: TagText
    """The entry in the company's register of AI systems."""
    alerts: Annotated[list[Email], Field(max_length=9)]
    """Who else hears of budgets, nine at most; the owner always does."""
    models: Annotated[list[str], Field(min_length=1)]
    """Approved models, by their aliases in the catalogue."""
    licences: list[str]
    """Licences that the company accepts; a model under another one cannot be approved."""
    routing: Annotated[list[Literal["regional", "eu", "us", "apac", "global"]], Field(min_length=1)]
    """Where calls may be answered, in order of preference: the first route that a model offers here is taken."""
    network: Network
    """Where everything is placed."""
    flow_logs: FlowLogs | None
    """Who talked to whom in the network; not written down if null."""
    dns_firewall: DnsFirewall | None
    """Which names the network may look up; any name if null."""
    logs: Logs
    """What is recorded as evidence, where, for how long, and what is masked in it."""
    guardrail: Guardrail
    """What every prompt and answer is checked for."""
    vector_store: VectorStore | None
    """One engine; nothing if null."""
    vector_readers: Annotated[int, Field(ge=0, le=2)]
    """Further zones with an instance of a database of vectors, each at the capacity of the first one; two of them are needed
    for one to be elsewhere, as AWS chooses the first one's zone. Only pgvector has them: other engines span zones by
    themselves."""
    connectors: list[ConnectorKind]
    """Kinds of source that the teams' knowledge bases may read; none if empty."""
    crawled_hosts: list[Annotated[str, StringConstraints(pattern=HOST)]]
    """Hosts whose pages the teams' knowledge bases may crawl, each by its whole name."""
    invoke_from: Literal["anywhere", "endpoints"]
    """``endpoints``: teams call models only through the network's endpoint for ``bedrock-runtime``."""
    team_keys: Literal["shared", "own"]
    """Key of what only one team has, such as its secret: the platform's, or one of its own."""
    watches: list[Literal["backups", "break_glass", "findings", "keys", "tamper"]]
    """What is reported by mail within minutes: backups that fail, use of the break-glass role, grave findings of the
    detectors, keys that are disabled or deleted, evidence, detectors, guardrails or backups that are switched off or made to
    see less."""
    detectors: Detectors | None
    """What looks on, and who makes it; nothing if null."""
    keys: Keys
    """What protects everything that is stored."""
    backup: Backup | None
    """Copies of what is stored; none if null."""
    primary: StackName | None
    """The platform whose second region this is, by the name of its stack; a platform of its own if null."""
    alarms: Alarms | None
    """When somebody is called; nobody is if null."""
    document_quality: DocumentQuality | None
    """When somebody is called about documents that teams take in; nobody is if null."""
    registry: Registry | None
    """Where prompts and embeddings of all teams are found, with owner, model and version; nowhere if null."""
    anomalies: Anomalies | None
    """What is reported of unusual spending; nothing if null."""
    over_budget: Literal["report", "stop"]
    """``stop``: a team that has spent its budget calls no model until somebody lets it; AWS counts money hours late.
    ``report``: its owner hears of it."""
    weights: WeightStore | None
    """The private store of model weights and adapters; none if null."""
    pipelines: Pipelines | None
    """The workflow through which teams deploy projects of their own; none of them does if null."""
