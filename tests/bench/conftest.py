"""The table that `make bench` prints, and the models it measures."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

# Programs, run by themselves.
collect_ignore = ["live_view.py", "save_models.py", "training_steps.py"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ours: str
    theirs: str
    reached: str
    wanted: str


ROWS = pytest.StashKey[list[Row]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty table."""
    config.stash[ROWS] = []


@pytest.fixture
def add_row(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Adds a line: what, ours, theirs, reached, wanted."""
    return lambda *cells: pytestconfig.stash[ROWS].append(Row(*cells))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, columns aligned."""
    rows = terminalreporter.config.stash.get(ROWS, [])
    if not rows:
        return
    cells = [("what", "ours", "against", "reached", "to reach")]
    cells += [(row.what, row.ours, row.theirs, row.reached, row.wanted) for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    terminalreporter.section("benchmarks")
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        terminalreporter.write_line(line.rstrip())


@pytest.fixture(scope="session")
def official_converter() -> Path:
    """The official converter's command, in an environment of its own that is built on demand."""
    environment = ROOT / ".venv-official"
    subprocess.run(["make", "--silent", ".venv-official/.ready"], cwd=ROOT, check=True)
    return environment / "bin" / "tensorflowjs_converter"


@pytest.fixture(scope="session")
def our_converter() -> Path:
    """Our converter's command."""
    return Path(sys.executable).parent / "keras-tfjs"


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each model saved as `NAME.keras` and `NAME.h5`, random weights."""
    folder = tmp_path_factory.mktemp("models")
    program = Path(__file__).with_name("save_models.py")
    subprocess.run([sys.executable, program, folder], check=True, capture_output=True)
    return folder
