"""What knowledge bases of a team must agree on with the platform: model, engine, sources, hosts, secrets and names."""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from components._naming import physical_name
from stacks.kinds import TeamStack
from stacks.problems import Problem
from stacks.settings.base import DATA_CLASSES, DataClass
from stacks.settings.knowledge import ConnectorKind, Knowledge, S3Source, Source, WebSource
from stacks.stack_file import AT
from stacks.validate import closest

HELD_BY: Mapping[str, Sequence[ConnectorKind]] = {
    "opensearch": ("s3", "web", "confluence", "sharepoint", "salesforce"),
    "s3_vectors": ("s3",),
}
"""Engine to the sources whose documents Bedrock puts into it:
https://docs.aws.amazon.com/bedrock/latest/userguide/webcrawl-data-source-connector.html (2026-11), and the pages of the
other sources. Bedrock signs in to PostgreSQL with a password, and the platform's database lets users of IAM in alone."""


def knowledge_problems(stack: TeamStack) -> Iterator[Problem]:
    """Every knowledge base of the team; nothing for a team without one."""
    for name, wish in stack.team.knowledge.items():
        at = f"knowledge.{name}"
        yield from _model(stack, wish, at)
        yield from _class(stack, wish, at)
        yield from _names(stack, name, at)
        yield from _engine(stack, at)
        for key, source in wish.connectors.items():
            yield from _source(stack, source, f"{at}.connectors.{key}")
    yield from _shared_secrets(stack)


def knowledge_class(stack: TeamStack, wish: Knowledge) -> DataClass:
    """The most sensitive data in a knowledge base: the team's, where it says nothing else."""
    return wish.data_class or stack.team.data_class


def _model(stack: TeamStack, wish: Knowledge, at: str) -> Iterator[Problem]:
    known, alias = stack.platform.catalogue.models, wish.model
    usable = [name for name in stack.team.models if name in known and known[name].dimensions]
    listed = ", ".join(usable) or "none of its models is one"
    if alias not in usable:
        why = "an embedding model that knowledge bases can use"
        if alias in known and known[alias].dimensions:
            why = "one that the team calls already"
        yield Problem(
            file=stack.team_file,
            path=f"{at}.model",
            value=alias,
            expected=f"{why}, out of the team's models: {listed}{closest(alias, usable)}",
            fix="correct the alias, or add the model to models once the platform approves it",
        )
    elif wish.dimensions is not None and wish.dimensions not in known[alias].dimensions:
        lengths = ", ".join(map(str, known[alias].dimensions))
        yield Problem(
            file=stack.team_file,
            path=f"{at}.dimensions",
            value=str(wish.dimensions),
            expected=f"a length of the vectors that {alias} gives: {lengths}",
            fix="correct it, or leave it out",
        )


def _class(stack: TeamStack, wish: Knowledge, at: str) -> Iterator[Problem]:
    platform = stack.platform.settings
    limits = {stack.platform.name: platform.data_class, f"team {stack.team.team}": stack.team.data_class}
    whose, most = min(limits.items(), key=lambda item: DATA_CLASSES.index(item[1]))
    if wish.data_class and DATA_CLASSES.index(wish.data_class) > DATA_CLASSES.index(most):
        yield Problem(
            file=stack.team_file,
            path=f"{at}.data_class",
            value=wish.data_class,
            expected=f"at most {most}: more is not for {whose}",
            fix="lower it, or keep these documents on a platform for them",
        )


def _names(stack: TeamStack, name: str, at: str) -> Iterator[Problem]:
    """The longest name that is made of it; a policy in OpenSearch has the shortest limit."""
    store = stack.platform.settings.vector_store
    try:
        physical_name("role", stack.platform.name_prefix, f"{stack.team.team}.{name}")
        if store and store.engine == "opensearch":
            physical_name("collection", f"{stack.team.team}--{name}")
    except ValueError as error:
        yield Problem(
            file=stack.team_file,
            path=at,
            value=name,
            expected=f"a shorter name: {error}",
            fix="choose another name for the knowledge base",
        )


def _engine(stack: TeamStack, at: str) -> Iterator[Problem]:
    store = stack.platform.settings.vector_store
    if store is None or store.engine not in HELD_BY:
        engines = " or ".join(sorted(HELD_BY))
        has = f"has {store.engine}" if store else "has no vector store"
        yield Problem(
            file=stack.team_file,
            path=at,
            value="",
            expected=f"a platform with {engines}, which Bedrock can keep knowledge in; {stack.platform.name} {has}",
            fix=f"remove it, or set vector_store in {stack.platform.file}",
        )


def _source(stack: TeamStack, source: Source, at: str) -> Iterator[Problem]:
    platform, store = stack.platform.settings, stack.platform.settings.vector_store
    held = HELD_BY.get(store.engine, ()) if store else ()
    if source.kind not in platform.connectors:
        yield Problem(
            file=stack.team_file,
            path=f"{at}.kind",
            value=source.kind,
            expected=f"a source that {stack.platform.name} allows: {', '.join(platform.connectors) or 'none'}",
            fix=f"remove it, or add it to {AT}.connectors in {stack.platform.file}",
        )
    elif store and held and source.kind not in held:
        able = " or ".join(sorted(engine for engine, kinds in HELD_BY.items() if source.kind in kinds))
        yield Problem(
            file=stack.team_file,
            path=f"{at}.kind",
            value=source.kind,
            expected=f"a source that Bedrock puts into {store.engine}: {', '.join(held)}; this one needs {able}",
            fix=f"remove it, or use a platform with {able}",
        )
    if isinstance(source, WebSource):
        yield from _hosts(stack, source, at)
    elif not isinstance(source, S3Source):
        yield from _secret(stack, source.secret, at)


def _hosts(stack: TeamStack, source: WebSource, at: str) -> Iterator[Problem]:
    allowed = stack.platform.settings.crawled_hosts
    for index, url in enumerate(source.seed_urls):
        host = urlsplit(url).hostname or ""
        if host not in allowed:
            yield Problem(
                file=stack.team_file,
                path=f"{at}.seed_urls[{index}]",
                value=url,
                expected=f"a host that {stack.platform.name} lets crawl: {', '.join(allowed) or 'none is listed'}",
                fix=f"remove it, or add {host} to {AT}.crawled_hosts in {stack.platform.file}",
            )


def _secret(stack: TeamStack, arn: str, at: str) -> Iterator[Problem]:
    """A secret of this account and region, below the team's name, and not the one of its application."""
    prefix = f"{stack.platform.name_prefix}/{stack.team.team}/"
    own = f"arn:{stack.partition}:secretsmanager:{stack.region}:{stack.account}:secret:{prefix}"
    expected = ""
    if not arn.startswith(own):
        expected = f"a secret of this team in this account and region, whose ARN starts with {own}"
    elif arn.removeprefix(own).rpartition("-")[0] == "app":
        expected = "a secret of its own: this one is read by the team's application alone"
    if expected:
        yield Problem(
            file=stack.team_file,
            path=f"{at}.secret",
            value=arn,
            expected=expected,
            fix=f"store the credentials in a secret called {prefix}<name>, and write its ARN",
        )


def _shared_secrets(stack: TeamStack) -> Iterator[Problem]:
    """Each secret is closed to everybody but one knowledge base, so that no two sources can have one."""
    first: dict[str, str] = {}
    for name, wish in stack.team.knowledge.items():
        for key, source in wish.connectors.items():
            if isinstance(source, S3Source | WebSource):
                continue
            at = f"knowledge.{name}.connectors.{key}.secret"
            if source.secret in first:
                yield Problem(
                    file=stack.team_file,
                    path=at,
                    value=source.secret,
                    expected=f"a secret of its own: {first[source.secret]} has this one",
                    fix="store the credentials a second time, and write the ARN of that secret",
                )
            first.setdefault(source.secret, at)
