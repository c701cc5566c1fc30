"""Every promise for a platform in two regions: roles and trusts know no region, keys and vaults do."""

from llmlz.access.proof.run import prove
from llmlz.cli.proving import bundle, problems_of, subjects_of
from tests import two_regions


def test_nothing_is_broken_or_undecided_in_either_region() -> None:
    """The second region's stack makes no role for emergencies, and is held to what is promised of it all the same."""
    found = bundle(two_regions.estate(), two_regions.graphs())
    subjects = subjects_of(found)
    assert {subject.stack for subject in subjects} == {two_regions.FIRST, two_regions.SECOND, *two_regions.TEAMS}
    assert problems_of(found, subjects) == ()
    proofs = prove(subjects, readings=["documented"])
    assert [f"{p.verdict} {p.property} {p.subject} {p.layer}" for p in proofs if p.verdict != "proved"] == []
