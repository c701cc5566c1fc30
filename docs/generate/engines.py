"""The page of engines for vectors: what to choose, and what may be held in each."""

from docs.generate.markdown import code, page, table
from stacks.engines import load_engines
from stacks.settings.engines import Engine

INTRO = """The engines that this release knows for vectors, by their names in the setting `vector_store.engine`.
One platform has one engine, and every team on it a space of its own there.
Another engine is another store, and vectors do not move by themselves.
A platform whose data class an engine may not hold is refused before anything is deployed.
So is an engine below its lowest tier.
What an engine costs while nobody uses it is added up by `llmlz cost`.
The data and their sources are in `stacks/catalogue/engines.yaml`."""

ASPECTS = {
    "filters": "filters",
    "hybrid search": "hybrid_search",
    "scale": "scale",
    "idle cost": "idle_cost",
    "teams apart": "isolation",
    "encryption at birth": "encryption_at_birth",
    "backup": "backup",
}
"""Head of a row to the field that it shows."""


def build() -> str:
    """The page."""
    engines = sorted(load_engines().items())
    first = [
        [code(name), engine.title, engine.made_by, engine.from_tier, ", ".join(engine.data_classes)]
        for name, engine in engines
    ]
    parts = [
        table(["engine", "what it is", "made by", "from tier", "may hold"], first),
        *(part for name, engine in engines for part in _of(name, engine)),
    ]
    return page("Engines for vectors", INTRO, parts)


def _of(name: str, engine: Engine) -> list[str]:
    """One engine: its aspects, why it may hold what it may hold, and where that was read."""
    rows = [[head, str(getattr(engine, field))] for head, field in ASPECTS.items()]
    read = ", ".join(f"[{number}]({url})" for number, url in enumerate(engine.sources, start=1))
    return [
        f"## {name}",
        table(["aspect", engine.title], [*rows, ["data classes", engine.because]]),
        f"Sources, read {engine.source_date}: {read}.",
    ]
