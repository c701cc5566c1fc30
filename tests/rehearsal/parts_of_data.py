"""The parts that a runtime and data have: a cluster, its nodes, a collection, what takes documents in."""

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from components.capacity_reservation import CapacityReservation, CapacityReservationArgs
from components.cluster import Cluster, ClusterArgs
from components.data_bucket import DataBucket
from components.gpu_pool import GpuPool, GpuPoolArgs, NodeGroup, Pool, Reservation
from components.index_access import IndexAccess, IndexAccessArgs
from components.ingestion import Ingestion, IngestionArgs, MaskedCopies, QualityLines
from components.network import Network
from components.registry import Registry, RegistryArgs
from components.vector_space import VectorSpace, VectorSpaceArgs, store_of
from components.vector_store import OpenSearch, VectorStore, VectorStoreArgs
from components.vended_logs import VendedLogs, VendedLogsArgs
from tests.rehearsal.program import ACCOUNT, REGION

PREFIX = "llmlz-parts"
ZONES = {letter: f"{REGION}{letter}" for letter in "abc"}
BREAK_GLASS = f"arn:aws:iam::{ACCOUNT}:role/llmlz-break-glass"


def cluster(keys: Mapping[str, pulumi.Output[str]], opts: pulumi.ResourceOptions) -> None:
    """A cluster whose API an office reaches, with an administrator and a viewer."""
    Cluster(
        "cluster",
        ClusterArgs(
            account_id=ACCOUNT,
            administrator_arns=[f"arn:aws:iam::{ACCOUNT}:role/llmlz-apply"],
            administrators_group="llmlz-administrators",
            boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
            control_plane_boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary",
            kms_key_arn=keys["data"],
            log_key_arn=keys["logs"],
            log_retention_days=90,
            name_prefix=PREFIX,
            partition="aws",
            public_cidrs=["198.51.100.0/28"],
            service_cidr="172.20.0.0/16",
            subnet_ids=[f"subnet-0123456789abcdef{number}" for number in range(3)],
            version="1.35",
            viewer_arns=[f"arn:aws:iam::{ACCOUNT}:role/auditors"],
        ),
        opts,
    )


def pools(network: Network, key_arn: pulumi.Output[str], opts: pulumi.ResourceOptions) -> None:
    """Node groups on everything that can be bought: a block by its id, a reservation that is made here, the open market."""
    held = CapacityReservationArgs(
        count=1,
        ends="2030-12-31T11:30:00Z",
        instance_type="g6.xlarge",
        owner="platform@example.com",
        starts="2030-12-01T11:30:00Z",
        zone=ZONES["a"],
    )
    made = CapacityReservation("reservation", held, opts)
    own = Reservation(id=made.reservation_id, instance_type="g6.xlarge", count=1, name="own", zone=ZONES["a"])
    block = Reservation(
        id="cr-0123456789abcdef0", instance_type="g6e.xlarge", count=1, name="block", zone=ZONES["b"], block=True
    )
    flavour = NodeGroup(
        cluster_name=f"{PREFIX}-cluster",
        name_prefix=PREFIX,
        role_arn=f"arn:aws:iam::{ACCOUNT}:role/{PREFIX}-nodes",
        security_group_ids=["sg-0123456789abcdef0"],
        subnet_ids={ZONES[letter]: subnet for letter, subnet in network.subnet_ids["model"].items()},
    )
    pool = Pool(
        name="inference",
        purpose="serving",
        instance_types=["g6.xlarge", "g6e.xlarge"],
        capacity=["reserved", "spot", "on-demand"],
        max_gpus=6,
        max_cpus=32,
        max_memory_gib=256,
        reservations=[own, block],
        team="claims",
    )
    args = GpuPoolArgs(flavour=flavour, pool=pool, disk_key_arn=key_arn, tags={"owner": "claims@example.com"})
    GpuPool("pool", args, opts)


def collection(network: Network, like: VectorStoreArgs, opts: pulumi.ResourceOptions) -> None:
    """A collection with its endpoint and function, and one team's index in it."""
    engine = OpenSearch(
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        subnet_ids=network.subnet_ids["data"],
        vpc_id=network.vpc_id,
        client_cidrs={"private-a": network.subnet_cidrs["private"]["a"]},
    )
    store = VectorStore("search", replace(like, engine=engine), opts)
    VectorSpace("search-claims", VectorSpaceArgs(store=store_of(store.kind, store.attributes), team="claims"), opts)
    reader = f"arn:aws:iam::{ACCOUNT}:role/llmlz-parts-claims"
    access = IndexAccessArgs(collection_name=store.attributes["collection_name"], reader_arn=reader, team="claims")
    IndexAccess("search-claims-access", access, opts)


def ingestion(bucket: DataBucket, keys: dict[str, pulumi.Output[str]], opts: pulumi.ResourceOptions) -> None:
    """A pipeline with masked copies, a schedule and alarms."""
    args = IngestionArgs(
        accepted_classes=["public", "internal"],
        account_id=ACCOUNT,
        boundary_arn=f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
        bucket_arn=bucket.bucket_arn,
        bucket_name=bucket.bucket_name,
        data_key_arn=keys["data"],
        defaults={"owner": "claims@example.com", "source": "intranet"},
        name_prefix=PREFIX,
        partition="aws",
        region=REGION,
        team="claims",
        break_glass_arn=BREAK_GLASS,
        masked_copies=MaskedCopies(),
        quality=QualityLines(
            held_percent=20,
            runbooks="https://example.com/runbooks",
            stale_days=30,
            topic_arn=f"arn:aws:sns:{REGION}:{ACCOUNT}:{PREFIX}-alarms",
            unreadable_percent=5,
        ),
        run_schedule="cron(0 3 * * ? *)",
    )
    Ingestion("claims-ingestion", args, opts)
    runs = VendedLogsArgs(account_id=ACCOUNT, name_prefix=PREFIX, partition="aws", region=REGION)
    VendedLogs("vended-logs", runs, opts)
    Registry("registry", RegistryArgs(kms_key_arn=keys["data"], name_prefix=PREFIX), opts)
