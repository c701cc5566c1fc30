"""The page of models: the catalogue that settings and team files choose from."""

from docs.generate.markdown import code, page, table
from stacks.catalogue_file import FOLDER, load_catalogue
from stacks.settings.catalogue import Model

INTRO = """The models that this release knows, by the alias that settings and team files use.
A platform calls one of them only after its settings approve it: model, licence, data class and route must all fit.
Prices are on demand, in US dollars for a thousand tokens, in the named region on the named day; other regions may differ.
`agreement` says that somebody must accept terms before the first call.
The data and their sources are in `stacks/catalogue/models.yaml`."""


def build() -> str:
    """The page."""
    models = sorted(load_catalogue(FOLDER).models.items())
    rows = [
        [
            code(alias),
            model.vendor,
            model.purpose,
            model.status,
            model.licence,
            "agreement" if model.agreement else "",
            ", ".join(model.data_classes) or "none",
            f"[{model.source_date}]({model.source})",
        ]
        for alias, model in models
    ]
    head = ["alias", "vendor", "purpose", "status", "licence", "terms", "approved for", "source"]
    prices = [
        [
            code(alias),
            f"{model.price.per_1000_tokens.input:g}",
            f"{model.price.per_1000_tokens.output:g}",
            model.price.region,
            f"[{model.price.date}]({model.price.source})",
        ]
        for alias, model in models
    ]
    parts = [
        table(head, rows),
        "## Routes",
        "Where a call may start, and by which route it is answered. `regional` stays in the region of the call.",
        table(["alias", "model", "route", "from"], [row for alias, model in models for row in _routes(alias, model)]),
        "## Prices",
        table(["alias", "input", "output", "region", "source"], prices),
    ]
    return page("Models", INTRO, parts)


def _routes(alias: str, model: Model) -> list[list[str]]:
    return [
        [code(alias), code(model.model_id), geography, ", ".join(route.regions)]
        for geography, route in sorted(model.routes.items())
    ]
