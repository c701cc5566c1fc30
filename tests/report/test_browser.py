"""The page in a real browser: what it builds from it, what it complains about, and what it paints."""

import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pytest

from llmlz.access import tables
from llmlz.access.grid import grid
from llmlz.report.page import write
from tests import grids
from tests.report import samples

pytestmark = pytest.mark.ring(5)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
)  # fmt: skip
NO_HOST = "--host-resolver-rules=MAP * ~NOTFOUND"
SECONDS = 60


@pytest.fixture(scope="module")
def browser() -> str:
    """The first browser found."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("ring 5: would have proved that a browser shows the report; get it with apt-get install chromium")
    return found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the example estate."""
    return write(samples.example(), tmp_path_factory.mktemp("report")).as_uri()


def run(browser: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Start the browser with a profile of its own and wait for its end; it is killed when it hangs."""
    command = [browser, *QUIET, NO_HOST, f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=True)


def test_the_document_holds_every_part_and_the_console_is_silent(browser: str, address: str, tmp_path: Path) -> None:
    """Headings, tables and both pictures are in the document; no complaint about policy, markup or a blocked style."""
    made = run(browser, tmp_path, "--dump-dom", address)
    headings = [re.sub(r"<.*?>|\s+", " ", h).strip() for h in re.findall(r"<h2>(.*?)</h2>", made.stdout, re.DOTALL)]
    assert headings[:4] == ["What was built", "Does it hold?", "What does it cost?", "What was not proved?"]
    assert {"Picture", "Who may call what", "Controls", "Evidence", "Fixed cost", "Every resource"} <= set(headings)
    assert made.stdout.count("<table") >= 10
    assert made.stdout.count("<svg") == made.stdout.count("</svg>") == 2
    assert not [line for line in made.stderr.splitlines() if "CONSOLE" in line]


def test_a_style_that_the_policy_does_not_know_is_complained_about(browser: str, address: str, tmp_path: Path) -> None:
    """The test above would see a complaint, and the policy is in force."""
    source = Path(address.removeprefix("file://"))
    changed = tmp_path / "changed.html"
    changed.write_text(source.read_text(encoding="utf-8").replace("</style>", "b{}</style>"), encoding="utf-8")
    made = run(browser, tmp_path, "--dump-dom", changed.as_uri())
    assert [line for line in made.stderr.splitlines() if "CONSOLE" in line and "Content Security Policy" in line]


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a matrix of two teams."""
    graphs = [grids.team("claims", {"claims-lite": grids.LITE}), grids.team("search", {"search-lite": grids.LITE})]
    return tables.write(grid(grids.rows(graphs), graphs), tmp_path_factory.mktemp("matrix"))[-1]


def test_the_page_of_the_matrix_runs_its_filter_and_nothing_else(browser: str, matrix: Path, tmp_path: Path) -> None:
    """No complaint about the page as it is; a script that its policy does not know is complained about and not run."""
    made = run(browser, tmp_path, "--dump-dom", matrix.as_uri())
    assert not [line for line in made.stderr.splitlines() if "CONSOLE" in line]
    assert made.stdout.count('<th scope="row">') == 2
    changed = tmp_path / "changed.html"
    text = matrix.read_text(encoding="utf-8").replace("</body>", "<script>document.body.remove()</script></body>")
    changed.write_text(text, encoding="utf-8")
    made = run(browser, tmp_path, "--dump-dom", changed.as_uri())
    assert [line for line in made.stderr.splitlines() if "CONSOLE" in line and "Content Security Policy" in line]
    assert made.stdout.count('<th scope="row">') == 2


def test_the_filter_shows_the_teams_that_are_asked_for(browser: str, matrix: Path, tmp_path: Path) -> None:
    """Typing a part of a name hides every other line, and says how many are left."""
    typed = '<script>field.value = " SEAR"; field.dispatchEvent(new Event("input"))</script>'
    text = re.sub(r'<meta http-equiv="Content-Security-Policy".*?>', "", matrix.read_text(encoding="utf-8"))
    changed = tmp_path / "typed.html"
    changed.write_text(text.replace("</body>", f"{typed}</body>"), encoding="utf-8")
    made = run(browser, tmp_path, "--dump-dom", changed.as_uri())
    hidden = re.findall(r'<tr hidden="">(.*?)</tr>', made.stdout)
    assert len(hidden) == 1
    assert "claims-role" in hidden[0]
    assert ">1 of 2</span>" in made.stdout


@pytest.mark.parametrize("width", [1280, 500])
def test_it_paints(browser: str, address: str, tmp_path: Path, width: int) -> None:
    """Wide and narrow, the picture of the page is not one colour."""
    image = tmp_path / "page.png"
    run(browser, tmp_path, f"--window-size={width},1600", f"--screenshot={image}", address)
    across, pixels = painted(image.read_bytes())
    assert across == width
    assert len(pixels) > 100


def painted(image: bytes) -> tuple[int, set[bytes]]:
    """Width of a PNG, and the different groups of bytes in its packed lines: a blank page has a handful."""
    assert image.startswith(b"\x89PNG")
    (width,) = struct.unpack(">I", image[16:20])
    packed, at = b"", 8
    while at < len(image):
        size, kind = struct.unpack(">I4s", image[at : at + 8])
        packed += image[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    lines = zlib.decompress(packed)
    return width, {lines[i : i + 12] for i in range(0, len(lines), 12)}
