"""Every layer of the installed Keras has a row, and goes the way that its row says."""

from pathlib import Path

import keras
import pytest
from click.testing import CliRunner
from layers_as_ir import translation_of
from one_of_each import ONE_OF_EACH

from keras_tfjs.cli import main
from keras_tfjs.layer_table import BASES, as_markdown, rows
from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.lone_cells import CELLS
from keras_tfjs.translate.refused import REFUSED
from keras_tfjs.translate.registry import LAYERS

README = Path(__file__).parents[2] / "export" / "README.md"
START, END = "<!-- layers -->\n", "<!-- end of layers -->"


def test_every_class_of_keras_layers_has_a_row_under_each_of_its_names() -> None:
    public = {name for name in dir(keras.layers) if isinstance(getattr(keras.layers, name), type)}
    listed = [name for row in rows() for name in (row.name, *row.aliases)]

    assert sorted(listed) == sorted(public)


def test_aliases_are_the_same_class() -> None:
    for row in rows():
        assert {getattr(keras.layers, name) for name in row.aliases} <= {
            getattr(keras.layers, row.name)
        }


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_a_layer_goes_the_way_of_its_row(row: object) -> None:
    name, road = row.name, row.road  # type: ignore[attr-defined]
    if road == "refused":
        assert name in BASES or name in REFUSED
        assert name not in LAYERS
    elif name in ONE_OF_EACH:
        build, shapes = ONE_OF_EACH[name]
        _, translation = translation_of(build(), *shapes)
        assert bool(translation.twins) == (road == "twin")
    else:
        assert name in IDENTICAL or name in ("InputLayer", "Pipeline", *CELLS)


def test_export_readme_holds_the_table() -> None:
    text = README.read_text()
    before, rest = text.split(START)
    written, after = rest.split(END)
    table = f"\n{as_markdown()}\n\n"
    if written != table:
        README.write_text(before + START + table + END + after)

    assert written == table, "It does now: commit export/README.md."


def test_the_command_prints_the_table() -> None:
    printed = CliRunner().invoke(main, ["layers"])

    assert printed.exit_code == 0
    assert len(printed.output.splitlines()) == len(rows())
    assert "Lambda" in printed.output
