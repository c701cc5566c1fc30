"""Weights that a platform approves, against the list of weights: what cannot be loaded is said before anything is made."""

from collections.abc import Iterator

from stacks.kinds import PlatformStack, RuntimeStack
from stacks.problems import Problem
from stacks.settings.catalogue import Weights
from stacks.stack_file import AT
from stacks.validate import closest

OVERLAY = "overlay/weights.yaml"


def weights_problems(stack: PlatformStack) -> list[Problem]:
    """Every entry is known, under an accepted licence, has all its files with their hashes, and its base beside it."""
    wish = stack.settings.weights
    if wish is None:
        return []
    problems = []
    for index, name in enumerate(wish.entries):
        path = f"{AT}.weights.entries[{index}]"
        if (found := _wrong(stack, name)) or (found := _twice(wish.entries, index)):
            expected, fix = found
            problems.append(Problem(file=stack.file, path=path, value=name, expected=expected, fix=fix))
    return problems


def loader_problems(stack: RuntimeStack) -> list[Problem]:
    """A loader without a store to load into, and an image from a registry that the cluster does not take."""
    wish, problems, at = stack.settings.weights_loader, [], f"{AT}.weights_loader"
    if wish and stack.platform.settings.weights is None:
        expected = f"nothing: {stack.platform.name} has no store of weights"
        fix = f"remove it, or set weights in {stack.platform.file}"
        problems.append(Problem(file=stack.file, path=at, value="", expected=expected, fix=fix))
    if wish and not any(wish.image.startswith(f"{registry}/") for registry in stack.registries):
        expected = f"an image from a registry of this runtime: {', '.join(stack.registries)}"
        fix = "copy the image there, or add its registry to registries"
        problems.append(Problem(file=stack.file, path=f"{at}.image", value=wish.image, expected=expected, fix=fix))
    return problems


def _wrong(stack: PlatformStack, name: str) -> tuple[str, str] | None:
    """What is expected of an entry and what to do, for the first thing that is wrong with it."""
    known = stack.catalogue.weights
    entry = known.get(name)
    if entry is None:
        near = closest(name, sorted(known))
        return f"an entry of the list of weights{near}", f"correct the name, or add the entry in {OVERLAY}"
    return next(_faults(stack, name, entry), None)


def _faults(stack: PlatformStack, name: str, entry: Weights) -> Iterator[tuple[str, str]]:
    settings, known = stack.settings, stack.catalogue.weights
    approved = settings.weights.entries if settings.weights else []
    if entry.licence not in settings.licences:
        yield (
            f"weights under an accepted licence; these are under {entry.licence!r}",
            f"remove the entry, or add the licence to {AT}.licences after legal has agreed",
        )
    if not entry.files:
        yield (
            f"an entry with the SHA-256 and size of every file; {name} has no files in the list of weights, so that "
            "nobody could tell what arrives",
            f"download revision {entry.revision} once, look at it, and add the files in {OVERLAY}",
        )
    if entry.files and not any(file.path.endswith(".safetensors") for file in entry.files):
        yield f"an entry with tensors; no file of {name} is a .safetensors file", f"add them in {OVERLAY}"
    paths = [file.path.lower() for file in entry.files]
    if again := sorted({path for path in paths if paths.count(path) > 1}):
        yield f"every file once; {name} lists {again[0]} twice", f"remove one of the two in {OVERLAY}"
    if "provenance.json" in paths:
        yield (
            f"no file provenance.json in {name}: the store keeps its own record under that name",
            f"remove it in {OVERLAY}",
        )
    if entry.base is None:
        return
    if entry.base not in known:
        near = closest(entry.base, sorted(known))
        yield (
            f"an adapter of an entry in the list of weights; {name} changes {entry.base}, which is not there{near}",
            f"correct base in {OVERLAY}",
        )
    elif known[entry.base].base is not None:
        yield f"an adapter of whole weights; {entry.base} is an adapter itself", f"correct base in {OVERLAY}"
    elif entry.base not in approved:
        yield (
            f"the base of each adapter beside it; {name} changes {entry.base}, which is not among the entries",
            f"add {entry.base}, or remove {name}",
        )


def _twice(names: list[str], index: int) -> tuple[str, str] | None:
    return ("each entry once", "remove one of the two") if names[index] in names[:index] else None
