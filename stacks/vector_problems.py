"""What the vector store must agree on: the data that its engine may hold, and names that have to fit."""

from collections.abc import Iterator

from components._naming import RULES
from components.vector_store.opensearch import collection_name
from stacks.engines import load_engines
from stacks.kinds import PlatformStack
from stacks.problems import Problem
from stacks.settings.platform import OpenSearch
from stacks.stack_file import AT


def vector_problems(stack: PlatformStack) -> list[Problem]:
    """A platform's vector store against its data class, and against the names that AWS takes."""
    store = stack.settings.vector_store
    if store is None:
        return []
    return [*_data_class(stack, store.engine), *(_name(stack) if isinstance(store, OpenSearch) else ())]


def _data_class(stack: PlatformStack, engine: str) -> Iterator[Problem]:
    engines, wanted = load_engines(), stack.settings.data_class
    row = engines[engine]
    if wanted in row.data_classes:
        return
    able = sorted(name for name, one in engines.items() if one.made_by == "platform" and wanted in one.data_classes)
    yield Problem(
        file=stack.file,
        path=f"{AT}.vector_store.engine",
        value=engine,
        expected=f"an engine that may hold {wanted} data: {', '.join(able) or 'there is none'}; {engine} may hold"
        f" {', '.join(row.data_classes)}, because {row.because}",
        fix=f"choose {' or '.join(able)} before the first deployment, or lower {AT}.data_class"
        if able
        else f"set {AT}.vector_store to null, or lower {AT}.data_class",
    )


def _name(stack: PlatformStack) -> Iterator[Problem]:
    """The name of a collection is short, and the environment's is a part of it."""
    try:
        collection_name(stack.name_prefix)
    except ValueError:
        environment, longest = stack.settings.environment, RULES["collection"].longest
        around = len(f"{stack.name_prefix}-vectors") - len(environment)
        yield Problem(
            file=stack.file,
            path=f"{AT}.environment",
            value=environment,
            expected=f"at most {longest - around} characters: the name of a collection has at most {longest}",
            fix="choose a shorter name before the first deployment, or another engine",
        )
