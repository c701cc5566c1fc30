"""``llmlz inventory`` as people type it: what is asked, the table, JSON, the page, and the exit codes."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from llmlz.cli import inventorying
from llmlz.cli.accelerator_prices import list_prices
from llmlz.cli.options import EXAMPLE
from llmlz.errors import BadInputError
from llmlz.inventory.gather import Place
from llmlz.inventory.prices import cost
from llmlz.inventory.read_aws import has_accelerators
from stacks.catalogue_file import load_accelerators
from stacks.estate import load_estate
from stacks.tier import TIERS
from tests import ladder
from tests.cli.command import ROOT, seen, within
from tests.inventory.estate import REGION, A, B, base, instance, pod, tags
from tests.inventory.fake import Answers, Objects, clients, cluster
from tests.inventory.test_connection import CONFIG
from tests.stacks.bad_runtimes import OWN

CLIMB = ROOT / "docs" / "examples" / "climb"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """The account of the example estate, with nothing in it; tests put something there."""
    answers = base(A)
    monkeypatch.setattr(inventorying, "_enter", lambda place, role, endpoint: clients(answers, place.region))
    within.cache_clear()
    return answers


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Path, Objects]:
    """A kubeconfig, and the cluster that it leads to."""
    objects: Objects = {f"/api/v1/{kind}": [] for kind in ("nodes", "pods", "resourcequotas", "namespaces")}
    (tmp_path / "ca.pem").write_text("PEM")
    (tmp_path / "config").write_text(CONFIG)
    monkeypatch.setattr(inventorying, "Connection", lambda endpoint: cluster(objects))
    within.cache_clear()
    return tmp_path / "config", objects


def test_an_account_without_accelerators_exits_with_0(account: Answers) -> None:
    """The approved models are listed, each with its agreement."""
    done = within("inventory")
    assert (done.code, done.err.splitlines()[1:]) == (0, [])
    assert "amazon.nova-lite-v1:0" in done.out
    assert "0 accelerators: 0 held, 0 free; 0.00 USD an hour" in done.out


def test_a_finding_exits_with_1_and_says_where_and_what_to_do(account: Answers) -> None:
    """The instance is in the table, and it is of no team."""
    account["ec2", "DescribeInstances"] = {"Reservations": [{"Instances": [instance("i-1", "g5.xlarge")]}]}
    done = within("inventory")
    assert done.code == 1
    assert "1 problems, 0 things that could not be decided" in done.err
    for part in ("i-1", "A10G", "where: 111122223333 eu-central-1 i-1", "fix: tag the instance with team"):
        assert part in done.out


def test_a_name_moves_no_cursor_and_is_no_markup(account: Answers) -> None:
    """A tag may hold any character; on a terminal it is text."""
    found = instance("i-1", "g5.xlarge", Tags=tags(team="\x1b[2J\x9b31m[bold]x[/bold]"))
    account["ec2", "DescribeInstances"] = {"Reservations": [{"Instances": [found]}]}
    done = within("inventory")
    assert done.code == 0
    assert "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}31m[bold]x[/bold] 1" in done.out
    assert not {"\x1b", "\x9b"} & set(done.out)


def test_json_is_json_and_the_page_is_written_beside_it(account: Answers, tmp_path: Path) -> None:
    """Nothing else is on standard output; both say the same."""
    account["ec2", "DescribeInstances"] = {
        "Reservations": [{"Instances": [instance("i-1", "g5.xlarge", Tags=tags(team="search"))]}]
    }
    done = within("inventory", "--json", "--html", str(tmp_path / "new" / "page.html"))
    assert done.code == 0
    told = json.loads(done.out)
    assert told["totals"]["gpus"] == 1
    assert (told["findings"], told["left_out"], told["places"]) == ([], [], [f"{A} {REGION}"])
    assert datetime.datetime.fromisoformat(told["created"]).tzinfo is not None
    assert "search 1" in (tmp_path / "new" / "page.html").read_text(encoding="utf-8")


def test_without_credentials_the_account_is_undecided_and_exits_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """One finding for each place; nothing passes for an empty account."""
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "nowhere")
    within.cache_clear()
    done = within("inventory", "--json")
    assert done.code == 1
    (found,) = json.loads(done.out)["findings"]
    assert (found["kind"], found["outcome"]) == ("unreadable", "indeterminate")
    assert "Unable to locate credentials" in found["what"]


def test_offline_reads_the_cluster_of_the_kubeconfig_alone(brought: tuple[Path, Objects]) -> None:
    """No account is asked (the network is closed here), and what was left out is told."""
    file, objects = brought
    objects["/api/v1/pods"] = [pod("p", "team-claims", "", 1)]
    done = within("inventory", "--offline", "--kubeconfig", str(file), "--json")
    assert done.code == 0
    told = json.loads(done.out)
    assert told["places"] == ["mine"]
    assert told["left_out"] == [f"{A} {REGION}: --offline"]


def test_only_what_was_named_is_asked_and_the_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Accounts and regions of the estate's platforms, each once."""
    estate = load_estate(CLIMB)
    every = inventorying.places(estate)
    assert len(every) == len({(one.account, one.region) for one in every}) > 1
    assert all(one.models for one in every)
    asked: list[Place] = []

    def take(places: Any, **more: Any) -> Any:
        asked.extend(places)
        assert more["bounds"].complete is False
        assert more["bounds"].accounts == {stack.account for stack in estate.stacks.values()}

    monkeypatch.setattr(inventorying, "take_stock", take)
    stock = inventorying.take(estate, inventorying.Asked(accounts=(every[0].account,)))
    assert {one.account for one in asked} == {every[0].account}
    assert len(stock.left_out) == len([one for one in every if one.account != every[0].account])


def test_a_cluster_that_the_company_had_is_named_to_its_account(tmp_path: Path) -> None:
    """By the runtime's own settings: neither its name nor its tags need to be ours."""
    folder = ladder.write(tmp_path, TIERS[2])
    disk_key = OWN["disk_key"].replace("111122223333", ladder.ACCOUNT)
    settings = {"platform": ladder.PLATFORM, "cluster": {"existing": {**OWN, "disk_key": disk_key}}}
    settings["pools"] = {"serving": ladder.SERVING}
    file = folder / f"Pulumi.{ladder.RUNTIME}.yaml"
    file.write_text(json.dumps({"config": {"llmlz:kind": "runtime", "llmlz:settings": settings}}), encoding="utf-8")
    assert [one.clusters for one in inventorying.places(load_estate(folder))] == [("company",)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--offline"], "expected --kubeconfig"),
        (["--offline", "--kubeconfig", "x", "--role", "reader"], "leave them out"),
        (["--account", "999999999999"], f"expected one of {A}"),
        (["--region", "eu-nowhere-1"], f"expected one of {REGION}"),
        (["--kubeconfig", "nowhere", "--offline"], "--kubeconfig nowhere: cannot be read (FileNotFoundError)"),
        (["--html", "docs"], "--html docs: expected a file"),
        (["--estate", "docs/examples/estate/teams"], "teams"),
        (["--idle-minutes", "0"], "idle-minutes"),
    ],
)
def test_bad_input_is_one_message(arguments: list[str], said: str) -> None:
    """Exit code 2, before anything is asked."""
    done = seen("inventory", *arguments).no_traceback()
    assert done.code == 2
    assert said in done.err


def test_two_filters_that_have_nothing_in_common_are_bad_input() -> None:
    """Each is right by itself."""
    every = (Place(account=A, region=REGION), Place(account=B, region="us-east-1"))
    assert inventorying._chosen(every, inventorying.Asked(accounts=(A,))) == every[:1]
    with pytest.raises(BadInputError, match="no platform of the estate is in both"):
        inventorying._chosen(every, inventorying.Asked(accounts=(A,), regions=("us-east-1",)))


def test_a_page_that_cannot_be_written_is_bad_input(account: Answers, tmp_path: Path) -> None:
    """A file stands where its folder should be."""
    (tmp_path / "file").write_text("x")
    done = within("inventory", "--html", str(tmp_path / "file" / "page.html"))
    assert done.code == 2
    assert "cannot be written" in done.err


def test_prices_come_from_the_catalogue(tmp_path: Path) -> None:
    """To the cent, with source and date; the estate may change them, and a price that is not known has its reason."""
    row = load_accelerators(EXAMPLE)["g6.xlarge"]
    found = list_prices(EXAMPLE).by_type["g6.xlarge"]
    assert found.usd_per_hour["eu-central-1"] == Decimal(str(row.usd_per_hour["eu-central-1"]))
    assert found.source == f"{row.source} ({row.source_date})"
    (tmp_path / "overlay").mkdir()
    overlay = tmp_path / "overlay" / "accelerators.yaml"
    overlay.write_text("g6.xlarge: {usd_per_hour: {eu-central-1: 0.5, eu-west-1: null}, no_price: not agreed yet}")
    changed = list_prices(tmp_path)
    assert cost(changed, "g6.xlarge", "on-demand", "eu-central-1").usd_per_hour == Decimal("0.5")
    assert cost(changed, "g6.xlarge", "on-demand", "eu-west-1").note == "not agreed yet"
    assert cost(changed, "m7i.large", "on-demand", "eu-west-1").note == "the catalogue does not know this type"


def test_a_price_that_is_none_is_bad_input(tmp_path: Path) -> None:
    """The file is named, before any account is asked."""
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "accelerators.yaml").write_text("g6.xlarge: {usd_per_hour: {eu-central-1: free}}")
    with pytest.raises(BadInputError, match=r"accelerators\.yaml"):
        list_prices(tmp_path)


def test_every_kind_of_gpu_in_the_catalogue_is_asked_for_a_quota() -> None:
    """Its name says that it has accelerators, and of which family its quota is."""
    assert [name for name in load_accelerators(EXAMPLE) if not has_accelerators(name)] == []
