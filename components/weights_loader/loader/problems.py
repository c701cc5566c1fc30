"""How a run ends, and what each end means to whoever runs it again.

0: the files and their provenance are in the store, now or already before.
2: the manifest is wrong; nothing was fetched, and another run of the same manifest ends the same way.
3: a file is not what the manifest says, or of a kind that can carry code; nothing of it was stored.
4: the source or the store did not answer; another run goes on where this one stopped.
"""

STORED, BAD_MANIFEST, REFUSED, UNREACHABLE = 0, 2, 3, 4


class ManifestError(Exception):
    """The manifest is wrong."""


class RefusedError(Exception):
    """A file is refused."""


class UnreachableError(Exception):
    """The source or the store did not answer."""
