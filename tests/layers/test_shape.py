"""`bias_shape` means what the table says, which the browser's twins answer to as well."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from keras_bias.shape import NAMES, BiasShape, Resolved

Row = dict[str, Any]

TABLE: dict[str, list[Row]] = json.loads(
    (Path(__file__).parents[1] / "bias_shape.json").read_text()
)


def rows(kind: str) -> list[Any]:
    return [pytest.param(row, id=row["why"]) for row in TABLE[kind]]


def resolved(row: Row) -> Resolved:
    shape = BiasShape.of(row["bias_shape"])
    if "gates" in row:
        return shape.resolve_recurrent(row["gates"], row["units"], row["projections"])
    return shape.resolve(row["output_shape"], row["channel_axis"], row["groups"])


@pytest.mark.parametrize("row", rows("feed_forward") + rows("recurrent"))
def test_bias_shape_answers_to_its_row(row: Row) -> None:
    if "error" in row:
        with pytest.raises(ValueError) as raised:  # noqa: PT011 -- compared word for word below
            resolved(row)
        assert str(raised.value) == row["error"]
    else:
        assert resolved(row) == Resolved(tuple(row["stored"]), tuple(row["counts"]))


@pytest.mark.parametrize("kind", ["feed_forward", "recurrent"])
def test_the_table_has_no_row_twice(kind: str) -> None:
    asked = [
        json.dumps({k: v for k, v in row.items() if k not in {"why", "stored", "counts", "error"}})
        for row in TABLE[kind]
    ]

    assert len(set(asked)) == len(asked)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_knows_every_name_both_ways(name: str) -> None:
    uses = [row for kind in TABLE.values() for row in kind if row["bias_shape"] == name]

    assert {"error" in row for row in uses} >= ({False} if name == "scalar" else {False, True})


@pytest.mark.parametrize("row", rows("feed_forward") + rows("recurrent"))
def test_as_many_numbers_are_stored_as_are_told_apart(row: Row) -> None:
    if "error" in row:
        return

    stored, counts = 1, 1
    for size in row["stored"]:
        stored *= size
    for size in row["counts"]:
        counts *= size

    assert stored == counts


@pytest.mark.parametrize("value", [*NAMES, (1,), (None, 1, 3)])
def test_a_config_gives_the_shape_back(value: object) -> None:
    shape = BiasShape.of(value)

    config = json.loads(json.dumps(shape.as_config()))

    assert BiasShape.of(config) == shape


def test_lists_and_synonyms_are_stored_in_one_form() -> None:
    assert BiasShape.of([None, 1]).spec == (None, 1)
    assert BiasShape.of("tied").spec == "vector"


def test_a_bias_shape_cannot_be_changed() -> None:
    shape = BiasShape.of("scalar")

    with pytest.raises(dataclasses.FrozenInstanceError):
        shape.spec = "vector"  # type: ignore[misc]  # what is tested


def test_a_bias_shape_needs_neither_keras_nor_numpy() -> None:
    code = (
        "import sys, keras_bias, keras_bias.shape; "
        "print(sorted({'keras', 'numpy', 'tensorflow', 'jax', 'torch'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )

    assert done.stdout.strip() == "[]"


def test_numbers_may_be_numpy_s() -> None:
    given = BiasShape.of((np.int64(2), None))

    assert given == BiasShape.of((2, None))
    assert json.dumps(given.as_config()) == "[2, null]"
