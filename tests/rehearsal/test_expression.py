"""What ordinary code does to an output, and what is left of the reference afterwards."""

import hashlib
import ipaddress
import json
from collections.abc import Callable, Mapping

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output

from llmlz.graph.model import Graph
from llmlz.rehearsal.expression import escape
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered, render
from llmlz.rehearsal.unverified import Row
from tests.rehearsal.program import recorded


class Made:
    """Resources whose outputs the patterns work on."""

    def __init__(self) -> None:
        self.key = aws.kms.Key("key")
        self.vpc = aws.ec2.Vpc("vpc", cidr_block="10.20.0.0/16")
        self.bucket = aws.s3.Bucket("bucket", bucket="llmlz-dev-data")
        self.database = aws.rds.Instance(
            "database",
            identifier="llmlz-dev",
            engine="postgres",
            instance_class="db.t4g.micro",
            allocated_storage=20,
            username="administrator",
            manage_master_user_password=True,
        )
        self.queue = aws.sqs.Queue("queue", name="llmlz-dev")


KEY, VPC, BUCKET, DATABASE, QUEUE = (
    "aws_kms_key.key-K",
    "aws_vpc.vpc-V",
    "aws_s3_bucket.bucket-B",
    "aws_db_instance.database-D",
    "aws_sqs_queue.queue-Q",
)


def _ref(expression: str) -> str:
    return "${" + expression + "}"


EXACT: Mapping[str, tuple[Callable[[Made], pulumi.Input[str]], str]] = {
    "plain": (lambda m: m.key.arn, _ref(f"{KEY}.arn")),
    "concat": (
        lambda m: Output.concat(m.bucket.bucket_regional_domain_name, "/", m.bucket.id),
        _ref(f"{BUCKET}.bucket_regional_domain_name") + "/" + _ref(f"{BUCKET}.id"),
    ),
    "formatted": (lambda m: m.key.key_id.apply(lambda i: f"key {i}!"), "key " + _ref(f"{KEY}.key_id") + "!"),
    "json": (
        lambda m: Output.json_dumps({"a": m.key.arn, "port": m.database.port}),
        '{"a": "' + _ref(f"{KEY}.arn") + '", "port": ' + _ref(f"{DATABASE}.port") + "}",
    ),
    "list in json": (
        lambda m: Output.json_dumps([m.key.arn, m.vpc.id]),
        '["' + _ref(f"{KEY}.arn") + '", "' + _ref(f"{VPC}.id") + '"]',
    ),
    "number in text": (lambda m: m.database.port.apply(str), _ref(f"{DATABASE}.port")),
    "nested": (
        lambda m: m.database.master_user_secrets[0].secret_arn,
        _ref(f"{DATABASE}.master_user_secret[0].secret_arn"),
    ),
    "joined": (
        lambda m: Output.all(m.vpc.id, m.key.key_id).apply(",".join),
        _ref(f"{VPC}.id") + "," + _ref(f"{KEY}.key_id"),
    ),
    "echoed input": (lambda m: m.bucket.bucket, _ref(f"{BUCKET}.bucket")),
}
"""What comes back as it was written."""

RECOVERED: Mapping[str, tuple[Callable[[Made], pulumi.Input[str]], str]] = {
    "without https": (
        lambda m: m.queue.url.apply(lambda u: u.removeprefix("https://")),
        _ref(f'trimprefix({QUEUE}.url, "https://")'),
    ),
    "last part by slash": (
        lambda m: m.key.arn.apply(lambda a: a.split("/")[-1]),
        _ref(f'reverse(split("/", {KEY}.arn))[0]'),
    ),
    "last part by colon": (
        lambda m: m.key.arn.apply(lambda a: a.split(":")[-1]),
        _ref(f'reverse(split(":", {KEY}.arn))[0]'),
    ),
    "host of host and port": (
        lambda m: m.database.endpoint.apply(lambda e: e.split(":")[0]),
        _ref(f'split(":", {DATABASE}.endpoint)[0]'),
    ),
}
"""What comes back as a function that cuts the same."""

LOST: Mapping[str, Callable[[Made], pulumi.Input[str]]] = {
    "capitals": lambda m: m.key.key_id.apply(str.upper),
    "cut": lambda m: m.key.key_id.apply(lambda i: i[:8]),
    "number plus one": lambda m: m.database.port.apply(lambda p: str(p + 1)),
    "hash": lambda m: m.key.arn.apply(lambda a: hashlib.sha256(a.encode()).hexdigest()[:8]),
    "length": lambda m: m.vpc.id.apply(lambda i: str(len(i))),
    "account of an ARN": lambda m: m.key.arn.apply(lambda a: a.split(":")[4]),
    "branch on an ARN": lambda m: m.key.arn.apply(lambda a: "gov" if "-gov" in a else "standard"),
    "branch on a computed flag": lambda m: m.database.multi_az.apply(lambda f: "yes" if f else "no"),
    "computed map": lambda m: m.vpc.tags_all.apply(json.dumps),
    "arithmetic on an input": lambda m: m.vpc.cidr_block.apply(
        lambda c: str(list(ipaddress.ip_network(c).subnets(new_prefix=24))[3])
    ),
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One parameter for each pattern, named after it."""

    def program() -> None:
        made = Made()
        patterns = {name: make for name, (make, _) in {**EXACT, **RECOVERED}.items()} | dict(LOST)
        for name, make in patterns.items():
            aws.ssm.Parameter(name, name="/" + name.replace(" ", "-"), type="String", value=make(made))

    return recorded(program)


@pytest.fixture(scope="module")
def rendered(graph: Graph) -> Rendered:
    """The same as Terraform reads it."""
    return render(graph, ProviderBlock.offline(graph.region, graph.account), known=())


@pytest.mark.parametrize("pattern", [*EXACT, *RECOVERED])
def test_a_reference_survives(pattern: str, graph: Graph, rendered: Rendered) -> None:
    """Plain use, joining and formatting come back exactly; common ways of cutting come back as the same cut."""
    wanted = {**EXACT, **RECOVERED}[pattern][1]
    for short, name, token in (
        ("key-K", "key", "aws:kms/key:Key"),
        ("vpc-V", "vpc", "aws:ec2/vpc:Vpc"),
        ("bucket-B", "bucket", "aws:s3/bucket:Bucket"),
        ("queue-Q", "queue", "aws:sqs/queue:Queue"),
        ("database-D", "database", "aws:rds/instance:Instance"),
    ):
        wanted = wanted.replace(short, _label(rendered, graph.named(name, token).urn))
    assert _value(rendered, graph, pattern) == wanted
    assert graph.named(pattern).urn not in {row.urn for row in _listed(graph, pattern)}


@pytest.mark.parametrize("pattern", LOST)
def test_a_lost_reference_is_listed(pattern: str, graph: Graph) -> None:
    """What was hashed, cut, counted or branched on is named, and nothing else of its program is."""
    (row,) = _listed(graph, pattern)
    assert (row.kind, row.token) == ("unlinked", "aws:ssm/parameter:Parameter")
    assert row.property.startswith("value -> aws:")


def test_a_list_of_unknown_length_is_passed_whole() -> None:
    """Its only known element stands for all of them; one element beside others is that element."""

    def program() -> None:
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.20.0.0/16")
        service = "com.amazonaws.eu-central-1.sts"
        first = aws.ec2.VpcEndpoint("first", vpc_id=vpc.id, service_name=service)
        aws.ec2.VpcEndpoint("whole", vpc_id=vpc.id, service_name=service, subnet_ids=first.network_interface_ids)
        one: list[pulumi.Input[str]] = [first.network_interface_ids[0], "subnet-1"]
        aws.ec2.VpcEndpoint("one", vpc_id=vpc.id, service_name=service, subnet_ids=one)

    graph = recorded(program)
    rendered = render(graph, ProviderBlock.offline(graph.region, graph.account), known=())
    first = _label(rendered, graph.named("first").urn)
    endpoints = rendered.document["resource"]["aws_vpc_endpoint"]
    found = {name: endpoints[_label(rendered, graph.named(name).urn)]["subnet_ids"] for name in ("whole", "one")}
    assert found == {
        "whole": _ref(f"aws_vpc_endpoint.{first}.network_interface_ids"),
        "one": [_ref(f"tolist(aws_vpc_endpoint.{first}.network_interface_ids)[0]"), "subnet-1"],
    }


def test_a_stand_in_of_another_stack_stays_a_text() -> None:
    """A stack reference brings values of another program: there is nothing here to refer to."""

    def platform() -> None:
        pulumi.export("key", aws.kms.Key("key").arn)

    other = recorded(platform, "platform")

    def team() -> None:
        reference = pulumi.StackReference("platform", stack_name="organization/rehearsal/platform")
        aws.cloudwatch.LogGroup("calls", name="/llmlz/calls", kms_key_id=reference.get_output("key"))

    graph = recorded(team, "team", {"platform": other})
    rendered = render(graph, ProviderBlock.offline(graph.region, graph.account), known=())
    (group,) = rendered.document["resource"]["aws_cloudwatch_log_group"].values()
    assert group["kms_key_id"] == other.outputs["key"]
    assert group["kms_key_id"].startswith("arn:aws:kms:eu-central-1:111122223333:key/ref")
    assert rendered.unverified == ()


@pytest.mark.parametrize(
    ("text", "template"),
    [("${aws:username}", "$${aws:username}"), ("%{x}", "%%{x}"), ("100 %", "100 %"), ("a $ b", "a $ b")],
)
def test_a_literal_that_looks_like_a_template_is_escaped(text: str, template: str) -> None:
    """IAM policy variables are no references."""
    assert escape(text) == template


def _label(rendered: Rendered, urn: str) -> str:
    (address,) = [address for address, found in rendered.addresses.items() if found == urn]
    return address.partition(".")[2]


def _value(rendered: Rendered, graph: Graph, name: str) -> str:
    return str(rendered.document["resource"]["aws_ssm_parameter"][_label(rendered, graph.named(name).urn)]["value"])


def _listed(graph: Graph, name: str) -> list[Row]:
    """Rows for one parameter alone: rows of the whole program stand for many resources at once."""
    keep = [r for r in graph.resources if r.type != "aws:ssm/parameter:Parameter" or r.name == name]
    alone = Graph(
        project=graph.project,
        stack=graph.stack,
        resources=tuple(keep),
        standins=graph.standins,
        account=graph.account,
        region=graph.region,
    )
    return list(render(alone, ProviderBlock.offline(graph.region, graph.account), known=()).unverified)
