"""What Qdrant and its teams must agree on with the platform: images, data, and a runtime that has it."""

from collections.abc import Iterator

from stacks.engines import load_engines
from stacks.kinds import RuntimeStack, TeamStack
from stacks.problems import Problem
from stacks.stack_file import AT


def qdrant_problems(stack: RuntimeStack) -> list[Problem]:
    """A runtime's Qdrant against the registries of the runtime, and against the data of its platform."""
    wish = stack.settings.qdrant
    if wish is None:
        return []
    images = {"image": wish.image, "program_image": wish.program_image}
    return [*_foreign_images(stack, images), *_data_class(stack)]


def collection_problems(stack: TeamStack) -> Iterator[Problem]:
    """A team that wants a collection, against the runtime that its namespace is in."""
    if stack.collection and stack.runtime and stack.runtime.settings.qdrant is None:
        yield Problem(
            file=stack.team_file,
            path="cluster.qdrant",
            value="",
            expected=f"nothing: {stack.runtime.name} has no Qdrant",
            fix=f"remove it, or set qdrant in {stack.runtime.file}",
        )


def _foreign_images(stack: RuntimeStack, images: dict[str, str]) -> Iterator[Problem]:
    """Images that the guards of the cluster would refuse."""
    for name, image in images.items():
        if not any(image.startswith(f"{registry}/") for registry in stack.registries):
            yield Problem(
                file=stack.file,
                path=f"{AT}.qdrant.{name}",
                value=image,
                expected=f"an image from a registry of this runtime: {', '.join(stack.registries)}",
                fix="copy the image there, or add its registry to registries",
            )


def _data_class(stack: RuntimeStack) -> Iterator[Problem]:
    """Data that the catalogue of engines does not let Qdrant hold."""
    row, wanted = load_engines()["qdrant"], stack.platform.settings.data_class
    if wanted not in row.data_classes:
        yield Problem(
            file=stack.file,
            path=f"{AT}.qdrant",
            value=wanted,
            expected=f"nothing on a platform with {wanted} data: Qdrant may hold {', '.join(row.data_classes)},"
            f" because {row.because}",
            fix=f"remove it, or lower {AT}.data_class in {stack.platform.file}",
        )
