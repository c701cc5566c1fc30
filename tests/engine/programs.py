"""Small programs that use every feature of the engine that the real stacks rely on."""

from collections.abc import Callable

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

ACCOUNT, REGION = "111122223333", "eu-central-1"
SECRET = "correct-horse-battery-staple"
Options = pulumi.ResourceOptions


def aws_provider() -> aws.Provider:
    """The one explicit provider; default providers are off."""
    return aws.Provider("aws", region=REGION, allowed_account_ids=[ACCOUNT])


class Store(pulumi.ComponentResource):
    """A protected key, a bucket that it encrypts, and a policy that is built from the bucket's ARN."""

    def __init__(self, name: str, description: str, bucket_name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("llmlz:test:Store", name, {}, opts)
        child = Options(parent=self)
        self.key = aws.kms.Key(
            f"{name}-key",
            description=description,
            enable_key_rotation=True,
            multi_region=True,
            opts=Options.merge(child, Options(protect=True, aliases=[pulumi.Alias(name=f"{name}-former-key")])),
        )
        self.bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=bucket_name,
            tags={"team": "claims"},
            opts=Options.merge(child, Options(custom_timeouts=pulumi.CustomTimeouts(create="30m"))),
        )
        document = {"Version": "2012-10-17", "Resource": self.bucket.arn}
        self.policy = aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=self.bucket.id,
            policy=pulumi.Output.json_dumps(document),
            opts=Options.merge(child, Options(depends_on=[self.key])),
        )
        self.register_outputs({"keyArn": self.key.arn, "bucket": self.bucket.bucket})


def platform(description: str = "state", bucket_name: str = "llmlz-claims") -> Callable[[], None]:
    """A platform with one store and one secret parameter."""

    def program() -> None:
        provider = aws_provider()
        store = Store("store", description, bucket_name, Options(provider=provider))
        aws.ssm.Parameter(
            "token",
            name="/llmlz/token",
            type="SecureString",
            value=pulumi.Output.secret(SECRET),
            opts=Options(provider=provider, ignore_changes=["description"]),
        )
        pulumi.export("keyArn", store.key.arn)
        pulumi.export("bucket", store.bucket.bucket)
        pulumi.export("token", pulumi.Output.secret(SECRET))

    return program


def team() -> None:
    """A team that reads the outputs of the platform."""
    platform = pulumi.StackReference("organization/platform/prod")
    aws.sns.Topic(
        "claims-topic",
        name="claims",
        kms_master_key_id=platform.require_output("keyArn"),
        opts=Options(provider=aws_provider()),
    )
    pulumi.export("platformBucket", platform.require_output("bucket"))


def runtime() -> None:
    """A config map in a cluster, on an explicit provider."""
    cluster = kubernetes.Provider("cluster", kubeconfig="{}")
    kubernetes.core.v1.ConfigMap(
        "limits",
        metadata={"name": "limits", "namespace": "claims"},
        data={"tokens": "1000"},
        opts=Options(provider=cluster),
    )


def unprotected(description: str = "state", multi_region: bool = True) -> Callable[[], None]:
    """One key that may be replaced."""

    def program() -> None:
        aws.kms.Key("key", description=description, multi_region=multi_region, opts=Options(provider=aws_provider()))

    return program


def topics(*names: str) -> Callable[[], None]:
    """Topics, each after the one before."""

    def program() -> None:
        provider = aws_provider()
        before: list[pulumi.Resource] = []
        for name in names:
            before = [aws.sns.Topic(name, name=name, opts=Options(provider=provider, depends_on=before))]

    return program


def renamed(aliased: bool) -> Callable[[], None]:
    """The key of ``unprotected`` under another name, with or without an alias of the old one."""

    def program() -> None:
        aliases = [pulumi.Alias(name="key")] if aliased else []
        aws.kms.Key(
            "archive-key",
            description="state",
            multi_region=True,
            opts=Options(provider=aws_provider(), aliases=aliases),
        )

    return program


def failing() -> None:
    """A program with a mistake in it."""
    raise ValueError("no such model: claude-sonet")


def stray() -> None:
    """A resource that forgot its provider."""
    aws.sns.Topic("stray", name="stray")
