"""A program that does with outputs whatever programs do, and graphs in a form that can be compared."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from llmlz.graph.model import Graph, Options, Resource
from llmlz.graph.record import record

REGION = "eu-central-1"
Opts = pulumi.ResourceOptions


class Box(pulumi.ComponentResource):
    """A component with an input, two children and an output."""

    def __init__(self, provider: pulumi.ProviderResource) -> None:
        super().__init__("test:index:Box", "box", {"size": "small"})
        child = Opts(parent=self, provider=provider)
        self.key = aws.kms.Key("key", description="box", opts=Opts.merge(child, Opts(protect=True)))
        timeouts = pulumi.CustomTimeouts(create="30m", delete="1h")
        changes = Opts(custom_timeouts=timeouts, ignore_changes=["tags"], replace_on_changes=["versioning"])
        self.bucket = aws.s3.Bucket("bucket", bucket="llmlz-box", opts=Opts.merge(child, changes))
        self.register_outputs({"keyArn": self.key.arn, "names": [self.bucket.id, "literal"]})


def program() -> None:
    """Every way from an output to an input: whole, joined, cut, nested, in keys, as number, list, file and secret."""
    provider = aws.Provider("aws", region=REGION, default_tags={"tags": {"team": "claims", "own": "provider"}})
    opts = Opts(provider=provider)
    box = Box(provider)
    key, bucket = box.key, box.bucket
    database = aws.rds.Cluster("database", engine="aurora-postgresql", manage_master_user_password=True, opts=opts)
    zone = aws.route53.Zone("zone", name="example.com", opts=opts)
    address = pulumi.Output.all(database.endpoint, database.port).apply(lambda got: f"postgres://{got[0]}:{got[1]}")
    secret = database.master_user_secrets[0].secret_arn
    function = aws.lambda_.Function(
        "function",
        code=pulumi.AssetArchive(
            {"index.py": pulumi.StringAsset("x = 1"), "read.me": pulumi.FileAsset(str(Path(__file__)))}
        ),
        environment={"variables": {"KEY": key.arn.apply(lambda arn: arn.rpartition("/")[2]), "DATABASE": address}},
        role=pulumi.Output.concat("arn:aws:iam::", bucket.id, ":role/", key.key_id),
        opts=opts,
    )
    aws.route53.Record("record", name="a", type="NS", ttl=60, zone_id=zone.id, records=zone.name_servers, opts=opts)
    document = {"Resource": [bucket.arn, key.arn.apply(lambda arn: f"{arn}/*")], "Secret": secret}
    aws.s3.BucketPolicy("policy", bucket=bucket.bucket, policy=pulumi.Output.json_dumps(document), opts=opts)
    hidden: pulumi.Output[str] = pulumi.Output.secret(function.arn)
    aws.ssm.Parameter(
        "parameter",
        type="String",
        value=hidden,
        description=key.arn.apply(lambda arn: "hash" if hashlib.sha256(arn.encode()).digest() else ""),
        tags=pulumi.Output.all(bucket.id).apply(lambda got: {f"for-{got[0]}": "yes", "own": "resource"}),
        opts=Opts.merge(opts, Opts(depends_on=[zone])),
    )
    port = database.port
    aws.ec2.SecurityGroup("group", ingress=[{"protocol": "tcp", "from_port": port, "to_port": port}], opts=opts)
    pulumi.export("secret", secret)
    pulumi.export("port", port)
    pulumi.export("all", {"keys": [key.arn], "fixed": 3, "nothing": None})


def recorded(account: str = "111122223333", made_by: Any = program, others: Any = None, stack: str = "box") -> Graph:
    """A program, recorded for an account."""
    return record(made_by, project="llmlz", stack_name=stack, account=account, region=REGION, others=others)


def comparable(graph: Graph) -> Graph:
    """The graph without lines of code, and without the options that a replay drops on purpose."""
    return replace(graph, resources=tuple(_bare(resource) for resource in graph.resources))


def _bare(resource: Resource) -> Resource:
    kept: Options = replace(resource.options, aliases=(), import_id=None, protect=False, retain_on_delete=False)
    return replace(resource, options=kept, source=None)
