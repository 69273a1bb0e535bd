"""Values of weights on the page: as tfjs-vis counts them, and drawn one by one or in bins."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

MINUS = "\N{MINUS SIGN}"
BIN = "group1-shard1of1.bin"

# `show.layer` as its users call it, layer by layer, and the cells of the tables that it draws.
SHOWN_BY_TFJS_VIS = """async (path) => {
  const model = await tf.loadLayersModel(path);
  const rows = [];
  for (const layer of model.layers.filter((each) => each.weights.length > 0)) {
    const surface = document.createElement("div");
    surface.className = "tfjs-vis";
    document.body.append(surface);
    await tfvis.show.layer(surface, layer);
    for (const row of surface.querySelectorAll("tbody tr"))
      rows.push([...row.querySelectorAll("td")].map(({textContent}) => textContent));
  }
  return rows;
}"""


def convolutional() -> Any:
    """Kernels of several ranks, many zeros, and moving averages."""
    import keras

    keras.utils.set_random_seed(5)
    normal = keras.initializers.RandomNormal(stddev=3.0)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            keras.layers.Conv2D(8, 3, name="conv", bias_initializer=normal),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.Activation("relu", name="relu"),
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(40, name="hidden", bias_initializer=normal, activation="relu"),
            keras.layers.Dense(3, name="last", kernel_initializer=normal),
        ]
    )
    hidden = model.get_layer("hidden").kernel
    hidden.assign(np.where(np.abs(hidden) < 0.02, 0, hidden))
    return model


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A network with many numbers, and the same with some that are none."""
    import keras_tfjs

    root = tmp_path_factory.mktemp("values")
    keras_tfjs.convert(convolutional(), root / "vector")
    shutil.copytree(root / "vector", root / "scalar")
    numbers = np.fromfile(root / "scalar" / BIN, "<f4")
    numbers[[3, 5, 7]] = np.nan, np.inf, -np.inf
    numbers[-2:] = np.nan
    numbers.tofile(root / "scalar" / BIN)
    return {"vector": root / "vector", "scalar": root / "scalar"}


def number(text: str) -> float:
    return float(text.replace(MINUS, "-").replace(",", ""))


@pytest.mark.parametrize("name", ["vector", "scalar"])
def test_columns_of_tfjs_vis_hold_what_tfjs_vis_shows(
    page: Page,
    serving: Callable[[dict[str, Path]], str],
    exports: dict[str, Path],
    name: str,
) -> None:
    address = serving({name: exports[name]})
    page.goto(f"{address}/question.html")
    expect(page.locator("#as-asked-layer-0 tbody tr").first).to_be_visible()
    theirs = page.evaluate(SHOWN_BY_TFJS_VIS, f"models/{name}/model.json")

    page.goto(f"{address}/#v=1&view=open")
    rows = page.get_by_role("region", name="Weights").locator("tbody tr")
    expect(rows.first).to_be_visible()
    ours = [row.locator("th, td").all_inner_texts()[:8] for row in rows.all()]

    # The question's own variants may have taken the names: a second load makes others of them.
    theirs = [[re.sub(r"_\d+$", "", row[0]), *row[1:]] for row in theirs]
    assert [row[0] for row in ours] == [row[0] for row in theirs]
    assert [row[1].replace(" ", "") for row in ours] == [row[1] for row in theirs]
    counted = [list(map(number, row[4:])) for row in ours]
    assert counted == [list(map(number, row[4:])) for row in theirs]
    assert sum(sum(row[2:]) for row in counted) == (5 if name == "scalar" else 0)
    finite = [row for row, counts in zip(ours, counted, strict=True) if sum(counts[2:]) == 0]
    their_finite = {row[0]: row for row in theirs}
    for row in finite:
        # tfjs-vis writes four digits behind the point, the page five in all.
        expected = [number(each) for each in their_finite[row[0]][2:4]]
        assert [number(each) for each in row[2:4]] == pytest.approx(expected, rel=5e-5, abs=5e-5)


def test_few_values_are_dots_and_many_are_bins(
    page: Page, serving: Callable[[dict[str, Path]], str], exports: dict[str, Path]
) -> None:
    page.goto(f"{serving({'vector': exports['vector']})}/#v=1&view=open")

    few = page.get_by_role("img", name="Strip plot of conv/bias: 8 values")
    expect(few.locator("circle")).to_have_count(8)
    many = page.get_by_role("img", name="Histogram of conv/kernel: 216 values")
    expect(many).to_be_visible()
    page.locator("summary", has_text=": conv/kernel").click()
    table = page.get_by_role("region", name="conv/kernel, as a table")
    counts = [number(text) for text in table.locator("tbody tr td:last-child").all_inner_texts()]
    assert sum(counts) == 216


def test_a_long_bias_is_drawn_unit_by_unit(
    page: Page, serving: Callable[[dict[str, Path]], str], exports: dict[str, Path]
) -> None:
    page.goto(f"{serving({'vector': exports['vector']})}/#v=1&view=open")

    card = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", level=4, name="hidden", exact=True)
    )
    expect(card.get_by_role("img")).to_have_attribute(
        "aria-label", re.compile("^hidden/bias: .+ to .+, mean ")
    )
    card.locator("summary").click()

    expect(card.locator("tbody tr")).to_have_count(40)
