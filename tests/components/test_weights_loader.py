"""What the loader of weights promises: all of it or nothing, in plain formats, once, with a record."""

import hashlib
import http.client
import io
import json
import pickle
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.weights_loader.loader import main as program
from components.weights_loader.loader.fetch import WebSource, _TlsOnly, fetch
from components.weights_loader.loader.manifest import File, read
from components.weights_loader.loader.problems import ManifestError, RefusedError, UnreachableError
from tests.components.weights import FILES, KEY, PREFIX, MemoryS3, listed, manifest, packed, tensors


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience takes no time here."""
    monkeypatch.setattr(program, "PAUSE", 0)


def load(folder: Path, s3: MemoryS3, said: object = None) -> int:
    """A run; its exit code."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    file = folder / "manifest.json"
    file.write_text(said if isinstance(said, str) else json.dumps(manifest() if said is None else said))
    return program.main([str(file), "--scratch", str(scratch)], s3)


def test_files_are_stored_and_then_the_record(tmp_path: Path) -> None:
    """Under name and revision; the record is last, so that whoever waits for it finds everything."""
    s3 = MemoryS3()
    assert load(tmp_path, s3) == 0
    stored = s3.stored()
    assert {key: stored[key] for key in stored if not key.endswith("provenance.json")} == {
        f"{PREFIX}{path}": content for path, content in FILES.items()
    }
    assert s3.order[-1] == f"{PREFIX}provenance.json"
    record = json.loads(stored[f"{PREFIX}provenance.json"])
    assert record.pop("stored_at").endswith("+00:00")
    assert record == {
        "base": None,
        "files": listed(FILES),
        "format": 1,
        "licence": "Apache-2.0",
        "name": "tiny",
        "repository": "example/tiny",
        "revision": manifest()["revision"],
        "source": "s3://staging/tiny",
    }


def test_every_object_names_the_key(tmp_path: Path) -> None:
    """The record too; S3 checks what arrives, and the hash is noted beside each file."""
    s3 = MemoryS3()
    load(tmp_path, s3)
    assert {(sent["ServerSideEncryption"], sent["SSEKMSKeyId"]) for sent in s3.sent.values()} == {("aws:kms", KEY)}
    sent = s3.sent[f"{PREFIX}config.json"]
    assert sent["ChecksumAlgorithm"] == "SHA256"
    assert sent["Metadata"]["sha256"] == hashlib.sha256(FILES["config.json"]).hexdigest()


def test_a_second_run_does_nothing(tmp_path: Path) -> None:
    """Nothing is fetched, nothing is written, and it ends well."""
    s3 = MemoryS3()
    load(tmp_path, s3)
    before, s3.order, s3.reads = s3.stored(), [], []
    assert load(tmp_path, s3) == 0
    assert (s3.stored(), s3.order) == (before, [])
    assert [key for key, _ in s3.reads] == [f"{PREFIX}provenance.json"]


def test_a_run_that_was_cut_off_while_storing_is_gone_on_with(tmp_path: Path) -> None:
    """What is there is not fetched again; the record comes only when all is there."""
    s3 = MemoryS3()
    s3.uploads_fail_from = 1
    assert load(tmp_path, s3) == 4
    assert f"{PREFIX}provenance.json" not in s3.stored()
    s3.uploads_fail_from, s3.reads = None, []
    (tmp_path / "again").mkdir()
    assert load(tmp_path / "again", s3) == 0
    assert "tiny/config.json" not in [key for key, _ in s3.reads]
    assert f"{PREFIX}provenance.json" in s3.stored()


def test_a_broken_connection_is_gone_on_with(tmp_path: Path) -> None:
    """From the byte where it broke."""
    s3 = MemoryS3()
    s3.breaks = 1
    assert load(tmp_path, s3) == 0
    assert ("tiny/config.json", "bytes=10-") in s3.reads


def test_a_source_that_always_breaks_ends_in_another_try(tmp_path: Path) -> None:
    """After some patience; nothing was stored."""
    s3 = MemoryS3()
    s3.breaks = 99
    assert load(tmp_path, s3, manifest({**FILES, "model.safetensors": tensors(b"x" * 99)})) == 4
    assert s3.stored() == {}


def archive() -> bytes:
    """What ``torch.save`` writes: a zip with a pickle in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps([1.0]))
    return out.getvalue()


INDEX = {"weight_map": {"a": "model.safetensors"}}
CONTENTS: dict[str, tuple[str, bytes, str]] = {
    "a pickle": ("model.safetensors", pickle.dumps({"weights": list(range(99))}), "a pickle"),
    "a zip archive": ("model.safetensors", archive(), "a zip archive"),
    "a GGUF file": ("model.safetensors", b"GGUF" + b"\0" * 40, "a GGUF file"),
    "a pointer of git-lfs": ("model.safetensors", b"version https://git-lfs.github.com/spec/v1\n", "git-lfs"),
    "a page": ("model.safetensors", b"<!DOCTYPE html><html>sign in</html>", "a page"),
    "a header that overlaps": ("model.safetensors", packed({"a": 1}, b"1"), "no sound safetensors file"),
    "code behind the tensors": ("model.safetensors", tensors(b"x") + archive(), "no sound safetensors file"),
    "a pickle called settings": ("config.json", pickle.dumps({"a": 1}), "a pickle"),
    "settings that are no JSON": ("config.json", b"import os", "is no JSON"),
    "settings that are no text": ("config.json", b'"\xff\xfe"', "is no text"),
    "a list of words with a zero byte": ("merges.txt", b"a\0b", "zero byte"),
    "an index of a file that is not listed": (
        "model.safetensors.index.json",
        json.dumps({"weight_map": {"a": "pytorch_model.bin"}}).encode(),
        "'pytorch_model.bin', which is not in the manifest",
    ),
    "an index of nothing": ("model.safetensors.index.json", b"{}", "has no weight_map"),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_what_is_not_plain_is_refused_although_its_hash_is_right(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody approved the wrong file: nothing of the entry is stored, not even its good files."""
    path, content, message = CONTENTS[what]
    files = {**FILES, path: content}
    s3 = MemoryS3(files)
    assert load(tmp_path, s3, manifest(files)) == 3
    assert message in capsys.readouterr().out
    assert s3.stored() == {}


def test_an_index_of_listed_files_is_taken(tmp_path: Path) -> None:
    """Beside the files that it names."""
    files = {**FILES, "model.safetensors.index.json": json.dumps(INDEX).encode()}
    assert load(tmp_path, MemoryS3(files), manifest(files)) == 0


@pytest.mark.parametrize(
    ("staged", "message"),
    [
        ({"config.json": b'{"architectures": ["EvilForCausalLM"]}'}, "has the sha256"),
        ({"config.json": FILES["config.json"] + b" "}, "is longer than"),
        ({"config.json": FILES["config.json"][:-1]}, "answers InvalidRange for config.json"),
        ({"modeling_tiny.py": b"import os"}, "'modeling_tiny.py', which is not in the manifest"),
        ({"nested/pytorch_model.bin": b"x"}, "'nested/pytorch_model.bin', which is not in the manifest"),
    ],
)
def test_another_source_than_the_one_that_was_looked_at_is_refused(
    staged: Mapping[str, bytes], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another content, a longer one, or files beside those of the manifest."""
    s3 = MemoryS3({**FILES, **staged})
    assert load(tmp_path, s3) == 3
    assert message in capsys.readouterr().out
    assert s3.stored() == {}


def test_a_file_that_is_missing_is_refused_at_once(tmp_path: Path) -> None:
    """The source has answered; asking again would change nothing."""
    s3 = MemoryS3({path: content for path, content in FILES.items() if path != "merges.txt"})
    assert load(tmp_path, s3) == 3


@pytest.mark.parametrize(
    ("there", "message"),
    [
        ({f"{PREFIX}evil.json": b"{}"}, "beside the files of the manifest"),
        ({f"{PREFIX}config.json": b"{}"}, "another config.json under this revision"),
        ({f"{PREFIX}provenance.json": b'{"files": []}'}, "a record of other files"),
        ({f"{PREFIX}provenance.json": b"[]"}, "a record of other files"),
        ({f"{PREFIX}provenance.json": b"?"}, "no JSON"),
    ],
)
def test_a_store_that_holds_something_else_is_left_as_it_is(
    there: Mapping[str, bytes], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written over and nothing is deleted: servers may have it loaded."""
    s3 = MemoryS3()
    s3.objects |= {("store", key): content for key, content in there.items()}
    assert load(tmp_path, s3) == 3
    assert message in capsys.readouterr().out
    assert s3.stored() == there


MANIFESTS: dict[str, tuple[Any, str]] = {
    "no JSON": ("?", "no JSON"),
    "a list": ([], "other fields"),
    "a field more": (manifest(token="x"), "other fields"),
    "a field less": (manifest(licence=...), "other fields"),
    "another format": (manifest(format=2), "another format"),
    "a licence that nobody accepted": (manifest(licence="CC-BY-NC-4.0"), "not among the accepted"),
    "no licence": (manifest(licence=None), "not among the accepted"),
    "a branch": (manifest(revision="main"), "revision is 'main'"),
    "a short commit": (manifest(revision="a09a354"), "revision is 'a09a354'"),
    "a name with a slash": (manifest(name="../tiny"), "name is '../tiny'"),
    "a repository without an owner": (manifest(repository="tiny"), "repository is 'tiny'"),
    "no key": (manifest(kms_key_arn=""), "kms_key_arn is missing"),
    "an adapter of a number": (manifest(base=3), "base is not"),
    "no hashes": (manifest(files=[]), "without their hashes"),
    "no tensors": (manifest({"config.json": b"{}"}), "holds no .safetensors file"),
    "an address without TLS": (manifest(source="http://hub.example.com"), "neither an https"),
    "a file of this machine": (manifest(source="file:///etc/passwd"), "neither an https"),
    "a token in the address": (manifest(source="https://hub.example.com/?token=abc"), "where secrets stand"),
    "a password in the address": (manifest(source="https://me:abc@hub.example.com"), "where secrets stand"),
    "a hash that is none": (manifest(files=[{**listed(FILES)[0], "sha256": "abc"}]), "no sha256"),
    "a size that is none": (manifest(files=[{**listed(FILES)[0], "size": True}]), "no size"),
    "a file twice": (manifest(files=listed(FILES) * 2), "listed twice"),
    "a file twice but for its case": (
        manifest({**FILES, "CONFIG.json": b"{}"}),
        "listed twice",
    ),
    **{
        f"the path {path!r}": (manifest({**FILES, path: b"{}"}), "plain path")
        for path in ("../a.json", "/etc/a.json", "a/../../b.json", "a//b.json", ".a.json", "a\\b.json", "a\n.json", "")
    },
    **{
        f"the file {path}": (manifest({**FILES, path: b"x"}), "can carry code")
        for path in (
            "pytorch_model.bin",
            "model.pt",
            "model.pth",
            "model.ckpt",
            "model.pkl",
            "model.h5",
            "model.gguf",
            "model.onnx",
            "modeling_tiny.py",
            "tokenizer.model",
            "model.safetensors.zip",
            "provenance.json",
        )
    },
}


@pytest.mark.parametrize("what", MANIFESTS)
def test_a_wrong_manifest_ends_before_anything_is_fetched(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one message."""
    said, message = MANIFESTS[what]
    s3 = MemoryS3()
    assert load(tmp_path, s3, said) == 2
    assert message in capsys.readouterr().out
    assert s3.reads == []


@given(st.text(max_size=20))
def test_no_path_leaves_the_folder_of_the_entry(path: str) -> None:
    """Whatever is written as one: it is refused, or its object lies below the entry's prefix as it reads."""
    try:
        found = read(json.dumps(manifest({**FILES, path: b"{}"})))
    except ManifestError:
        return
    for file in found.files:
        assert ".." not in file.path.split("/")
        assert not file.path.startswith("/")
        assert (found.prefix + file.path).isprintable()


def test_a_link_on_the_disk_is_not_followed(tmp_path: Path) -> None:
    """Somebody who can write to the scratch folder cannot make the loader write elsewhere."""
    victim = tmp_path / "victim"
    victim.write_text("before")
    file = read(json.dumps(manifest())).files[0]
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (scratch / file.sha256).symlink_to(victim)
    assert load(tmp_path, MemoryS3()) == 4
    assert victim.read_text() == "before"


class Answer(io.BytesIO):
    """An answer of a mirror."""

    def __init__(self, content: bytes, status: int = 200, **headers: str) -> None:
        super().__init__(content)
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}


class Mirror(urllib.request.OpenerDirector):
    """Answers what it was given, and keeps the requests."""

    def __init__(self, *answers: Answer | Exception) -> None:
        super().__init__()
        self.answers, self.asked = list(answers), list[urllib.request.Request]()

    def open(self, request: Any, data: Any = None, timeout: float | None = None) -> Any:
        """The next answer."""
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


CONTENT = b'{"a": 1}'
FILE = File(path="sub/config.json", sha256=hashlib.sha256(CONTENT).hexdigest(), size=len(CONTENT))
BASE = "https://hub.example.com/example/tiny/resolve/abc"


def test_a_mirror_is_asked_for_the_rest(tmp_path: Path) -> None:
    """Of what is on the disk already."""
    mirror = Mirror(Answer(CONTENT[:3]), Answer(CONTENT[3:], 206, Content_Range=f"bytes 3-7/{len(CONTENT)}"))
    source = WebSource(BASE, mirror)
    with pytest.raises(UnreachableError, match="ended after 3 of 8 bytes"):
        fetch(source, FILE, tmp_path)
    assert fetch(source, FILE, tmp_path).read_bytes() == CONTENT
    assert [request.full_url for request in mirror.asked] == [f"{BASE}/sub/config.json"] * 2
    assert [request.get_header("Range") for request in mirror.asked] == [None, "bytes=3-"]


@pytest.mark.parametrize("headers", [{}, {"Content_Range": "bytes 2-7/8"}])
def test_a_mirror_that_starts_elsewhere_is_taken_from_the_start(headers: dict[str, str], tmp_path: Path) -> None:
    """Many cannot begin in between; two ends are never glued together."""
    (tmp_path / FILE.sha256).write_bytes(b"???")
    mirror = Mirror(Answer(CONTENT, 200, **headers))
    assert fetch(WebSource(BASE, mirror), FILE, tmp_path).read_bytes() == CONTENT


def test_what_is_whole_on_the_disk_is_not_asked_for(tmp_path: Path) -> None:
    """Its hash is counted again."""
    (tmp_path / FILE.sha256).write_bytes(CONTENT)
    mirror = Mirror()
    fetch(WebSource(BASE, mirror), FILE, tmp_path)
    assert mirror.asked == []


@pytest.mark.parametrize("left", [b"x" * 8, b"x" * 99])
def test_rubbish_on_the_disk_is_not_taken_for_the_file(left: bytes, tmp_path: Path) -> None:
    """As long as the file, or longer: refused or fetched again, and gone."""
    (tmp_path / FILE.sha256).write_bytes(left)
    try:
        found = fetch(WebSource(BASE, Mirror(Answer(CONTENT))), FILE, tmp_path).read_bytes()
    except RefusedError:
        found = (tmp_path / FILE.sha256).read_bytes()
    assert found in (b"", CONTENT)


def no(code: int) -> urllib.error.HTTPError:
    """A mirror that says no."""
    return urllib.error.HTTPError(BASE, code, "no", Message(), None)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (no(404), RefusedError),
        (no(403), RefusedError),
        (no(416), RefusedError),
        (no(503), UnreachableError),
        (no(429), UnreachableError),
        (urllib.error.URLError("no route"), UnreachableError),
        (TimeoutError(), UnreachableError),
        (http.client.BadStatusLine("?"), UnreachableError),
    ],
)
def test_an_answer_decides_whether_another_try_helps(answer: Exception, kind: type[Exception], tmp_path: Path) -> None:
    """What is not there stays away; what is overloaded comes back."""
    with pytest.raises(kind):
        fetch(WebSource(BASE, Mirror(answer)), FILE, tmp_path)


def test_nobody_is_followed_to_an_address_without_tls() -> None:
    """Mirrors send their callers on; the hash would notice another content, but whoever listens would know it."""
    request, follow = urllib.request.Request(BASE), _TlsOnly().redirect_request
    with pytest.raises(RefusedError, match="without TLS"):
        follow(request, None, 302, "found", Message(), "http://cdn.example.com/a")
    assert follow(request, None, 302, "found", Message(), "https://cdn.example.com/a").full_url.startswith("https://")
