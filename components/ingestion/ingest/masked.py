"""The masked copies of a run: test data that looks like the team's documents and names nobody.

A pseudonym is made with a key that only KMS knows the origin of: without it nobody can compute whose pseudonym it is.
Pseudonyms of one person are alike, so copies remain personal data, and keep the data class of their documents:
recital 26 of https://eur-lex.europa.eu/eli/reg/2016/679/oj (2026-11).
"""

from collections import Counter
from typing import Any

from .documents import HeldError, decoded
from .formats import LeftOutError, masked
from .masking import Masker
from .steps import OWN, Job, place

CONTEXT = b"llmlz masked copies 1 "
"""What the team's key is made from, with the team's name: another purpose would have another key."""


def pseudonym_key(kms: Any, key_arn: str, team: str) -> bytes:
    """The team's key, always the same; made by KMS and kept in memory only."""
    got = kms.generate_mac(KeyId=key_arn, MacAlgorithm="HMAC_SHA_256", Message=CONTEXT + team.encode())
    mac: bytes = got["Mac"]
    return mac


def mask(run: str, number: int, job: Job, key: bytes) -> dict[str, int]:
    """Make a masked copy of every document of a batch that was taken in; leave out, and count, what cannot be masked.

    What was left out has no copy, not even one of an earlier version.
    """
    store, counts, left_out = job.store, Counter[str](), Counter[str]()
    copies = 0
    for outcome in store.json(place(run, "results", number)):
        if outcome["outcome"] != "taken":
            continue
        id_, masker = outcome["id"], Masker(key=key)
        before = {found for found, _ in store.keys(f"masked/{id_}.")}
        try:
            content = store.read(outcome["key"], outcome["version"])
            if content is None:
                raise LeftOutError("gone")
            suffix, text = masked(outcome["key"], decoded(content), masker)
        except (HeldError, LeftOutError) as error:
            left_out[str(error)] += 1
            store.delete(sorted(before))
            continue
        copy = f"masked/{id_}{suffix}"
        if copy not in before or store.read(copy) != text.encode():
            tags = {**OWN, "data-class": outcome["class"], "masked": "pseudonyms"}
            store.write(copy, text.encode(), tags, "text/plain; charset=utf-8")
        store.delete(sorted(before - {copy}))
        counts += masker.counts
        copies += 1
    result = {"copies": copies, "left_out": dict(left_out), "replaced": dict(counts)}
    store.write_json(place(run, "masked", number), result, OWN)
    return {"copies": copies, "left_out": left_out.total()}


def summed(results: list[dict[str, Any]]) -> dict[str, Any]:
    """The counts of all batches together."""
    left_out, replaced = Counter[str](), Counter[str]()
    for result in results:
        left_out.update(result["left_out"])
        replaced.update(result["replaced"])
    return {
        "copies": sum(result["copies"] for result in results),
        "left_out": dict(sorted(left_out.items())),
        "replaced": dict(sorted(replaced.items())),
    }
