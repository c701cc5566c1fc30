"""The private store of weights, and what has to be loaded into it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.system_namespace import SystemNamespace, SystemNamespaceArgs
from components.weight_store import WeightStore, WeightStoreArgs, loader_role_arn
from components.weights_loader import Staging, WeightsLoader, WeightsLoaderArgs
from stacks.kinds import PlatformStack, RuntimeStack
from stacks.outputs import PlatformReference
from stacks.settings.catalogue import Weights

NAMESPACE = "llmlz-system"
"""Of the platform's own jobs in the cluster."""


def weight_store(
    stack: PlatformStack, keys: Mapping[str, pulumi.Output[str]], opts: pulumi.ResourceOptions
) -> dict[str, Any]:
    """Bucket and key of the store, as a platform publishes them; empty without a store."""
    wish = stack.settings.weights
    if wish is None:
        return {}
    roles = f"arn:{stack.partition}:iam::{stack.account}:role"
    store = WeightStore(
        "weights",
        WeightStoreArgs(
            account_id=stack.account,
            kms_key_arn=keys["weights"],
            loader_role_arn=loader_role_arn(stack.partition, stack.account, stack.name_prefix),
            name_prefix=stack.name_prefix,
            region=stack.region,
            reader_role_arns=[f"{roles}/{reader}" for reader in wish.readers],
        ),
        opts,
    )
    return {"bucket_arn": store.bucket_arn, "bucket_name": store.bucket_name, "kms_key_arn": keys["weights"]}


def approved_weights(stack: PlatformStack) -> Mapping[str, Weights]:
    """Entries that the platform approves, by name; none without a store."""
    wish = stack.settings.weights
    return {name: stack.catalogue.weights[name] for name in wish.entries} if wish else {}


def manifests(stack: PlatformStack) -> Mapping[str, Mapping[str, Any]]:
    """Entry to what its loader is told: everything but the bucket and the key, which only the platform's outputs know."""
    wish = stack.settings.weights
    if wish is None:
        return {}
    return {
        name: {
            "accepted_licences": sorted(stack.settings.licences),
            "base": entry.base,
            "files": [file.model_dump() for file in sorted(entry.files, key=lambda file: file.path)],
            "format": 1,
            "licence": entry.licence,
            "name": name,
            "repository": entry.repository,
            "revision": entry.revision,
            "source": _source(wish.source, name, entry),
        }
        for name, entry in approved_weights(stack).items()
    }


def weights_loader(
    stack: RuntimeStack,
    platform: PlatformReference,
    *,
    cluster_arn: pulumi.Input[str],
    cluster_name: pulumi.Input[str],
    opts: pulumi.ResourceOptions,
) -> None:
    """Jobs in the cluster of a runtime; ``opts`` brings the providers of AWS and of the cluster. None without a wish."""
    wish = stack.settings.weights_loader
    if wish is None:
        return
    system = SystemNamespace("system", SystemNamespaceArgs(namespace=NAMESPACE), opts)
    store = platform.read("weight_store")
    WeightsLoader(
        "weights-loader",
        WeightsLoaderArgs(
            boundary_arn=platform.read("boundary_arn"),
            bucket_arn=store["bucket_arn"],
            bucket_name=store["bucket_name"],
            cluster_arn=cluster_arn,
            cluster_name=cluster_name,
            image=wish.image,
            kms_key_arn=store["kms_key_arn"],
            manifests=manifests(stack.platform),
            name_prefix=stack.platform.name_prefix,
            namespace=NAMESPACE,
            region=stack.region,
            scratch_class=wish.scratch_class,
            staging=_staging(stack.platform),
        ),
        pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[system])),
    )


def _staging(platform: PlatformStack) -> Staging | None:
    """The prefix that files are laid down under; a mirror of a hub is none."""
    source = platform.settings.weights.source if platform.settings.weights else ""
    if not source.startswith("s3://"):
        return None
    bucket, _, prefix = source.removeprefix("s3://").partition("/")
    return Staging(bucket_arn=f"arn:{platform.partition}:s3:::{bucket}", prefix=prefix)


def _source(source: str, name: str, entry: Weights) -> str:
    """Where the files of an entry are: hubs and prefixes are laid out differently.

    https://huggingface.co/docs/huggingface_hub/guides/download (2026-11)
    """
    if source.startswith("s3://"):
        return f"{source}/{name}/{entry.revision}"
    return f"{source}/{entry.repository}/resolve/{entry.revision}"
