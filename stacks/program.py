"""From a stack of an estate to the program that an engine, or a recording, runs."""

from collections.abc import Callable

from stacks.kinds import OrganizationStack, PlatformStack, RuntimeStack, Stack
from stacks.organization import organization
from stacks.platform import platform
from stacks.runtime import runtime
from stacks.team import team


def program(stack: Stack) -> Callable[[], None]:
    """The program of a stack; calling it registers the stack's resources."""

    def run() -> None:
        if isinstance(stack, PlatformStack):
            platform(stack)
        elif isinstance(stack, OrganizationStack):
            organization(stack)
        elif isinstance(stack, RuntimeStack):
            runtime(stack)
        else:
            team(stack)

    return run
