"""Platform stacks out of their files: the overlays of the estate, the layers, and the checks of one platform."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from stacks.brought_keys import key_problems
from stacks.consistency import platform_problems
from stacks.files import display, read_mapping
from stacks.kinds import PlatformStack
from stacks.layering import Layer, layered
from stacks.problems import Problem
from stacks.read_organizations import OrganizationFile, membership_problems, unit_of
from stacks.settings.catalogue import Catalogue
from stacks.settings.platform import PlatformSettings
from stacks.settings.runtime import RuntimeSettings
from stacks.stack_file import AT, StackFile
from stacks.tier import TIERS, Overlay, built_tiers, load_tier
from stacks.validate import closest, is_setting, parse


def read_overlays(folder: Path) -> tuple[dict[str, tuple[Overlay, Layer]], list[Problem]]:
    """Tier to what ``overlay/tiers.yaml`` of the estate lays over it, and what is wrong with that file."""
    path = folder / "overlay" / "tiers.yaml"
    if not path.is_file():
        return {}, []
    shown, overlays, problems = display(path), {}, []
    content: Mapping[str, Any] = read_mapping(path)
    for tier, values in content.items():
        overlay, found = parse(Overlay, values, file=shown, at=tier)
        problems += found
        if tier not in TIERS:
            expected = f"a tier: {', '.join(TIERS)}{closest(str(tier), TIERS)}"
            problems.append(Problem(file=shown, path=str(tier), value="", expected=expected, fix="correct the name"))
            continue
        problems += _unknown_paths(tier, overlay, shown)
        if overlay:
            overlays[tier] = (overlay, Layer(file=shown, at=f"{tier}.defaults", values=overlay.defaults))
    return overlays, problems


def _unknown_paths(tier: str, overlay: Overlay | None, file: str) -> list[Problem]:
    """Locks on settings that do not exist: they would lock nothing."""
    absent = {path for path, lock in load_tier(tier).locks.items() if lock.absent} if tier in built_tiers() else set()
    if overlay is None:
        return []
    of_platforms = [path for path in overlay.locks if path not in absent and not is_setting(PlatformSettings, path)]
    of_runtimes = [path for path in overlay.runtime.locks if not is_setting(RuntimeSettings, path)]
    return [
        Problem(
            file=file,
            path=f"{tier}.{path}",
            value="",
            expected=f"the dotted path of a setting, such as {example}",
            fix="correct the path, or remove the lock",
        )
        for path, example in (
            *((f"locks.{path}", "logs.retention_days") for path in of_platforms),
            *((f"runtime.locks.{path}", "cluster.new.api_from") for path in of_runtimes),
        )
    ]


def read_platform(
    file: StackFile,
    overlays: Mapping[str, tuple[Overlay, Layer]],
    catalogue: Catalogue,
    organizations: Sequence[OrganizationFile] = (),
    *,
    has_runtime: bool = False,
) -> tuple[PlatformStack | None, list[Problem]]:
    """The stack, if its settings are whole, and every problem of them."""
    tier = load_tier(str(file.tier))
    values, problems = layered(
        str(file.tier), tier, overlays.get(str(file.tier)), Layer(file=file.shown, at=AT, values=file.settings)
    )
    absent = {path for path, lock in tier.locks.items() if lock.absent}
    values = {key: value for key, value in values.items() if key not in absent}  # said once, by the lock
    settings, found = parse(PlatformSettings, values, file=file.shown, at=AT)
    broken = {problem.path for problem in problems}
    problems += [problem for problem in found if problem.path not in broken]
    if settings is None:
        return None, problems
    above = unit_of(organizations, settings.account)
    stack = PlatformStack(
        name=file.name,
        file=file.shown,
        settings=settings,
        tier=str(file.tier),
        tier_data=tier,
        catalogue=catalogue,
        organization=above[0].settings if above else None,
        has_runtime=has_runtime,
    )
    found = [*platform_problems(stack), *key_problems(stack), *membership_problems(stack, organizations)]
    return stack, problems + [problem for problem in found if problem.path not in broken]
