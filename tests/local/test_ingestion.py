"""A real run of the pipeline on the local cloud, with the example documents: state machine, function, bucket and key.

What the emulator executes: the state machine with its Map, the deployed code of the function in a Python process of its
own, S3 with versions and tags, codes of KMS, and metrics. What it does not: it judges no policy here.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pulumi
import pulumi_aws as aws
import pytest
from botocore.config import Config
from ruamel.yaml import YAML

from components.ingestion import Ingestion, IngestionArgs, MaskedCopies
from llmlz.graph.record import record
from llmlz.local.deploy import Deployment, deploy
from llmlz.local.emulator import Emulator
from llmlz.rehearsal.terraform import Terraform
from tests.local.conftest import ACCOUNT, REGION

pytestmark = pytest.mark.ring(5)
DOCUMENTS = Path(__file__).parents[2] / "docs" / "examples" / "documents"
SAID: Mapping[str, Any] = YAML(typ="safe", pure=True).load((DOCUMENTS / "classes.yaml").read_text())
BUCKET, ROOT = "llmlz-small-ingestion", "teams/claims/"
HELD = {"meeting-notes.txt": "no-data-class", "salary-bands.txt": "data-class-not-accepted", "scan.dat": "not-text"}


def program() -> None:
    """A key, a bucket with versions, and the pipeline of one team with masked copies."""
    key = aws.kms.Key("key", description="small")
    bucket = aws.s3.Bucket("bucket", bucket=BUCKET)
    versions = aws.s3.BucketVersioning("versions", bucket=bucket.id, versioning_configuration={"status": "Enabled"})
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary"
    Ingestion(
        "claims-ingestion",
        IngestionArgs(
            accepted_classes=["public", "internal", "confidential"],
            account_id=ACCOUNT,
            boundary_arn=boundary,
            bucket_arn=bucket.arn,
            bucket_name=versions.bucket,
            data_key_arn=key.arn,
            defaults={"owner": "claims@example.com", "source": "intranet"},
            shared_log_key_arn=key.arn,
            name_prefix="llmlz-small",
            partition="aws",
            region=REGION,
            team="claims",
            chunk_size=400,
            chunk_overlap=60,
            masked_copies=MaskedCopies(),
        ),
        pulumi.ResourceOptions(),
    )


class Cloud:
    """Calls of a test, and runs of the pipeline."""

    totals: Mapping[str, int]
    """What the first run came to."""

    def __init__(self, emulator: Emulator) -> None:
        settings = Config(proxies={}, s3={"addressing_style": "path"})
        session = boto3.Session(ACCOUNT, "local", region_name=REGION)
        self.s3, self.machines, self.metrics = (
            session.client(service, endpoint_url=emulator.endpoint, config=settings)
            for service in ("s3", "stepfunctions", "cloudwatch")
        )

    def put(self, name: str, content: bytes, tags: Mapping[str, str], sidecar: Mapping[str, str] | None = None) -> None:
        """Lay one document down, with what is said about it."""
        tagging = "&".join(f"{key}={value}" for key, value in tags.items())
        self.s3.put_object(Bucket=BUCKET, Key=f"{ROOT}documents/{name}", Body=content, Tagging=tagging)
        if sidecar:
            body = json.dumps({"metadataAttributes": dict(sidecar)}).encode()
            self.s3.put_object(Bucket=BUCKET, Key=f"{ROOT}documents/{name}.metadata.json", Body=body)

    def run(self) -> dict[str, Any]:
        """Start a run and wait for its end; its totals."""
        (machine,) = self.machines.list_state_machines()["stateMachines"]
        execution = self.machines.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
        limit = time.monotonic() + 120
        while (state := self.machines.describe_execution(executionArn=execution))["status"] == "RUNNING":
            assert time.monotonic() < limit, "the run does not end"
            time.sleep(0.3)
        assert state["status"] == "SUCCEEDED", self.machines.get_execution_history(executionArn=execution)["events"][-1]
        totals: dict[str, Any] = json.loads(state["output"])
        return totals

    def below(self, folder: str) -> dict[str, bytes]:
        """Key, from the team's root, to content."""
        found = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=ROOT + folder).get("Contents", [])
        return {
            item["Key"].removeprefix(ROOT): self.s3.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
            for item in found
        }

    def chunks(self) -> list[dict[str, Any]]:
        """Every chunk, in order."""
        return [json.loads(content) for content in self.below("chunks/").values()]


@pytest.fixture(scope="module")
def running(installed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator for the tests of a pipeline."""
    with Emulator(tmp_path_factory.mktemp("cloud"), account=ACCOUNT, region=REGION) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def deployment(running: Emulator, terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The program, deployed."""
    graph = record(program, project="llmlz", stack_name="small", account=ACCOUNT, region=REGION)
    return deploy([graph], running, terraform, tmp_path_factory.mktemp("stack"), print)


@pytest.fixture(scope="module")
def cloud(deployment: Deployment, running: Emulator) -> Cloud:
    """The deployed cloud after one run over the example documents."""
    deployment.check()
    cloud = Cloud(running)
    for name, said in SAID.items():
        cloud.put(name, (DOCUMENTS / name).read_bytes(), said.get("tags", {}), said.get("sidecar"))
    cloud.totals = cloud.run()
    return cloud


def test_everything_is_made(deployment: Deployment) -> None:
    """State machine, function, key, roles and logs exist; no row leaves one out."""
    assert (deployment.unexpected, deployment.coverage) == ({}, 1.0)


def test_every_document_is_accounted_for(cloud: Cloud) -> None:
    """Seven documents in one run: four are taken in, two are held back, one cannot be read; none is lost."""
    expected = {"documents": 7, "taken": 4, "held": 2, "unreadable": 1, "empty": 0, "duplicates": 0, "removed": 0}
    assert {name: cloud.totals[name] for name in expected} == expected
    assert cloud.totals["chunks"] == len(cloud.chunks()) > 4


def test_chunks_come_out_with_provenance(cloud: Cloud) -> None:
    """Where a chunk comes from, who owns it, how sensitive it is, and where in the text it stood: from tags or sidecar."""
    handbook = [c for c in cloud.chunks() if c["provenance"]["source_key"].endswith("handbook.txt")]
    text = (DOCUMENTS / "claims-handbook.txt").read_text()
    assert [c["provenance"]["chunk"] for c in handbook] == list(range(len(handbook)))
    for chunk in handbook:
        about = chunk["provenance"]
        assert text[about["start"] :].startswith(chunk["text"])
        assert (about["data_class"], about["owner"], about["source"]) == ("internal", "claims@example.com", "handbook")
        current = cloud.s3.head_object(Bucket=BUCKET, Key=about["source_key"])["VersionId"]
        assert (about["source_version"], about["pipeline_version"]) == (current, "1")
        assert about["sha256"] == hashlib.sha256(text.encode()).hexdigest()
        assert about["ingested_at"]
    (ticket, *_) = [c["provenance"] for c in cloud.chunks() if c["provenance"]["source_key"].endswith(".csv")]
    assert (ticket["data_class"], ticket["lawful_basis"], ticket["source"]) == (
        "confidential",
        "contract",
        "ticket-system",
    )


def test_chunks_carry_provenance_as_tags(cloud: Cloud) -> None:
    """A policy or a lifecycle rule can tell chunks apart without reading them."""
    for key in cloud.below("chunks/"):
        found = cloud.s3.get_object_tagging(Bucket=BUCKET, Key=ROOT + key)["TagSet"]
        tags = {tag["Key"]: tag["Value"] for tag in found}
        assert {"data-class", "owner", "pipeline", "sha256", "source", "source-version"} <= tags.keys()
        assert tags["data-class"] in {"public", "internal", "confidential"}


def test_what_is_too_sensitive_or_unknown_is_held_back(cloud: Cloud) -> None:
    """A record with the reason, and not one word of the document: neither there nor in a chunk nor in a copy."""
    records = [json.loads(content) for content in cloud.below("held/").values()]
    assert {Path(r["source"]).name: r["reason"] for r in records} == HELD
    written = b"".join(c for folder in ("chunks/", "held/", "index/", "masked/") for c in cloud.below(folder).values())
    for name in HELD:
        lines = [line for line in (DOCUMENTS / name).read_bytes().splitlines() if line.strip()]
        assert lines
        assert not [line for line in lines if line in written]


def test_masked_copies_of_all_documents_in_one_run(cloud: Cloud) -> None:
    """A copy of each document that was taken in, none of another, with the counts of what was replaced."""
    counts = json.loads(cloud.below("masked/")["masked/.count.json"])
    assert (counts["copies"], counts["left_out"]) == (4, {})
    assert counts["replaced"] == {"card": 1, "email": 3, "iban": 3, "name": 6, "phone": 3}
    assert len([key for key in cloud.below("masked/") if key != "masked/.count.json"]) == 4
    copies = b"".join(cloud.below("masked/").values()).decode()
    for planted in ("Beispiel", "Dupont", "Rossi", "example.org", "901820", "0532", "1111", "3M02"):
        assert planted not in copies
    assert "paid twice with card card-" in copies


def test_counts_become_metrics(cloud: Cloud) -> None:
    """What the alarms read is there, by team."""
    now = datetime.now(UTC)
    for name, value in {"Documents": 7, "Held": 2, "Unreadable": 1, "Runs": 1}.items():
        (point, *_) = cloud.metrics.get_metric_statistics(
            Namespace="LLMLZ/Ingestion",
            MetricName=name,
            Dimensions=[{"Name": "Team", "Value": "claims"}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=5),
            Period=3600,
            Statistics=["Maximum"],
        )["Datapoints"]
        assert point["Maximum"] == value, name


def test_later_runs_follow_the_documents(cloud: Cloud) -> None:
    """Nothing is written again without need; a document that became secret loses its chunks, and a deleted one too."""
    before = {key: cloud.s3.head_object(Bucket=BUCKET, Key=ROOT + key)["VersionId"] for key in cloud.below("chunks/")}
    cloud.put("returns-policy.txt", (DOCUMENTS / "returns-policy.txt").read_bytes(), {"data-class": "restricted"})
    cloud.s3.delete_object(Bucket=BUCKET, Key=f"{ROOT}documents/anleitung.txt")
    totals = cloud.run()
    assert (totals["documents"], totals["taken"], totals["held"]) == (6, 2, 3)
    after = {key: cloud.s3.head_object(Bucket=BUCKET, Key=ROOT + key)["VersionId"] for key in cloud.below("chunks/")}
    assert after.items() < before.items()
    sources = {Path(c["provenance"]["source_key"]).name for c in cloud.chunks()}
    assert sources == {"claims-handbook.txt", "complaints.csv"}
    assert json.loads(cloud.below("masked/")["masked/.count.json"])["copies"] == 2
    assert not [key for key in cloud.below("runs/") if not key.endswith("/report.json")]
