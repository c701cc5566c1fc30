"""A platform with a private store of weights, from its settings to its outputs and the manifests of its entries."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
import pytest
from pydantic import ValidationError

from components.weight_store import loader_role_arn
from components.weights_loader.loader.manifest import read
from llmlz.cli.recording import record_stack
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from stacks.catalogue_file import FOLDER, load_catalogue
from stacks.estate import load_estate
from stacks.kinds import PlatformStack, RuntimeStack
from stacks.outputs import PlatformReference
from stacks.parts.keys import key_purposes
from stacks.parts.weights import manifests, weights_loader
from stacks.problems import SettingsError
from stacks.settings.runtime import RuntimeSettings
from stacks.settings.weights import WeightsLoader
from stacks.weights_problems import loader_problems
from tests import two_regions
from tests.estates import EXAMPLE
from tests.stacks.bad_input import PLATFORM, setting
from tests.stacks.bad_weights import weights

ENTRIES = ["all-minilm-l6-v2", "qwen2.5-0.5b-instruct", "qwen2.5-7b-instruct"]
HUB = "https://huggingface.co"


def platform(folder: Path, *entries: str, readers: tuple[str, ...] = (), source: str = HUB) -> PlatformStack:
    """The example platform with a store of these entries."""
    shutil.copytree(EXAMPLE, folder)
    wish = {"entries": list(entries), "readers": list(readers), "source": source}
    setting(PLATFORM, weights=wish)(folder)
    stack = load_estate(folder).stacks["platform-sandbox"]
    assert isinstance(stack, PlatformStack)
    return stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> PlatformStack:
    """With all entries that can be loaded."""
    return platform(tmp_path_factory.mktemp("weights") / "estate", *ENTRIES, readers=("llmlz-sandbox-serving",))


@pytest.fixture(scope="module")
def graph(stack: PlatformStack) -> Graph:
    """Its resources."""
    return record_stack(stack, {})


def test_the_store_has_a_key_of_its_own(stack: PlatformStack, graph: Graph) -> None:
    """Whoever decrypts the data of teams decrypts no weights with that."""
    assert "weights" in key_purposes(stack)
    key = graph.named("keys-weights").urn
    encryption = graph.named("weights-bucket-encryption")
    assert {reference.to for reference in encryption.references if "kmsMasterKeyId" in reference.at} == {key}


def test_the_bucket_names_its_readers_and_its_loader(graph: Graph) -> None:
    """By the ARNs of roles of this account."""
    statements = {
        s["Sid"]: s["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
        for s in json.loads(graph.named("weights-bucket-policy").inputs["policy"])["Statement"]
        if "ArnNotLike" in s.get("Condition", {})
    }
    roles = f"arn:aws:iam::{graph.account}:role"
    loader, server = f"{roles}/llmlz-sandbox-weights-loader", f"{roles}/llmlz-sandbox-serving"
    assert statements["OnlyServersRead"] == [server, loader]
    assert statements["OnlyTheLoaderWrites"] == [loader]


def test_the_platform_publishes_where_the_store_is(graph: Graph) -> None:
    """Names that whoever loads and serves reads."""
    assert set(graph.outputs["weight_store"]) == {"bucket_arn", "bucket_name", "kms_key_arn"}


def test_without_the_wish_nothing_is_made(platform_graph: Graph) -> None:
    """Neither bucket nor key; the output is there and empty."""
    assert [r.name for r in platform_graph.custom() if "weights" in r.name] == []
    assert platform_graph.outputs["weight_store"] == {}


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_manifest_is_one_that_the_loader_takes(stack: PlatformStack, entry: str) -> None:
    """With the store's name and key, which only the outputs know: what the list of weights says can be loaded."""
    whole = {**manifests(stack)[entry], "bucket": "store", "kms_key_arn": "arn:aws:kms:::key/a"}
    found = read(json.dumps(whole))
    row = stack.catalogue.weights[entry]
    assert found.source == f"{HUB}/{row.repository}/resolve/{row.revision}"
    assert found.prefix == f"weights/{entry}/{row.revision}/"
    assert {file.path for file in found.files} == {file.path for file in row.files}


def test_a_prefix_in_s3_is_laid_out_by_name_and_revision(tmp_path: Path) -> None:
    """So that files of two entries, or two revisions, never lie in one folder."""
    stack = platform(tmp_path / "estate", ENTRIES[0], source="s3://staging/incoming")
    row = stack.catalogue.weights[ENTRIES[0]]
    assert manifests(stack)[ENTRIES[0]]["source"] == f"s3://staging/incoming/{ENTRIES[0]}/{row.revision}"


def test_an_estate_adds_an_entry_and_it_can_be_approved(tmp_path: Path) -> None:
    """In ``overlay/weights.yaml``, beside the rows of ours."""
    folder = tmp_path / "estate"
    shutil.copytree(EXAMPLE, folder)
    weights("tiny")(folder)
    stack = load_estate(folder).stacks["platform-sandbox"]
    assert isinstance(stack, PlatformStack)
    assert set(manifests(stack)) == {"tiny"}
    assert set(ENTRIES) < set(stack.catalogue.weights)


def test_rows_of_ours_are_whole() -> None:
    """Each is of one revision that its source names; what has files has tensors, and bytes that fit its parameters."""
    for name, row in load_catalogue(FOLDER).weights.items():
        assert row.revision in row.source, name
        assert row.repository in row.source, name
        tensors = sum(file.size for file in row.files if file.path.endswith(".safetensors"))
        assert not row.files or 2 * row.parameters <= tensors <= 4 * row.parameters + 2_000_000, name


WISH = {"entries": ENTRIES[:1], "readers": [], "source": HUB}


@pytest.mark.parametrize("with_store", ["first", "second"])
def test_two_regions_agree_about_weights(with_store: str, tmp_path: Path) -> None:
    """A key of the second region is a replica, so that its primary must have one: said before a run fails for it."""
    two_regions.write_estate(tmp_path, **{with_store: {"weights": WISH}})
    with pytest.raises(SettingsError) as caught:
        load_estate(tmp_path)
    (problem,) = [p for p in caught.value.problems if p.path == "llmlz:settings.weights"]
    assert "the two differ in weights" in problem.expected
    assert problem.fix == "set weights in both, or in neither"


def test_a_store_in_each_of_two_regions(tmp_path: Path) -> None:
    """Two buckets, and a key that is a replica of the first one's."""
    two_regions.write_estate(tmp_path, first={"weights": WISH}, second={"weights": WISH})
    stacks = load_estate(tmp_path).stacks
    second = stacks[two_regions.SECOND]
    assert isinstance(second, PlatformStack)
    assert "weights" in key_purposes(second)
    assert second.primary is not None
    assert "weights" in key_purposes(second.primary)


IMAGE = f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/loader@sha256:{'a' * 64}"


def runtime_of(platform: PlatformStack, wish: WeightsLoader | None, registries: tuple[str, ...] = ()) -> RuntimeStack:
    """A runtime on a platform, as far as its loader is concerned."""
    whole: Any = {"platform": platform.name, "registries": list(registries), "weights_loader": wish}
    settings = RuntimeSettings.model_construct(**whole)
    return RuntimeStack(
        name="runtime-sandbox",
        file="Pulumi.runtime-sandbox.yaml",
        settings=settings,
        platform=platform,
        accelerators={},
    )


def test_a_loader_needs_a_store_and_an_image_that_the_cluster_takes(stack: PlatformStack) -> None:
    """One message each, with what would be right."""
    assert loader_problems(runtime_of(stack, WeightsLoader(image=IMAGE))) == []
    assert loader_problems(runtime_of(stack, None)) == []
    foreign = WeightsLoader(image=f"registry.example.com/loader@sha256:{'a' * 64}")
    assert loader_problems(runtime_of(stack, foreign, ("registry.example.com",))) == []
    (strange,) = loader_problems(runtime_of(stack, foreign))
    assert strange.path == "llmlz:settings.weights_loader.image"
    assert "111122223333.dkr.ecr.eu-central-1.amazonaws.com" in strange.expected
    without = replace(stack, settings=stack.settings.model_copy(update={"weights": None}))
    (homeless,) = loader_problems(runtime_of(without, WeightsLoader(image=IMAGE)))
    assert homeless.expected == "nothing: platform-sandbox has no store of weights"


@pytest.mark.parametrize("image", ["registry.example.com/loader:latest", "loader", f"loader@sha256:{'a' * 64}"])
def test_an_image_is_named_by_registry_and_digest(image: str) -> None:
    """A tag can be moved."""
    with pytest.raises(ValidationError):
        WeightsLoader(image=image)


@pytest.mark.parametrize(("source", "staged"), [(HUB, False), ("s3://staging/incoming", True)])
def test_the_jobs_of_a_runtime_load_what_its_platform_approves(source: str, staged: bool, tmp_path: Path) -> None:
    """Into the platform's store, as the role that the store's policy names, from where the platform says."""
    stack = platform(tmp_path / "estate", *ENTRIES, source=source)

    def program() -> None:
        cloud = aws.Provider("aws", region=stack.region, allowed_account_ids=[stack.account])
        cluster = kubernetes.Provider("cluster", kubeconfig="{}")
        weights_loader(
            runtime_of(stack, WeightsLoader(image=IMAGE)),
            PlatformReference(stack.name),
            cluster_arn=f"arn:aws:eks:{stack.region}:{stack.account}:cluster/llmlz-sandbox",
            cluster_name="llmlz-sandbox",
            opts=pulumi.ResourceOptions(providers=[cloud, cluster]),
        )

    graph = record(
        program,
        project="llmlz",
        stack_name="runtime-sandbox",
        account=stack.account,
        region=stack.region,
        others={stack.name: record_stack(stack, {})},
    )
    jobs = [r for r in graph.custom() if r.type == "kubernetes:batch/v1:Job"]
    assert [r.name for r in jobs] == [f"weights-loader-{entry}-job" for entry in ENTRIES]
    role = graph.named("weights-loader-role").inputs["name"]
    assert loader_role_arn("aws", stack.account, stack.name_prefix).endswith(f":role/{role}")
    policy = json.loads(graph.named("weights-loader-role-policy").inputs["policy"])
    assert ("arn:aws:s3:::staging/incoming/*" in json.dumps(policy)) is staged
    closed = {graph.named(f"system-{name}").inputs["metadata"].get("namespace") for name in ("denied", "quota")}
    assert {r.inputs["metadata"]["namespace"] for r in jobs} == closed == {"llmlz-system"}
