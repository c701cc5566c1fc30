"""The jobs that load approved weights into the private store, one per entry, and the one role that may.

Owns: the loader's role and its service account, the program, a manifest and a job per entry, and what their pods reach.
Does not own: the store (``WeightStore``), the namespace with its quota, the image, what is approved.

A job ends when its entry is whole in the store, with ``provenance.json`` beside it; servers wait for that record, and not
for the job. A change of an entry, of the program or of the image makes another job, which finds what is there already.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components._naming import physical_name
from components._policy import document, pod_trust
from components.weights_loader import pod
from components.weights_loader.role import Staging, staging_statements, store_statements

SERVICE_ACCOUNT = "weights-loader"


@dataclass(frozen=True, kw_only=True, slots=True)
class WeightsLoaderArgs:
    """What the loader is made of."""

    boundary_arn: pulumi.Input[str]
    """Permission boundary of the loader's role."""

    bucket_arn: pulumi.Input[str]
    """The store."""

    bucket_name: pulumi.Input[str]
    """The same store, as the program names it; ready when it is closed."""

    cluster_arn: pulumi.Input[str]
    """The cluster whose pods take the role."""

    cluster_name: pulumi.Input[str]
    """The same cluster, as EKS names it."""

    image: str
    """Python 3.11 or later with boto3, by its digest; ``python`` is on the path of its user."""

    kms_key_arn: pulumi.Input[str]
    """Key of the store."""

    manifests: Mapping[str, Mapping[str, Any]]
    """Entry to what the program is told, but for bucket and key."""

    name_prefix: str
    """Start of the role's name."""

    namespace: str
    """Where the jobs run; it admits only restricted pods and denies traffic by default."""

    region: str
    """Where the store is."""

    hours: int = field(default=6)
    """Until a job is given up; a quarter of a day if left out."""

    scratch_class: str | None = field(default=None)
    """Storage class of the disk that files are checked on, encrypted; the node's own disk if left out."""

    staging: Staging | None = field(default=None)
    """Where somebody lays files down; the loader reads no bucket but the store if left out."""


class WeightsLoader(pulumi.ComponentResource):
    """Jobs that bring weights in, or refuse them."""

    job_names: dict[str, pulumi.Output[str]]
    """Entry to its job."""

    role_arn: pulumi.Output[str]
    """The one role that writes into the store; ready when it may."""

    def __init__(self, name: str, args: WeightsLoaderArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make role, program and jobs, with the providers of AWS and Kubernetes that ``opts`` brings."""
        super().__init__("llmlz:index:WeightsLoader", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.role_arn, ready = _identity(name, args, child)
        shared = {"namespace": args.namespace, "labels": pod.LABELS}

        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-account",
            metadata={**shared, "name": SERVICE_ACCOUNT},
            automount_service_account_token=False,
            opts=child,
        )
        text = pod.program()
        program = kubernetes.core.v1.ConfigMap(
            f"{name}-program",
            metadata={**shared, "name": pod.object_name("loader", text)},
            data=text,
            immutable=True,
            opts=child,
        )
        kubernetes.networking.v1.NetworkPolicy(
            f"{name}-reach", metadata={**shared, "name": SERVICE_ACCOUNT}, spec=pod.reach(), opts=child
        )
        after = pulumi.ResourceOptions(parent=self, depends_on=[ready])
        self.job_names = {
            entry: _job(f"{name}-{entry}", args, entry, account=account, program=program, text=text, opts=after)
            for entry in sorted(args.manifests)
        }
        self.register_outputs({"job_names": self.job_names, "role_arn": self.role_arn})


def _identity(
    name: str, args: WeightsLoaderArgs, child: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], pulumi.Resource]:
    """The role, and the last thing that its pods need to have it."""
    trust = pulumi.Output.from_input(args.cluster_arn).apply(
        lambda arn: json.dumps(
            document([pod_trust(cluster_arn=arn, namespace=args.namespace, service_account=SERVICE_ACCOUNT)])
        )
    )
    role = aws.iam.Role(
        f"{name}-role",
        name=physical_name("role", args.name_prefix, "weights-loader"),
        description="Loads approved weights into the private store.",
        assume_role_policy=trust,
        permissions_boundary=args.boundary_arn,
        opts=child,
    )
    staging = args.staging
    policy = aws.iam.RolePolicy(
        f"{name}-role-policy",
        role=role.name,
        policy=pulumi.Output.all(
            bucket=args.bucket_arn,
            key=args.kms_key_arn,
            staging=staging.bucket_arn if staging else None,
            staging_key=staging.kms_key_arn if staging else None,
        ).apply(lambda got: json.dumps(document(_statements(args, got)))),
        opts=child,
    )
    association = aws.eks.PodIdentityAssociation(
        f"{name}-identity",
        cluster_name=args.cluster_name,
        namespace=args.namespace,
        role_arn=role.arn,
        service_account=SERVICE_ACCOUNT,
        opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[policy])),
    )
    return pulumi.Output.all(role.arn, policy.id).apply(lambda made: str(made[0])), association


def _statements(args: WeightsLoaderArgs, got: Mapping[str, Any]) -> list[dict[str, Any]]:
    store = store_statements(got["bucket"], got["key"], args.manifests)
    if args.staging is None:
        return store
    return [*store, *staging_statements(got["staging"], args.staging.prefix, got["staging_key"])]


def _job(
    name: str,
    args: WeightsLoaderArgs,
    entry: str,
    *,
    account: kubernetes.core.v1.ServiceAccount,
    program: kubernetes.core.v1.ConfigMap,
    text: Mapping[str, str],
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Manifest and job of one entry; the job's name."""
    told = args.manifests[entry]
    manifest = kubernetes.core.v1.ConfigMap(
        f"{name}-manifest",
        metadata={"name": pod.object_name(entry, told), "namespace": args.namespace, "labels": pod.LABELS},
        data=pulumi.Output.all(args.bucket_name, args.kms_key_arn).apply(
            lambda got: {
                "manifest.json": json.dumps({**told, "bucket": got[0], "kms_key_arn": got[1]}, indent=1, sort_keys=True)
            }
        ),
        immutable=True,
        opts=opts,
    )
    gib = pod.room(told)
    job = kubernetes.batch.v1.Job(
        f"{name}-job",
        metadata={
            "name": pod.object_name(entry, told, text, args.image),
            "namespace": args.namespace,
            "labels": pod.LABELS,
            # gigabytes take longer than a deployment should; whoever serves waits for the record
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        spec=pod.job_spec(
            account=account.metadata["name"],
            image=args.image,
            manifest=manifest.metadata["name"],
            program=program.metadata["name"],
            region=args.region,
            scratch=pod.scratch_volume(gib, args.scratch_class),
            gib=gib,
            hours=args.hours,
        ),
        opts=opts,
    )
    name_of: pulumi.Output[str] = job.metadata.apply(lambda found: str(found["name"]))
    return name_of
