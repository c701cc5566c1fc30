"""Kinds of bad input about runtimes and the namespaces of teams in them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.stacks.bad_input import PLATFORM, Change, setting, text
from tests.stacks.bad_networks import at, own

RUNTIME, CLAIMS = "Pulumi.runtime-sandbox.yaml", "teams/claims.yaml"
AT = "llmlz:settings"
KEY, FAR = (f"arn:aws:kms:{region}:111122223333:key/mrk-{'0' * 32}" for region in ("eu-central-1", "eu-west-1"))
OWN = {
    "name": "company",
    "endpoint": "https://0123456789ABCDEF.gr7.eu-central-1.eks.amazonaws.com",
    "administrators": "company-admins",
    "certificate_authority": "Zm9y",
    "disk_key": KEY,
    "node_role": "company-nodes",
    "node_image": "bottlerocket@v1.53.0",
    "nodes": "karpenter",
    "security_group_id": "sg-0123456789abcdef0",
    "service_cidr": "10.100.0.0/16",
}
"""A company's cluster."""

yaml = YAML(typ="safe", pure=True)


def runtime(file: str = RUNTIME, before: Change | None = None, **settings: Any) -> Change:
    """A runtime on the example's platform, with these settings; ``before`` is changed first."""

    def change(folder: Path) -> None:
        if before:
            before(folder)
        wishes = {"platform": "platform-sandbox", **settings}
        yaml.dump({"config": {"llmlz:kind": "runtime", AT: wishes}}, folder / file)

    return change


def space(with_runtime: bool = True, **wishes: Any) -> Change:
    """A team that wants a namespace."""

    def change(folder: Path) -> None:
        if with_runtime:
            runtime()(folder)
        team = yaml.load((folder / CLAIMS).read_text())
        yaml.dump({**team, "cluster": {"cpus": 8, "memory_gib": 32, **wishes}}, folder / CLAIMS)

    return change


def two_runtimes(folder: Path) -> None:
    """A second runtime on one platform."""
    runtime()(folder)
    runtime("Pulumi.runtime-two.yaml")(folder)


def with_a_tier(folder: Path) -> None:
    """A runtime that wants a tier of its own."""
    config = {"llmlz:kind": "runtime", "llmlz:tier": "reliable", AT: {"platform": "platform-sandbox"}}
    yaml.dump({"config": config}, folder / RUNTIME)


CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    "a runtime without a platform": (
        lambda folder: yaml.dump({"config": {"llmlz:kind": "runtime", AT: {"registries": []}}}, folder / RUNTIME),
        RUNTIME,
        f"{AT}.platform",
        "",
        "a platform stack of this estate: platform-sandbox",
    ),
    "a runtime on a platform that is misspelt": (
        runtime(platform="platform-sandbx"),
        RUNTIME,
        f"{AT}.platform",
        '"platform-sandbx"',
        "closest: platform-sandbox",
    ),
    "a runtime on a team": (
        runtime(platform="team-claims-sandbox"),
        RUNTIME,
        f"{AT}.platform",
        '"team-claims-sandbox"',
        "a platform stack of this estate",
    ),
    "a team on a team": (
        setting("Pulumi.team-search-sandbox.yaml", platform="team-claims-sandbox"),
        "Pulumi.team-search-sandbox.yaml",
        f"{AT}.platform",
        "team-claims-sandbox",
        "a platform of this estate: platform-sandbox",
    ),
    "two runtimes on one platform": (
        two_runtimes,
        "Pulumi.runtime-two.yaml",
        f"{AT}.platform",
        "platform-sandbox",
        f"a platform without a runtime: {RUNTIME} has this one",
    ),
    "a tier of a runtime": (with_a_tier, RUNTIME, "llmlz:tier", '"reliable"', "a runtime has the tier of its platform"),
    "a version without quotes": (
        runtime(cluster={"new": {"kubernetes_version": 1.35}}),
        RUNTIME,
        f"{AT}.cluster.new.kubernetes_version",
        "1.35",
        "valid string",
    ),
    "the whole internet at the API": (
        runtime(cluster={"new": {"api_from": ["0.0.0.0/0"]}}),
        RUNTIME,
        f"{AT}.cluster.new.api_from[0]",
        '"0.0.0.0/0"',
        "/24 or smaller",
    ),
    "private addresses on the internet": (
        runtime(cluster={"new": {"api_from": ["10.0.0.0/24"]}}),
        RUNTIME,
        f"{AT}.cluster.new.api_from[0]",
        '"10.0.0.0/24"',
        "none private",
    ),
    "an API on the internet at a tier that has a runner inside": (
        runtime(before=at("reliable"), cluster={"new": {"api_from": ["198.51.100.0/28"]}}),
        RUNTIME,
        f"{AT}.cluster.new.api_from",
        '["198.51.100.0/28"]',
        "locked at tier reliable",
    ),
    "nodes without a way to AWS": (
        runtime(before=setting(PLATFORM, network=own(endpoint_ids={"sts": "vpce-0123456789abcdef0"}))),
        PLATFORM,
        f"{AT}.network.existing.endpoint_ids",
        "sts",
        "ec2, ecr.api, ecr.dkr, eks, eks-auth, logs among them: nodes of runtime-sandbox stand in private and model subnets",
    ),
    "a registry with a protocol": (
        runtime(registries=["https://registry.example.com"]),
        RUNTIME,
        f"{AT}.registries[0]",
        '"https://registry.example.com"',
        "a registry such as registry.example.com/models",
    ),
    "a viewer that is a user": (
        runtime(cluster={"new": {"viewers": ["arn:aws:iam::111122223333:user/eve"]}}),
        RUNTIME,
        f"{AT}.cluster.new.viewers[0]",
        '"arn:aws:iam::111122223333:user/eve"',
        "the ARN of a role",
    ),
    "a key for half of what needs one": (
        runtime(cluster={"new": {"keys": {"cluster": KEY}}}),
        RUNTIME,
        f"{AT}.cluster.new.keys.logs",
        "",
        "a value: it is required",
    ),
    "a key of another region": (
        runtime(cluster={"new": {"keys": {"cluster": FAR, "logs": FAR}}}),
        RUNTIME,
        f"{AT}.cluster.new.keys.cluster",
        FAR,
        "a key of eu-central-1",
    ),
    "a new cluster and an existing one": (
        runtime(cluster={"new": {"api_from": []}, "existing": OWN}),
        RUNTIME,
        f"{AT}.cluster",
        "",
        "exactly one of new and existing",
    ),
    "an existing cluster whose nodes nobody starts": (
        runtime(cluster={"existing": {**OWN, "nodes": "by hand"}}),
        RUNTIME,
        f"{AT}.cluster.existing.nodes",
        '"by hand"',
        "'auto_mode', 'karpenter' or 'node_groups'",
    ),
    "an API without TLS": (
        runtime(cluster={"existing": {**OWN, "endpoint": "http://10.0.0.1"}}),
        RUNTIME,
        f"{AT}.cluster.existing.endpoint",
        '"http://10.0.0.1"',
        "the address of a cluster's API",
    ),
    "disks under a key of another region": (
        runtime(cluster={"existing": {**OWN, "disk_key": FAR}}),
        RUNTIME,
        f"{AT}.cluster.existing.disk_key",
        FAR,
        "a key of eu-central-1",
    ),
    "a runtime of the highest tier that asks for no signatures": (
        runtime(before=at("scaled")),
        RUNTIME,
        f"{AT}.signatures",
        "",
        "a value that is not one of null: tier scaled demands one",
    ),
    "a lock of the overlay on no setting of runtimes": (
        text("overlay/tiers.yaml", "foundation: {runtime: {locks: {api_from: {one_of: [[]], reason: closed}}}}"),
        "overlay/tiers.yaml",
        "foundation.runtime.locks.api_from",
        "",
        "the dotted path of a setting, such as cluster.new.api_from",
    ),
    "a namespace where there is no cluster": (
        space(with_runtime=False),
        CLAIMS,
        "cluster",
        "",
        "nothing: platform-sandbox has no runtime",
    ),
    "a namespace without processors": (space(cpus=0), CLAIMS, "cluster.cpus", "0", "greater than or equal to 1"),
}
"""What is wrong to: the change, file, path, value and expectation of the problem."""
