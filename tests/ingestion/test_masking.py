"""Masked copies: nothing that was planted comes out, pseudonyms are stable, and what cannot be read is left out."""

import csv
import io
import json
import re
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.ingestion.ingest.finish import COUNTS, finish
from components.ingestion.ingest.formats import LeftOutError, masked
from components.ingestion.ingest.masked import mask, pseudonym_key
from components.ingestion.ingest.masking import KINDS, PSEUDONYM, Masker, personal
from components.ingestion.ingest.steps import identity, plan, take
from tests.ingestion.bucket import Bucket, Metrics, job

KEY = b"k" * 32
DIGIT, UPPER = st.sampled_from(string.digits), st.sampled_from(string.ascii_uppercase)
SEPARATOR = st.sampled_from(["", " ", "-", "."])


def digits(count: int) -> st.SearchStrategy[str]:
    """So many digits."""
    return st.text(string.digits, min_size=count, max_size=count)


def with_check_digit(body: str) -> str:
    """A card number with its right last digit."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def iban(country: str, account: str) -> str:
    """With its right check digits."""
    rest = int("".join(str(int(c, 36)) for c in account + country + "00")) % 97
    return f"{country}{98 - rest:02}{account}"


def grouped(value: str, separator: str) -> str:
    """In groups of four."""
    return separator.join(value[i : i + 4] for i in range(0, len(value), 4))


WORD = st.text(string.ascii_lowercase, min_size=2, max_size=8)
EMAILS = st.builds(lambda a, b, c, at: f"{a}.{b}{at}{c}.com", WORD, WORD, WORD, st.sampled_from(["@", "%40"]))
CARDS = st.builds(lambda body, gap: grouped(with_check_digit(body), gap), digits(15), st.sampled_from(["", " ", "-"]))
IBANS = st.builds(
    lambda country, account, gap: grouped(iban(country, account), gap),
    st.sampled_from(["DE", "FR", "GB", "NL"]),
    st.text(string.digits + string.ascii_uppercase, min_size=14, max_size=23),
    st.sampled_from(["", " "]),
)
PHONES = st.builds(
    lambda plus, a, b, c, gap: gap.join([plus + a, b, c]),
    st.sampled_from(["+49", "+1", "0", "0044"]),
    digits(2),
    digits(3),
    digits(4),
    st.sampled_from([" ", "-", ".", "/", ""]),
)
IDENTITIES = st.one_of(
    st.builds(lambda a, b, c: f"{a}-{b}-{c}", digits(3), digits(2), digits(4)),
    st.builds(lambda a, b: f"{a}{b}", digits(8), UPPER),
    st.builds(lambda a, b, c: f"{a}{b}{c}", st.sampled_from("XYZ"), digits(7), UPPER),
    st.builds(lambda a: f"AB{a}C", digits(6)),
    st.just("RSSMRA85T10A562S"),
    digits(11),
    digits(9),
)
FIRST = st.sampled_from(["Erika", "Łukasz", "Zoë", "Mohammed", "Nguyễn", "Björn"])
LAST = st.sampled_from(["Beispielfrau", "Kowalczyk", "O'Malley", "Schmidt-Rottluff", "Áñez"])
NAMES = st.builds(lambda a, b: f"{a} {b}", FIRST, LAST)
PLANTED = st.tuples(EMAILS, CARDS, IBANS, PHONES, IDENTITIES, NAMES)
FILLER = st.text(string.ascii_letters + " ,\n", max_size=30)


def bare(text: str) -> str:
    """Letters and digits only: a number in other groups is the same number."""
    return re.sub(r"[\W_]", "", text).casefold()


def assert_gone(planted: tuple[str, ...], out: str) -> None:
    """No planted value, in whatever grouping, stands in ``out`` beside the pseudonyms."""
    rest = PSEUDONYM.sub("\n", out)
    pieces = [bare(piece) for piece in re.split(r"\n|,|;|\"", rest)]
    for value in planted:
        assert value not in out
        assert not [piece for piece in pieces if bare(value) in piece], value


@settings(deadline=None)
@given(PLANTED, FILLER, FILLER)
def test_nothing_planted_comes_out_of_a_text(planted: tuple[str, ...], before: str, after: str) -> None:
    """Each kind, anywhere in a text; the name is given away by a field, and stands in a sentence as well."""
    *values, name = planted
    text = (
        f"Customer name: {name}\n{before}\n"
        + "\n".join(f"see {v}, please" for v in values)
        + f"\n{name} wrote.\n{after}"
    )
    assert_gone(planted, masked("a.txt", text, Masker(key=KEY))[1])


@settings(deadline=None)
@given(PLANTED)
def test_nothing_planted_comes_out_of_json(planted: tuple[str, ...]) -> None:
    """In values, in keys, in lists, in nested fields about people; and the result is JSON of the same shape."""
    *values, name = planted
    document = {
        "customer": {"label": name, "more": [name.upper()]},
        "text": f"{name} wrote {' and '.join(values)}.",
        values[0]: values,
        "ok": [True, None, 3, 1.5],
    }
    _, out = masked("a.json", json.dumps(document), Masker(key=KEY))
    assert_gone((*planted, name.upper()), json.dumps(json.loads(out), ensure_ascii=False))
    got = json.loads(out)
    assert (len(got), got["ok"], len(got["customer"]["more"])) == (4, [True, None, 3, 1.5], 1)


@settings(deadline=None)
@given(PLANTED, st.sampled_from(",;\t"))
def test_nothing_planted_comes_out_of_csv(planted: tuple[str, ...], delimiter: str) -> None:
    """A name in its column is masked in every other column and row as well; rows and columns stay as many."""
    *values, name = planted
    out = io.StringIO()
    rows = [["id", "customer_name", "text"], *[[str(i), name, f"{name} has {v}"] for i, v in enumerate(values)]]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    _, text = masked("a.csv", out.getvalue(), Masker(key=KEY))
    assert_gone(planted, text)
    assert [len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)] == [3] * len(rows)


@pytest.mark.parametrize(
    "hidden",
    [
        "erika.beispiel\uff20example.org",
        "erika\u200b.beispiel@exam\u00adple.org",
        "\uff0b49 \uff13\uff10 901820",
        "4111\u00a01111\u00a01111\u00a01111",
        "4111\u20111111\u20111111\u20111111",
        "٤١١١١١١١١١١١١١١١",
    ],
)
def test_look_alikes_are_what_they_look_like(hidden: str) -> None:
    """Full-width characters, other digits, and characters that nobody sees."""
    out = Masker(key=KEY).document(f"write to {hidden} now")
    assert re.fullmatch(rf"write to {PSEUDONYM.pattern} now", out)


def test_pseudonyms_are_stable_and_say_nothing() -> None:
    """The same value, in whatever spelling, is the same pseudonym; another value, kind or key is another."""
    one, other = Masker(key=KEY), Masker(key=b"x" * 32)
    assert one.text("DE89 3704 0044 0532 0130 00") == one.text("de89370400440532013000")
    assert one.text("a@example.com") == one.text("A@EXAMPLE.COM") != one.text("b@example.com")
    assert one.text("a@example.com") != other.text("a@example.com")
    assert one.pseudonym("name", "x") != one.pseudonym("email", "x").replace("email", "name")
    assert not re.search(r"\d", "".join(one.pseudonym(kind, "1234567") for kind in KINDS))


def test_masking_twice_changes_nothing() -> None:
    """A pseudonym is no personal data to be masked."""
    masker = Masker(key=KEY)
    once = masker.document("Name: Erika Beispiel\nerika@example.org, 4111 1111 1111 1111, +49 30 901820")
    assert masker.document(once.replace("Name:", "Text:")) == once.replace("Name:", "Text:")


@pytest.mark.parametrize(
    "kept", ["on 2026-11-22 at 10:30", "01.02.2026", "5,000 euros", "room 12", "v1.2.3", "100 %", "#4711"]
)
def test_everyday_numbers_and_dates_stay(kept: str) -> None:
    """Test data must still look like documents."""
    assert Masker(key=KEY).document(kept) == kept


@pytest.mark.parametrize(
    ("field", "about_a_person"),
    [
        ("customer_name", True),
        ("lastName", True),
        ("Surname", True),
        ("date of birth", True),
        ("Straße", True),
        ("file_name", False),
        ("productName", False),
        ("amount", False),
    ],
)
def test_fields_about_people_are_known(field: str, about_a_person: bool) -> None:
    """By the words in their names, in several languages and spellings."""
    assert personal(field) is about_a_person


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.json", "{", "not json"),
        ("a.json", "Name: Erika", "not json"),
        ("a.jsonl", '{"a": 1}\nErika', "not jsonl"),
        ("a.csv", 'a,b\n1,"2\n', "not csv"),
        ("a.csv", "a,b\n1\n", "not csv"),
        ("a.html", "<p>erika&#64;example.org</p>", "format"),
        ("a", "erika", "format"),
    ],
)
def test_what_is_not_what_it_says_is_left_out(name: str, text: str, reason: str) -> None:
    """Never passed on, and the reason does not quote it."""
    with pytest.raises(LeftOutError) as caught:
        masked(name, text, Masker(key=KEY))
    assert str(caught.value) == reason


class Kms:
    """Makes codes as KMS does, as far as anybody can tell."""

    def generate_mac(self, **asked: Any) -> dict[str, bytes]:
        """Depends on key and message."""
        assert (asked["KeyId"], asked["MacAlgorithm"]) == ("arn:key", "HMAC_SHA_256")
        return {"Mac": bytes(asked["Message"])[-16:] * 2}


def test_teams_have_keys_of_their_own() -> None:
    """The same person is another pseudonym with another team."""
    assert pseudonym_key(Kms(), "arn:key", "claims") != pseudonym_key(Kms(), "arn:key", "search")


def whole_run(bucket: Bucket, name: str) -> dict[str, Any]:
    """A run with masked copies; what ``.count.json`` says then."""
    todo = job(bucket)
    for number in plan(name, todo)["batches"]:
        take(name, number, todo)
        mask(name, number, todo, KEY)
    finish(name, todo, Metrics())
    counts: dict[str, Any] = json.loads(bucket.body(COUNTS))
    return counts


@pytest.fixture
def planted() -> Bucket:
    """Several documents in one run: some can be masked, some cannot, some are held back."""
    made = Bucket()
    made.put("Erika Beispiel.txt", "Name: Erika Beispiel\nMail erika@example.org", data_class="internal")
    made.put("b.json", '{"email": "jean@example.org"}', data_class="internal")
    made.put("c.json", "{jean@example.org", data_class="internal")
    made.put("d.html", "<p>x@example.org</p>", data_class="public")
    made.put("e.txt", b"\xff x@example.org", data_class="public")
    made.put("f.txt", "secret x@example.org", data_class="restricted")
    made.put("g.txt", "plain", data_class="public")
    return made


def test_a_run_masks_every_document_that_can_be_and_counts_the_rest(planted: Bucket) -> None:
    """What was taken in is copied or counted as left out; what was held back is neither."""
    counts = whole_run(planted, "r1")
    assert counts["copies"] == 3
    assert counts["left_out"] == {"format": 1, "not json": 1}
    assert counts["replaced"] == {"email": 2, "name": 1}
    copies = {key: planted.body(key) for key in planted.below("masked/") if key != COUNTS}
    assert len(copies) == 3
    assert b"example.org" not in b"".join(copies.values())
    assert not [key for key in planted.below("masked/") if "Erika" in key]


def test_a_copy_follows_its_document(planted: Bucket) -> None:
    """Unchanged: not written again. No longer readable, or held back, or deleted: no copy stays."""
    whole_run(planted, "r1")
    planted.writes.clear()
    whole_run(planted, "r2")
    assert [key for key in planted.writes if key.startswith("masked/")] == [COUNTS]
    planted.put("b.json", "{broken", data_class="internal")
    planted.put("g.txt", "plain", data_class="restricted")
    assert whole_run(planted, "r3")["copies"] == 1
    assert [key for key in planted.below("masked/") if key != COUNTS] == [
        f"masked/{identity('documents/Erika Beispiel.txt')}.txt"
    ]


def test_copies_keep_the_class_of_their_documents(planted: Bucket) -> None:
    """Pseudonyms are personal data still."""
    whole_run(planted, "r1")
    tags = planted.current[f"teams/claims/masked/{identity('documents/b.json')}.json"].tags
    assert (tags["data-class"], tags["masked"]) == ("internal", "pseudonyms")
