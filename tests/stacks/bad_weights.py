"""Kinds of bad input about weights of models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stacks.bad_input import PLATFORM, Change, setting, yaml
from tests.stacks.bad_runtimes import RUNTIME, runtime

OVERLAY = "overlay/weights.yaml"
HASH = "0" * 64
LOADER = f"111122223333.dkr.ecr.eu-central-1.amazonaws.com/loader@sha256:{HASH}"
FOREIGN = f"registry.example.com/loader@sha256:{HASH}"
ROW: Mapping[str, Any] = {
    "repository": "example/tiny",
    "revision": "a" * 40,
    "licence": "Apache-2.0",
    "parameters": 7,
    "files": [{"path": "model.safetensors", "size": 8, "sha256": HASH}],
    "source": "https://hub.example.com/example/tiny",
    "source_date": "2026-11",
}
WISH: Mapping[str, Any] = {"entries": ["tiny"], "readers": [], "source": "https://hub.example.com"}
ENTRY = "llmlz:settings.weights.entries[0]"


def weights(*entries: str, row: Mapping[str, Any] | None = None, **wish: Any) -> Change:
    """A platform with a store of these entries, and a list of weights that has the row ``tiny``."""

    def change(folder: Path) -> None:
        (folder / "overlay").mkdir(exist_ok=True)
        yaml.dump({"tiny": {**ROW, **(row or {})}}, folder / OVERLAY)
        setting(PLATFORM, weights={**WISH, "entries": list(entries) or ["tiny"], **wish})(folder)

    return change


def without(field: str) -> Change:
    """A row that lacks a field."""

    def change(folder: Path) -> None:
        weights()(folder)
        yaml.dump({"tiny": {name: value for name, value in ROW.items() if name != field}}, folder / OVERLAY)

    return change


def file(**changes: Any) -> Change:
    """A row whose one file is another; ``...`` takes a field away."""
    whole = {"path": "model.safetensors", "size": 8, "sha256": HASH, **changes}
    return weights(row={"files": [{name: value for name, value in whole.items() if value is not ...}]})


PICKLES = (
    "pytorch_model.bin",
    "model.pt",
    "model.pth",
    "model.ckpt",
    "weights.pkl",
    "weights.pickle",
    "model.h5",
    "model.gguf",
    "model.joblib",
    "modeling.py",
)
CASES: Mapping[str, tuple[Change, str, str, str, str]] = {
    **{
        f"weights in a format that carries code: {name}": (
            file(path=name),
            OVERLAY,
            "tiny.files[0].path",
            f'"{name}"',
            "other formats (.bin, .pt, .pth, .ckpt, .pkl, .h5, .gguf, code) can run what their author likes",
        )
        for name in PICKLES
    },
    "weights from outside their folder": (
        file(path="../model.safetensors"),
        OVERLAY,
        "tiny.files[0].path",
        '"../model.safetensors"',
        "a plain path",
    ),
    "weights without a licence": (without("licence"), OVERLAY, "tiny.licence", "", "it is required"),
    "weights without a revision": (without("revision"), OVERLAY, "tiny.revision", "", "it is required"),
    "weights of a branch": (
        weights(row={"revision": "main"}),
        OVERLAY,
        "tiny.revision",
        '"main"',
        "the whole hash of a commit",
    ),
    "a file without a hash": (file(sha256=...), OVERLAY, "tiny.files[0].sha256", "", "it is required"),
    "a file without a size": (file(size=...), OVERLAY, "tiny.files[0].size", "", "it is required"),
    "a hash of another kind": (file(sha256="a" * 40), OVERLAY, "tiny.files[0].sha256", f'"{"a" * 40}"', "64 digits"),
    "weights of a gated model, whose terms nobody accepted": (
        weights("llama-3.1-8b-instruct"),
        PLATFORM,
        ENTRY,
        "llama-3.1-8b-instruct",
        "weights under an accepted licence; these are under 'Llama 3.1 Community License'",
    ),
    "weights whose files nobody listed": (
        weights(row={"files": []}),
        PLATFORM,
        ENTRY,
        "tiny",
        "an entry with the SHA-256 and size of every file; tiny has no files",
    ),
    "weights without tensors": (file(path="config.json"), PLATFORM, ENTRY, "tiny", "no file of tiny is a .safetensors"),
    "a file of weights twice": (
        weights(row={"files": [*ROW["files"], {**ROW["files"][0], "path": "Model.safetensors"}]}),
        PLATFORM,
        ENTRY,
        "tiny",
        "lists model.safetensors twice",
    ),
    "a file in the place of the record": (
        weights(row={"files": [*ROW["files"], {**ROW["files"][0], "path": "provenance.json"}]}),
        PLATFORM,
        ENTRY,
        "tiny",
        "no file provenance.json",
    ),
    "weights under a licence that nobody accepted": (
        weights(row={"licence": "CC-BY-NC-4.0"}),
        PLATFORM,
        ENTRY,
        "tiny",
        "weights under an accepted licence; these are under 'CC-BY-NC-4.0'",
    ),
    "weights that nobody knows": (
        weights("qwen2.5-7b-instuct"),
        PLATFORM,
        ENTRY,
        "qwen2.5-7b-instuct",
        "closest: qwen2.5-7b-instruct",
    ),
    "weights twice": (
        weights("tiny", "tiny"),
        PLATFORM,
        "llmlz:settings.weights.entries[1]",
        "tiny",
        "each entry once",
    ),
    "an adapter of weights that nobody knows": (
        weights(row={"base": "qwen2.5-7b"}),
        PLATFORM,
        ENTRY,
        "tiny",
        "tiny changes qwen2.5-7b, which is not there; closest: qwen2.5-7b-instruct",
    ),
    "an adapter without its base": (
        weights(row={"base": "qwen2.5-7b-instruct"}),
        PLATFORM,
        ENTRY,
        "tiny",
        "tiny changes qwen2.5-7b-instruct, which is not among the entries",
    ),
    "an adapter of an adapter": (
        weights(row={"base": "tiny"}),
        PLATFORM,
        ENTRY,
        "tiny",
        "tiny is an adapter itself",
    ),
    "a token in the address of a mirror": (
        weights(source="https://me:token@hub.example.com"),
        PLATFORM,
        "llmlz:settings.weights.source",
        '"https://me:token@hub.example.com"',
        "without a token",
    ),
    "a mirror without TLS": (
        weights(source="http://hub.example.com"),
        PLATFORM,
        "llmlz:settings.weights.source",
        '"http://hub.example.com"',
        "https://hub.example.com or s3://bucket/prefix",
    ),
    "a reader by its ARN": (
        weights(readers=["arn:aws:iam::111122223333:role/serving"]),
        PLATFORM,
        "llmlz:settings.weights.readers[0]",
        '"arn:aws:iam::111122223333:role/serving"',
        "the name of a role of the platform's account, not its ARN",
    ),
    "a loader without a store": (
        runtime(weights_loader={"image": LOADER}),
        RUNTIME,
        "llmlz:settings.weights_loader",
        "",
        "nothing: platform-sandbox has no store of weights",
    ),
    "a loader by a tag": (
        runtime(weights_loader={"image": "registry.example.com/loader:1"}),
        RUNTIME,
        "llmlz:settings.weights_loader.image",
        '"registry.example.com/loader:1"',
        "an image by its digest",
    ),
    "a loader from a registry that nobody named": (
        runtime(before=weights(), weights_loader={"image": FOREIGN}),
        RUNTIME,
        "llmlz:settings.weights_loader.image",
        FOREIGN,
        "an image from a registry of this runtime: 111122223333.dkr.ecr.eu-central-1.amazonaws.com",
    ),
}
