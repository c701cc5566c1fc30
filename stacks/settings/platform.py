"""Settings of a platform stack, after tier defaults and the estate's overlay have been laid under them."""

import ipaddress
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from stacks.settings.base import Account, DataClass, Email, Name, Settings, TagText
from stacks.settings.money import Anomalies
from stacks.settings.monitoring import Alarms

SMALLEST_VPC = 20
"""Prefix length: twelve subnets of every kind in three zones, with room for the pods of the highest tier."""


def _private_block(text: str) -> str:
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"a network such as 10.0.0.0/16 ({error})") from None
    if not network.is_private:
        raise ValueError("a private network (10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16)")
    if not 16 <= network.prefixlen <= SMALLEST_VPC:  # noqa: PLR2004  # 16 is the largest block that a VPC takes
        raise ValueError(
            f"a prefix from /16 to /{SMALLEST_VPC}: /{network.prefixlen} has {network.num_addresses} addresses"
        )
    return text


def _block(text: str) -> str:
    try:
        ipaddress.IPv4Network(text)
    except ValueError as error:
        raise ValueError(f"a network such as 10.0.1.0/24 ({error})") from None
    return text


Cidr = Annotated[str, AfterValidator(_private_block)]
Zone = Annotated[str, Field(pattern=r"^[a-z]$")]
SubnetKind = Literal["public", "private", "data", "model"]
KINDS: tuple[SubnetKind, ...] = ("public", "private", "data", "model")
ZONES = 3


class NewNetwork(Settings):
    """A network that the platform makes."""

    cidr: Cidr
    """Addresses of the whole network; it must not overlap with another platform of the estate."""
    nat_zones: list[Zone]
    """Zones with a NAT gateway of their own; none means no way out."""
    egress_kinds: list[Literal["private", "model"]]
    """Kinds of subnet that reach the internet through NAT. Data subnets never do."""
    interface_endpoints: list[Annotated[str, Field(pattern=r"^[a-z0-9.-]+$")]]
    """AWS services reached without the internet, such as ``bedrock-runtime``."""


class OwnNetwork(Settings):
    """A network that exists already."""

    vpc_id: Annotated[str, Field(pattern=r"^vpc-[0-9a-f]{8,17}$")]
    """The VPC."""
    subnet_ids: dict[SubnetKind, dict[Zone, Annotated[str, Field(pattern=r"^subnet-[0-9a-f]{8,17}$")]]]
    """Kind to zone to subnet: all four kinds in the same three zones."""
    subnet_cidrs: dict[SubnetKind, dict[Zone, Annotated[str, AfterValidator(_block)]]]
    """Kind to zone to the subnet's addresses."""
    endpoint_ids: dict[str, Annotated[str, Field(pattern=r"^vpce-[0-9a-f]{8,17}$")]] = Field(default={})
    """AWS service, such as ``bedrock-runtime``, to its endpoint in the network."""

    @model_validator(mode="after")
    def _all_kinds_in_three_zones(self) -> "OwnNetwork":
        tables: list[Mapping[SubnetKind, Mapping[str, str]]] = [self.subnet_ids, self.subnet_cidrs]
        shapes = [{kind: sorted(places) for kind, places in table.items()} for table in tables]
        zones = {tuple(letters) for shape in shapes for letters in shape.values()}
        if any(set(shape) != set(KINDS) for shape in shapes) or len(zones) != 1 or len(zones.pop()) != ZONES:
            raise ValueError("the kinds public, private, data and model, each in the same three zones")
        return self


class Network(Settings):
    """Exactly one of a new network and an existing one."""

    new: NewNetwork | None = None
    """Make this network."""
    existing: OwnNetwork | None = None
    """Use this network."""

    @model_validator(mode="after")
    def _exactly_one(self) -> "Network":
        if (self.new is None) == (self.existing is None):
            raise ValueError("exactly one of new and existing")
        return self


class Logs(Settings):
    """How long evidence is kept."""

    retention_days: Literal[30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]
    """Log groups; CloudWatch takes these numbers only."""
    archive_days: Annotated[int, Field(ge=90, le=36500)] | None = None
    """Objects of the archive bucket; for ever if left out."""


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


VectorStore = Annotated[S3Vectors | PgVector, Field(discriminator="engine")]


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
    logs: Logs
    """How long evidence is kept."""
    guardrail: Guardrail
    """What every prompt and answer is checked for."""
    vector_store: VectorStore | None
    """One engine; nothing if null."""
    invoke_from: Literal["anywhere", "endpoints"]
    """``endpoints``: teams call models only through the network's endpoint for ``bedrock-runtime``."""
    team_keys: Literal["shared", "own"]
    """Key of what only one team has, such as its secret: the platform's, or one of its own."""
    watches: list[Literal["break_glass", "keys"]]
    """What is reported by mail within minutes: use of the break-glass role, keys that are disabled or deleted."""
    alarms: Alarms | None
    """When somebody is called; nobody is if null."""
    anomalies: Anomalies | None
    """What is reported of unusual spending; nothing if null."""
    over_budget: Literal["report", "stop"]
    """``stop``: a team that has spent its budget calls no model until somebody lets it; AWS counts money hours late.
    ``report``: its owner hears of it."""
