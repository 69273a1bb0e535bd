"""Prints what came of the variants: one aligned table, and as JSON."""

from collections.abc import Sequence
from typing import Any

from keras_bias_demo.variants import Outcome

HEADINGS = ("variant", "bias parameters", "trained", "loss (°²)", "error (°)", "Keras - tfjs (°)")


def table(outcomes: Sequence[Outcome]) -> str:
    """The outcomes in columns: names to the left, numbers to the right."""
    rows = [HEADINGS, *(_cells(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rule = tuple("-" * width for width in widths)
    return "\n".join(_line(row, widths) for row in (rows[0], rule, *rows[1:]))


def as_json(outcomes: Sequence[Outcome], backend: str) -> dict[str, Any]:
    """The same for machines; the page reads it as models.json."""
    return {
        "task": "°C -> (°F, K)",
        "backend": backend,
        "models": [outcome.as_json() for outcome in outcomes],
    }


def _cells(outcome: Outcome) -> tuple[str, ...]:
    trained = outcome.trained
    return (
        outcome.variant.name,
        str(trained.bias_parameters),
        str(trained.trained_bias_parameters),
        f"{trained.loss:.2g}" if trained.loss < 0.01 else f"{trained.loss:.2f}",
        f"{trained.error:.2f}",
        f"{outcome.difference:.1e}" + ("" if outcome.agrees else " DIFFERENT"),
    )


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
