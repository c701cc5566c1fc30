"""Provider blocks: where calls would go, and what an explicit provider of the program adds to it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.graph.model import Graph, Resource
from llmlz.rehearsal import names
from llmlz.rehearsal.body import Body
from llmlz.rehearsal.schema import Schema

NOBODY = {"access_key": "nobody", "secret_key": "nobody"}
"""No credentials of the person at the keyboard are ever used."""


@dataclass(frozen=True, slots=True)
class ProviderBlock:
    """How every provider block of a document signs in, and where its calls go."""

    region: str
    """Region of resources whose provider and inputs name none."""

    account: str
    """Twelve digits; what ARNs hold that nobody knows before deployment."""

    url: str | None = None
    """Address of an emulator; ``None`` where no call is ever made."""

    @classmethod
    def offline(cls, region: str, account: str) -> "ProviderBlock":
        """For validation and plans: nothing is called, nobody signs in."""
        return cls(region, account)

    @classmethod
    def endpoint(cls, url: str, region: str, account: str = "000000000000") -> "ProviderBlock":
        """For an emulator that serves every service at ``url``."""
        return cls(region, account, url)

    def arguments(self, schema: Schema, region: str) -> dict[str, Any]:
        """The block for one region, without what a program adds."""
        block = {
            "region": region,
            **NOBODY,
            "skip_credentials_validation": True,
            "skip_metadata_api_check": True,
            "skip_region_validation": True,
            "skip_requesting_account_id": self.url is None,
        }
        if self.url is not None:
            endpoints = schema.provider.arguments["endpoints"].block
            services = endpoints.arguments if endpoints else {}
            block |= {"s3_use_path_style": True, "endpoints": [dict.fromkeys(sorted(services), self.url)]}
        return block


@dataclass(frozen=True, slots=True)
class Providers:
    """The provider blocks of a document, and which of them each resource takes."""

    blocks: list[dict[str, Any]]
    alias_of: Mapping[str, str]
    """URN of a resource to the alias of its provider; the default block has none."""

    dropped: tuple[tuple[str, str], ...]
    """URN of a provider and a property that Terraform's provider does not have."""


def providers(
    graph: Graph, resources: list[Resource], base: ProviderBlock, schema: Schema, body: Callable[[], Body]
) -> Providers:
    """As few blocks as the resources allow: each is a process of its own, and takes some 400 MB.

    Explicit providers that differ only in how they sign in share a block; a resource with a region of its own gets one
    for that region.
    """
    wanted: dict[str, dict[str, Any]] = {}
    key_of: dict[str, str] = {}
    dropped: set[tuple[str, str]] = set()
    extras: dict[str | None, dict[str, Any]] = {None: {}}
    for resource in resources:
        made_by = graph.by_urn.get(resource.provider or "")
        given = {k: _parsed(v) for k, v in made_by.inputs.items()} if made_by else {}
        if resource.provider not in extras:
            writer = body()
            shown = {k: v for k, v in given.items() if k not in names.provider_settings()}
            extras[resource.provider] = writer.block(shown, schema.provider)
            dropped |= {(resource.provider or "", path) for path in writer.dropped}
        region = resource.inputs.get("region") or given.get("region") or base.region
        block = base.arguments(schema, str(region)) | extras[resource.provider]
        key_of[resource.urn] = json.dumps(block, sort_keys=True)
        wanted[key_of[resource.urn]] = block
    by_use = [key for key, _ in sorted(Counter(key_of.values()).items(), key=lambda item: (-item[1], item[0]))]
    if not by_use:
        return Providers([base.arguments(schema, base.region)], {}, ())
    aliases = {key: f"p{number}" for number, key in enumerate(by_use) if number}
    blocks = [wanted[key] | ({"alias": aliases[key]} if key in aliases else {}) for key in by_use]
    return Providers(blocks, {urn: aliases[k] for urn, k in key_of.items() if k in aliases}, tuple(sorted(dropped)))


def _parsed(value: Any) -> Any:
    """Inputs of a provider travel as JSON texts, except those that are texts themselves."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value[:1] in "[{" or value in ("true", "false") else value
    except json.JSONDecodeError:
        return value
