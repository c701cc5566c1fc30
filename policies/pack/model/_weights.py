"""Which weights a container loads, from where, and how, by its command line and its environment variables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policies.pack._values import UnreadableError
from policies.pack.model._containers import Container

MODEL_OPTIONS = (
    "--model",
    "--model-path",
    "--model-id",
    "--model-name-or-path",
    "--speculative-model",
    "--speculative-draft-model-path",
)
MODEL_VARIABLE = re.compile(r"(OPTION_|SM_[A-Z]+_|VLLM_|SGLANG_|HF_|TGI_)?MODEL(_ID|_NAME|_PATH)?")
REVISION_VARIABLE = re.compile(r"(OPTION_|SM_[A-Z]+_|VLLM_|HF_MODEL_|HF_|MODEL_)?REVISION")
FORMAT_VARIABLE = re.compile(r"(OPTION_|SM_[A-Z]+_|VLLM_)?LOAD_FORMAT")
TRUST_VARIABLE = re.compile(r"(\w+_)?TRUST_REMOTE_CODE")
TRUST_WORD = re.compile(r"--?trust[-_\w]*(=(?!false$|0$).*)?|.*\btrust_remote_code=(True|1)\b.*", re.IGNORECASE)
"""Options of vLLM, SGLang, DJL and Hugging Face's servers: docs.vllm.ai/en/stable/configuration/engine_args.html,
docs.djl.ai/docs/serving/serving/docs/lmi/deployment_guide/configurations.html (2026-11)"""

HUB_ID = re.compile(r"(hf://)?[A-Za-z0-9][\w.-]*/[\w.-]+")
OF_A_SERVICE = ("arn:", "bedrock/")
"""Starts of ids that name a model of Bedrock; its plain ids have no slash."""

NO_MODEL = (".py", ".sh", ".json", ".jinja", ".yaml", ".yml")
DOWNLOADERS = ("hf", "huggingface-cli")
OFF = ("", "0", "false", "no", "off")


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What one container loads."""

    models: tuple[str, ...]
    """Ids of a hub, paths and addresses."""

    adapters: tuple[str, ...]
    """The same for adapters, of which no revision can be named."""

    revisions: tuple[str, ...]
    formats: tuple[str, ...]
    trusts: tuple[str, ...]
    """What lets code from the repository run."""

    serves: bool
    """It loads the weights, and does not only fetch them."""


def loaded(container: Container, servers: re.Pattern[str]) -> Loaded | None:
    """What a container loads; ``None`` for one that has nothing to do with weights; raises ``UnreadableError``."""
    programs = [word.rpartition("/")[2] for word in container.words]
    is_server = bool(servers.search(container.image)) or any(servers.match(program) for program in programs)
    fetched = tuple(_fetched(container))
    told = (*_option(container, *MODEL_OPTIONS), *(_positional(container) if is_server else ()))
    named = [v for v in _variables(container, MODEL_VARIABLE) if is_server or "/" in v]
    models = tuple(m for m in dict.fromkeys((*fetched, *told, *named)) if not m.startswith(OF_A_SERVICE))
    if not models and not is_server:
        return None
    if is_server and (container.more_variables or "--config" in container.words):
        raise UnreadableError(f"{container.name}: settings of the model server are not in the program")
    return Loaded(
        models=models,
        adapters=tuple(_adapters(container)),
        revisions=_option(container, *_shortened("--revision")) or tuple(_variables(container, REVISION_VARIABLE)),
        formats=_option(container, *_shortened("--load-format")) or tuple(_variables(container, FORMAT_VARIABLE)),
        trusts=(
            *(w for w in container.words if TRUST_WORD.fullmatch(w)),
            *(f"{n}={v}" for n, v in _named(container, TRUST_VARIABLE) if v.lower() not in OFF),
            *(f"{n}={v}" for n, v in container.variables.items() if v and any(map(TRUST_WORD.fullmatch, v.split()))),
        ),
        serves=is_server or not fetched,
    )


def _option(container: Container, *names: str) -> tuple[str, ...]:
    """Values of an option, written ``--name value`` or ``--name=value``, with dashes or underscores."""
    found = []
    for index, word in enumerate(container.words):
        name, equals, value = word.partition("=")
        if name.replace("_", "-") in names:
            found.append(value if equals else " ".join(container.words[index + 1 : index + 2]))
    return tuple(found)


def _shortened(name: str) -> tuple[str, ...]:
    """An option and what Python's parser takes for it too: docs.python.org/3/library/argparse.html (2026-11)."""
    least = len("--xxx")
    return tuple(name[:end] for end in range(least, len(name) + 1))


def _positional(container: Container) -> Iterator[str]:
    """The model that a server is given without an option."""
    for index, word in enumerate(container.words):
        after = container.words[index - 1] if index else ""
        told = not word.endswith(NO_MODEL) and (HUB_ID.fullmatch(word) or word.startswith("s3://"))
        bare = told and not after.startswith("-")
        if bare or (after == "serve" and not word.startswith("-")):
            yield word


def _adapters(container: Container) -> Iterator[str]:
    """``--lora-modules name=path …``, up to the next option."""
    for index, word in enumerate(container.words):
        name, equals, value = word.partition("=")
        if name.replace("_", "-") == "--lora-modules":
            for each in [value] if equals else container.words[index + 1 :]:
                if each.startswith("-"):
                    break
                if "=" not in each or each.startswith("{"):
                    raise UnreadableError(f"{container.name}: the adapter {each} is not written as name=path")
                yield each.partition("=")[2]


def _fetched(container: Container) -> Iterator[str]:
    words = container.words
    for index in range(len(words) - 2):
        if words[index].rpartition("/")[2] in DOWNLOADERS and words[index + 1] == "download":
            yield words[index + 2]


def _variables(container: Container, name: re.Pattern[str]) -> Iterator[str]:
    yield from (value for _, value in _named(container, name) if value)


def _named(container: Container, pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    for name, value in container.variables.items():
        if pattern.fullmatch(name.upper()):
            if value is None:
                raise UnreadableError(f"{container.name}: the value of {name} is not in the program")
            yield name, value
