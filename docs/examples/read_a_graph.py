"""Record a small program and print what it would make: one line per resource, with the line of code that makes it."""

from components.data_bucket import DataBucket, DataBucketArgs
from components.key_ring import KeyRing, KeyRingArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

ACCOUNT, REGION = "111122223333", "eu-central-1"


def program() -> None:
    """A bucket with a key of its own."""
    keys = KeyRing(
        "keys", KeyRingArgs(account_id=ACCOUNT, alias_prefix="demo-test", partition="aws", uses={"data": []})
    )
    DataBucket(
        "data",
        DataBucketArgs(account_id=ACCOUNT, kms_key_arn=keys.arns["data"], name_prefix="demo-test", region=REGION),
    )


def recorded() -> Graph:
    """The graph of the program; neither an engine nor a cloud is asked."""
    return record(program, project="demo", stack_name="test", account=ACCOUNT, region=REGION)


def main() -> None:
    """Print resources, and which outputs of others they are built from."""
    graph = recorded()
    for resource in graph.custom():
        print(f"{resource.source}  {resource.type}  {resource.name}")
        for reference in resource.references:
            print(f"    {reference.at} is built from {graph.by_urn[reference.to].name}.{reference.output}")


if __name__ == "__main__":
    main()
