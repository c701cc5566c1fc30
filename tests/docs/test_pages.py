"""What people write by hand: links lead somewhere, commands exist, prose is plain."""

import re
import shlex
from collections.abc import Iterable
from itertools import dropwhile, pairwise, takewhile
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import typer
from botocore import xform_name
from botocore.exceptions import UnknownServiceError

from docs.generate.cli import commands
from llmlz.cli.app import app
from tests.docs.pages import ROOT, Page, page, pages

MACHINE_PATH = re.compile(r"(?<![\w.~$})/:-])/(?:work|tmp|home|root|Users|opt|usr|var|mnt)/\w")
TWO_SENTENCES = re.compile(r"[a-z0-9)`*][.!?] +[A-Z`\[]")
ASSIGNMENT = re.compile(r"(\w+)=(.*)", re.DOTALL)
AWS_OPTIONS = ("--output", "--profile", "--query", "--region")
AWS_ADDED = {"create-virtual-mfa-device": ("--bootstrap-method", "--outfile")}
"""What the command line of AWS adds to all operations, and to some:
https://docs.aws.amazon.com/cli/latest/reference/iam/create-virtual-mfa-device.html (2026-11)"""


def broken_links(found: Iterable[Page]) -> list[str]:
    """Relative links to files or headings that are not there."""
    problems = []
    for one in found:
        for target in one.links():
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            path = (one.path.parent / file).resolve() if file else one.path
            if not path.exists():
                problems.append(f"{one.name}: {target} leads nowhere")
            elif anchor and path.suffix == ".md" and anchor not in Page(path, path.read_text("utf-8")).anchors():
                problems.append(f"{one.name}: {target} names no heading")
    return problems


def wrong_commands(found: Iterable[Page]) -> list[str]:
    """Commands of ``llmlz`` and ``make`` that would not be understood."""
    problems = []
    for one in found:
        lines = [(line, True) for line in one.commands()] + [(line, False) for line in one.mentioned()]
        for line, whole in lines:
            words = list(dropwhile(ASSIGNMENT.fullmatch, shlex.split(line))) if whole else shlex.split(line)
            words = words[2:] if words[:2] == ["uv", "run"] else words
            words = list(takewhile(lambda word: word != ">", words))  # what the shell does with it is its own
            problem = ""
            if not words:
                continue
            if words[0] == "llmlz":
                problem = _wrong_llmlz(words[1:], whole)
            elif words[0] == "make":
                problem = _wrong_make(words[1:])
            elif words[0] == "aws" and whole:
                problem = _wrong_aws(words[1:])
            if problem:
                problems.append(f"{one.name}: {line}: {problem}")
    return problems


def _wrong_llmlz(words: list[str], whole: bool) -> str:
    if words == ["--help"]:
        return ""
    if words and not whole and words[0].startswith("--"):
        return f"no option {words[0]}"
    size = 2 if " ".join(words[:2]) in commands() else 1
    name, words = " ".join(words[:size]), words[size:]
    command = commands().get(name)
    if command is None or (words and getattr(command, "commands", None)):
        return " ".join(["no command", name, *words[:1]] if command else ["no command", name])
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]
    if unknown or not whole:
        return f"no option {unknown[0]}" if unknown else ""
    (usage_error,) = typer.BadParameter.__bases__
    assert issubclass(usage_error, Exception)
    try:
        command.make_context(f"llmlz {name}", words)  # parses, and does not run
    except usage_error as error:
        return str(error) or type(error).__name__
    return ""


def _wrong_aws(words: list[str]) -> str:
    """Operations and options, as the SDK has them; the command line is made from the same models."""
    service, operation, *rest = [*words, "", ""]
    try:
        model = botocore.session.get_session().get_service_model(service)
    except UnknownServiceError:
        return f"no service {service}"
    known = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in known:
        return f"{service} has no operation {operation}"
    shape = model.operation_model(known[operation]).input_shape
    members = {f"--{xform_name(name, '-')}": member for name, member in (shape.members if shape else {}).items()}
    needed = {f"--{xform_name(name, '-')}" for name in (shape.required_members if shape else ())}
    given = [word for word in rest if word.startswith("--")]
    unknown = [word for word in given if word not in {*members, *AWS_OPTIONS, *AWS_ADDED.get(operation, ())}]
    if unknown or needed - set(given):
        return f"no option {unknown[0]}" if unknown else f"{min(needed - set(given))} is missing"
    values = dict(pairwise(rest))
    wrong = [values[name] for name, member in members.items() if name in values and _not_in(member, values[name])]
    return f"no value {wrong[0]}" if wrong else ""


def _not_in(member: Any, value: str) -> bool:
    return bool(getattr(member, "enum", [])) and value not in member.enum


def _wrong_make(words: list[str]) -> str:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    for word in words:
        assigned = ASSIGNMENT.fullmatch(word)
        if assigned and f"$({assigned[1]})" not in text and f"$(or $({assigned[1]})" not in text:
            return f"no variable {assigned[1]}"
        if not assigned and word not in targets:
            return f"no target {word}"
    return ""


def machine_paths(found: Iterable[Page]) -> list[str]:
    """Lines that name a folder of one machine."""
    return [
        f"{one.name}:{number} {line.strip()}"
        for one in found
        for number, line in enumerate(one.text.splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]


def crowded_lines(found: Iterable[Page]) -> list[str]:
    """Lines of prose with more than one sentence: differences between versions are read line by line."""
    return [
        f"{one.name}: {line.strip()}"
        for one in found
        for line in one.without_blocks.splitlines()
        if not line.startswith(("|", "<", "#")) and TWO_SENTENCES.search(plain(line))
    ]


def plain(line: str) -> str:
    """A line without the targets of its links and the number of a list."""
    return re.sub(r"^ *\d+\. ", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line))


def written_by_hand() -> list[Page]:
    """Every page but the generated ones."""
    return [one for one in pages() if not one.name.startswith("docs/reference/")]


def test_the_pages_are_found() -> None:
    """The tests below look at something."""
    names = {one.name for one in pages()}
    assert {"README.md", "CONTRIBUTING.md", "docs/index.md", "docs/reference/cli.md"} <= names
    assert len(names) > 25


def test_every_link_leads_somewhere() -> None:
    """Files and headings, in every page."""
    assert broken_links(pages()) == []


def test_every_page_is_on_the_map() -> None:
    """A page that the index does not name is not found."""
    known = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in page("docs/index.md").links()}
    missing = [one.name for one in pages() if one.name.startswith("docs/") and one.path not in known]
    assert missing == ["docs/index.md"]


def test_every_command_in_the_pages_exists() -> None:
    """Commands and options as the command line and the Makefile know them; whole commands are parsed."""
    assert wrong_commands(pages()) == []


def test_no_page_names_a_folder_of_a_machine() -> None:
    """What is written here is true elsewhere."""
    assert machine_paths(pages()) == []


def test_prose_has_one_sentence_per_line() -> None:
    """In every page that people write."""
    assert crowded_lines(written_by_hand()) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](nowhere.md)", "nowhere.md leads nowhere"),
        ("[a](#none)", "#none names no heading"),
        ("![a](none.svg)", "none.svg leads nowhere"),
    ],
)
def test_a_broken_link_is_found(text: str, problem: str, tmp_path: Path) -> None:
    """The rule above is alive."""
    (tmp_path / "page.md").write_text(f"# Page\n\n{text} [b](#page) [c](https://example.com)\n")
    assert broken_links(pages(tmp_path)) == [f"page.md: {problem}"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```sh\nllmlz fly\n```", "no command fly"),
        ("```sh\nllmlz try --fast\n```", "no option --fast"),
        ("```sh\nllmlz start --account 1\n```", "Missing parameter"),
        ("```sh\nllmlz check --level high\n```", "high"),
        ("`llmlz try --fast`", "no option --fast"),
        ("```sh\nllmlz organization fly\n```", "no command organization fly"),
        ("```sh\nA=1 B=2 llmlz organization write --fast folder\n```", "no option --fast"),
        ("```sh\nuv run llmlz fly\n```", "no command fly"),
        ("```sh\naws organisations list-roots\n```", "no service organisations"),
        ("```sh\naws organizations list-tops\n```", "organizations has no operation list-tops"),
        ("```sh\nA=1 aws sts assume-role --role-arn x\n```", "--role-session-name is missing"),
        ("```sh\naws organizations list-roots --root x\n```", "no option --root"),
        ("```sh\naws organizations enable-policy-type --root-id r-ab12 --policy-type SCP\n```", "no value SCP"),
        ("`make coffee`", "no target coffee"),
        ("```sh\nmake test SPEED=9\n```", "no variable SPEED"),
    ],
)
def test_a_wrong_command_is_found(text: str, problem: str, tmp_path: Path) -> None:
    """The rule above is alive, in blocks and in running text."""
    (tmp_path / "page.md").write_text(f"# Page\n\n{text}\n")
    (found,) = wrong_commands(pages(tmp_path))
    assert problem in found


def test_machine_paths_and_crowded_lines_are_found(tmp_path: Path) -> None:
    """The rules above are alive; addresses, abbreviations and tables are left alone."""
    bad = "It is in /home/me. Look there.\n"
    good = "See <https://example.com/home/me>, version 1.2. \n\n| One. Two |\n"
    (tmp_path / "page.md").write_text(bad + good)
    found = pages(tmp_path)
    assert machine_paths(found) == ["page.md:1 It is in /home/me. Look there."]
    assert crowded_lines(found) == ["page.md: It is in /home/me. Look there."]


def test_every_command_has_a_place_in_a_guide_or_concept() -> None:
    """A command that only the reference names is not learnt."""
    said = "\n".join(one.text for one in written_by_hand())
    names = [command.name for command in app.registered_commands]
    assert [name for name in names if f"llmlz {name}" not in said and f"make {name}" not in said] == []
