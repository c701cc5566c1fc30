"""Personal data in a text becomes stable pseudonyms: the same person is the same pseudonym in every document of a team.

Rather too much than too little: seven digits or more that are no date are masked even where nobody knows what they are.
What is not found: names that stand in no field, and what only a reader of the whole text would recognise.
"""

import hashlib
import hmac
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

LETTERS = "bcdfghjklmnpqrstvwxz"
"""No digits, so that a pseudonym is never taken for a number; no vowels, so that it is never a word."""

LENGTH = 12
"""20 ** 12 pseudonyms of a kind: two people share one about once in ten million people."""

EMAIL = re.compile(r"[^\s<>\"',;:()\[\]{}|]+(?:@|%40)[^\s<>\"',;:()\[\]{}|@]+\.[^\W\d_][\w-]+")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
SHORTEST_IBAN, LONGEST_IBAN = 15, 34
"""https://www.swift.com/swift-resource/9606/download (2026-11)"""

IDENTITIES = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"[XYZ]?\d{7,8}[ -]?[A-Z]"  # Spain: DNI, NIE
    r"|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"  # United Kingdom: national insurance
    r"|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"  # Italy: codice fiscale
    r"|[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"  # France: NIR
    r"|\d{3}-\d{2}-\d{4}"  # United States: social security
    r"|[A-Z]{1,2}\d{6,8}"  # passports of many countries
    r")(?![A-Za-z0-9])",
    re.IGNORECASE,
)
DIGITS = re.compile(r"\+?\(?\d(?:[ \t.()/\-\u2010-\u2015]{0,3}\d)+")
FEWEST_DIGITS, CARD_DIGITS = 7, range(13, 20)
DATE = re.compile(r"\d{4}[-/.]\d{2}[-/.]\d{2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})")
KINDS = ("email", "iban", "card", "identity", "phone", "number", "name")
PSEUDONYM = re.compile(rf"(?:{'|'.join(KINDS)})-[{LETTERS}]{{{LENGTH}}}")
FIELD = re.compile(r"^[ \t>*_-]*([^\W\d][\w .-]{0,40}?)[*_]*[ \t]*[:=][*_]*[ \t]+(\S.*?)[ \t]*$", re.MULTILINE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSONAL = _words(
    "address apellido apellidos birth birthdate birthday claimant cognome contact customer dob employee forename "
    "geburtsdatum insured nachname name names nom nombre nome patient policyholder prenom prénom street strasse straße "
    "surname user username vorname"
)
"""Words in the names of fields that hold something about a person."""

OF_THINGS = _words("bucket class column company database domain file host model module product system table")
"""With one of these, the name is a thing's."""

PARTICLES = _words("and da de del della den der di du el la le van von zu")
"""Parts of names that are everyday words; they are masked only inside a whole name."""


def personal(field_name: str) -> bool:
    """Whether a field of this name holds a name, an address or a date of birth."""
    words = set(re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field_name).lower()))
    return bool(words & PERSONAL) and not words & OF_THINGS


def plain(text: str) -> str:
    """Look-alikes as the characters they stand for, and nothing invisible: what is hidden cannot be masked."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")


@dataclass(kw_only=True, slots=True)
class Masker:
    """Masks the texts of one document after another, and counts what it replaced."""

    key: bytes
    """The team's key for pseudonyms; kept in memory for one call of the function."""

    counts: Counter[str] = field(default_factory=Counter)
    """Kind to how often it was replaced."""

    def pseudonym(self, kind: str, value: str) -> str:
        """The same for the same value, whatever its spacing and case."""
        bare = re.sub(r"[\W_]+", "", value).casefold()
        number = int.from_bytes(hmac.digest(self.key, f"{kind}:{bare}".encode(), hashlib.sha256))
        letters = []
        for _ in range(LENGTH):
            number, letter = divmod(number, len(LETTERS))
            letters.append(LETTERS[letter])
        self.counts[kind] += 1
        return f"{kind}-{''.join(letters)}"

    def text(self, text: str, names: Iterable[str] = ()) -> str:
        """``text`` without personal data; ``names`` are masked wherever they stand in it."""
        masked = _each(text, EMAIL, lambda found: self.pseudonym("email", found))
        masked = _each(masked, IBAN, self._iban)
        masked = _each(masked, IDENTITIES, self._identity)
        masked = _each(masked, DIGITS, self._digits)
        known = sorted({n for name in names for n in _forms(name)}, key=lambda form: (-len(form), form))
        if known:
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(_spaced, known))})(?!\w)", re.IGNORECASE)
            masked = _each(masked, pattern, lambda found: self.pseudonym("name", found))
        return masked

    def document(self, text: str) -> str:
        """A whole text, with the names that its own ``field: value`` lines give away."""
        text = plain(text)
        return self.text(text, [value for name, value in FIELD.findall(text) if personal(name)])

    def _iban(self, found: str) -> str:
        """The longest beginning with a right check digit is an IBAN; what follows it are other words."""
        for end in range(len(found), SHORTEST_IBAN - 1, -1):
            bare = re.sub(r"[ -]", "", found[:end]).upper()
            if SHORTEST_IBAN <= len(bare) <= LONGEST_IBAN and found[end - 1].isalnum() and _mod97(bare) == 1:
                return self.pseudonym("iban", bare) + found[end:]
        return found

    def _identity(self, found: str) -> str:
        return found if DATE.fullmatch(found) else self.pseudonym("identity", found)

    def _digits(self, found: str) -> str:
        bare = re.sub(r"\D", "", found)
        if len(bare) < FEWEST_DIGITS or all(DATE.fullmatch(part) for part in found.split()):
            return found
        if len(bare) in CARD_DIGITS and _luhn(bare):
            return self.pseudonym("card", bare)
        return self.pseudonym("phone" if found.lstrip("(")[0] in "+0" else "number", bare)


def _each(text: str, pattern: re.Pattern[str], replaced: Callable[[str], str]) -> str:
    """Every match replaced, but for what is a pseudonym already."""
    parts, at = [], 0
    for done in [*PSEUDONYM.finditer(text), None]:
        end = done.start() if done else len(text)
        parts.append(pattern.sub(lambda match: replaced(match[0]), text[at:end]))
        if done:
            parts.append(done[0])
            at = done.end()
    return "".join(parts)


def _forms(name: str) -> set[str]:
    """A name as a whole, and each of its words that is not an everyday word."""
    words = re.findall(r"[^\W\d_]+", plain(name))
    return {" ".join(name.split()), *(w for w in words if len(w) > 1 and w.lower() not in PARTICLES)} - {""}


def _spaced(form: str) -> str:
    return r"\s+".join(map(re.escape, form.split()))


def _mod97(iban: str) -> int:
    """https://www.iso.org/standard/81090.html (2026-11): letters count from ten, the first four stand last."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97


def _luhn(digits: str) -> bool:
    """The check digit of payment cards: https://www.iso.org/standard/70484.html (2026-11)."""
    doubled = [int(d) * (2 - (i % 2 == 0)) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004
