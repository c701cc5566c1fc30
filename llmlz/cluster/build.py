"""Builds the programs of a Kubernetes cluster from Go modules: ``python -m llmlz.cluster.build``, ``make cluster``.

``environments/cluster`` pins them with everything they are built from. The build goes into the user's cache, never into
the repository, and takes the custom resource definitions of Karpenter out of the same modules.
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from llmlz.cluster import find
from llmlz.compiler import BuildError, Say, compile_program, exit_code, find_go, module_source

CONTENTS = "contents.yaml"
"""File of the Go module's folder that says what a build holds."""

STAMP = "k8s.io/component-base/version"
"""Package whose variables ``/version`` answers from; without them it says ``v0.0.0-master``."""


def build(say: Say = print) -> Path:
    """The folder of the programs, built unless it is there.

    ``say`` hears the progress. The folder appears under its name only when it is whole; after a failure or Ctrl-C
    nothing is left. Raises ``ToolMissingError`` without Go and ``BuildError`` with the end of the compiler's output.
    """
    target = find.cached()
    if target.is_dir():
        say(f"kubernetes is here: {target}")
        return target
    go = find_go(f"kubernetes {find.VERSION}")
    target.parent.mkdir(parents=True, exist_ok=True)
    say(f"building kubernetes {find.VERSION}: 5 to 15 minutes and 4 GB of downloads and intermediate files once")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".building-") as scratch:
        made = Path(scratch) / "whole"
        made.mkdir()
        contents = YAML(typ="safe").load(find.MODULE / CONTENTS)
        for program, package in contents["programs"].items():
            say(f"  {program}")
            compile_program(go, package, made / program, module=find.MODULE, flags=version_flags(), say=say)
        for folder, modules in contents["files"].items():
            copy_files(go, modules, made / folder)
        made.rename(target)
    say(f"built: {target}")
    return target


def version_flags() -> str:
    """Linker flags that write the version into the programs."""
    major, minor, _ = find.VERSION.split(".")
    stamps = {"gitVersion": f"v{find.VERSION}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return " ".join(f"-X {STAMP}.{name}={value}" for name, value in stamps.items())


def copy_files(go: str, modules: Mapping[str, Sequence[str]], folder: Path) -> None:
    """Copy files out of their modules into ``folder``; raises ``BuildError`` for one that is not there."""
    folder.mkdir()
    for module, paths in modules.items():
        source = module_source(go, find.MODULE, module)
        for path in paths:
            if not (source / path).is_file():
                raise BuildError(f"{module} has no {path}: another version keeps it elsewhere")
            shutil.copyfile(source / path, folder / Path(path).name)


if __name__ == "__main__":
    sys.exit(exit_code(build))
