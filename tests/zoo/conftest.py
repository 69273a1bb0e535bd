"""The table that `make test-zoo` prints."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from parity.conftest import zeros_to_start_from as zeros_to_start_from

from keras_tfjs.verify import TfjsSession

COLUMNS = ("model", "parameters", "layers", "twins", "difference", "convert")


@dataclass(frozen=True)
class Line:
    """What is known of one model at the end of its test."""

    cells: tuple[str, ...]


LINES = pytest.StashKey[list[Line]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin an empty table."""
    config.stash[LINES] = []


@pytest.fixture
def add_line(pytestconfig: pytest.Config) -> Callable[..., None]:
    """Adds a line: a cell for each column."""
    return lambda *cells: pytestconfig.stash[LINES].append(Line(cells))


@pytest.fixture(scope="module")
def tfjs() -> Iterator[TfjsSession]:
    """One Node process, patient with a hundred layers in plain JavaScript."""
    with TfjsSession(timeout_seconds=1200) as session:
        yield session


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone after the test: the largest model has gigabytes of weights."""
    with tempfile.TemporaryDirectory(prefix="keras-tfjs-zoo-") as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table, columns aligned."""
    lines = terminalreporter.config.stash.get(LINES, [])
    if not lines:
        return
    cells = [COLUMNS, *(line.cells for line in lines)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(COLUMNS))]
    terminalreporter.section("zoo")
    for line in cells:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        terminalreporter.write_line("  ".join(padded).rstrip())
