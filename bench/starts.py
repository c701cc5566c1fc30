"""The starts that ``cold-start`` times: what each runs, and which modules that loads.

Owns: the commands, ours and the peers'. Does not own: rounds, ratios and goals (``cold_start``).
"""

import keyword
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.process import ROOT, run

SDK, SDK_AND_AWS = "import pulumi", "import pulumi, pulumi_aws"
COMPONENTS = "every module of components"
STACKS = "stacks.program and stacks.estate"
HELP = "llmlz --help"
CHECKOV = "checkov --version"
SERVICES = "bare pulumi_aws modules of the example platform"
EXAMPLE = "example platform, read and recorded"
RECORD = "llmlz record"

CHECKOV_BIN = ROOT / ".envs" / "checkov" / "bin" / "checkov"
WITHOUT_CHECKOV = "checkov is not here; make environments gets it"
LLMLZ_BIN = Path(sys.executable).with_name("llmlz")

ALL_COMPONENTS = """
import importlib, pkgutil, components
for found in pkgutil.walk_packages(components.__path__, "components."):
    if not found.name.endswith(".handler"):
        importlib.import_module(found.name)
"""
"""A handler runs inside a function in AWS and imports what is installed there."""

COMMAND_LINE = """
import sys
from llmlz.cli.entry import main
sys.argv[1:] = [{argument!r}]
main()
"""

RECORDED = """
from pathlib import Path
from stacks.collector import tune
tune()  # as every entry point of ours does before it loads anything
from llmlz.cli.recording import record_with_platform
from stacks.estate import load_estate
graph = record_with_platform(load_estate(Path("docs/examples/estate")), "platform-sandbox")[-1]
print(*sorted({resource.type for resource in graph.custom()}), sep="\\n")
"""

TOUCH = "hasattr(pulumi_aws.{service}, 'touched')\n"
"""A service loads when something in it is looked up; looking up what is not there makes nothing else."""

PROBE = """
import sys
try:
    exec({code!r}, {{"__name__": "start"}})
except SystemExit:
    pass
sys.stdout.write("\\n{mark}\\n")
sys.stdout.write("\\n".join(n for n, module in sys.modules.items() if type(module).__name__ != "_LazyModule"))
"""
"""A service of ``pulumi_aws`` that nobody has used yet stands in ``sys.modules`` as a placeholder of this class."""
MARK = "-- modules --"


def commands(services: Sequence[str]) -> dict[str, list[str]]:
    """Name to command; checkov only where it is installed."""
    found = {name: [sys.executable, "-c", code] for name, code in snippets(services).items()}
    found[HELP] = [str(LLMLZ_BIN), "--help"]
    found[RECORD] = [str(LLMLZ_BIN), "record"]
    if CHECKOV_BIN.exists():
        found[CHECKOV] = [str(CHECKOV_BIN), "--version"]
    return found


def snippets(services: Sequence[str]) -> dict[str, str]:
    """Name to Python code that does the same in an interpreter of ours."""
    return {
        SDK: "import pulumi",
        SDK_AND_AWS: "import pulumi, pulumi_aws",
        COMPONENTS: ALL_COMPONENTS,
        STACKS: "import stacks.program, stacks.estate",
        HELP: COMMAND_LINE.format(argument="--help"),
        SERVICES: "import pulumi_aws\n" + "".join(TOUCH.format(service=name) for name in services),
        EXAMPLE: RECORDED,
        RECORD: COMMAND_LINE.format(argument="record"),
    }


def modules_of(code: str) -> list[str]:
    """Names of the modules that ``code`` really loads, in a fresh process."""
    out = run([sys.executable, "-c", PROBE.format(code=code, mark=MARK)]).out
    return out.rpartition(f"{MARK}\n")[2].split()


def services_of_the_example() -> list[str]:
    """Modules of ``pulumi_aws`` that hold the types of the example platform's resources."""
    types = run([sys.executable, "-c", RECORDED]).out.split()
    names = {kind.split(":")[1].partition("/")[0] for kind in types if kind.startswith("aws:")}
    return sorted(f"{name}_" if keyword.iskeyword(name) else name for name in names)


def services_among(modules: Iterable[str]) -> list[str]:
    """Services of ``pulumi_aws`` of which a module below the package is loaded, and so the whole."""
    parts = [name.split(".") for name in modules if name.startswith("pulumi_aws.")]
    return sorted({part[1] for part in parts if len(part) > 2})  # noqa: PLR2004  # package, service, module
