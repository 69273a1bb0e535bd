"""The place Live: the page draws what Python tells, and keeps it when Python goes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from keras_bias import layers
from keras_bias.callbacks import LiveView
from keras_bias_demo.live import Live

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RUN_AXE = """async () => {
  const {violations} = await axe.run();
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" ")}`);
}"""
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
ABOUT = {
    "backend": "jax",
    "epochs": 4,
    "biases": [
        {"path": "dense_5", "shape": [5], "size": 5, "trainable": True, "summary": False},
        {"path": "wide/deep", "shape": [300], "size": 300, "trainable": False, "summary": True},
    ],
}


@pytest.fixture
def live() -> Iterator[Live]:
    server = Live(0)
    yield server
    server.close()


def told(live: Live, run: Any, step: int, **logs: float | None) -> None:
    """One sample of a run, as LiveView tells it."""
    biases = [[step * unit for unit in range(5)], [-3, -1, 0, 1, 3, step / 9, *range(8)]]
    strange = {name: "NaN" for name, value in logs.items() if value is None}
    sample = {"epoch": step // 10, "time": step / 7, "logs": logs, "strange": strange}
    live.runs.add(run, "epoch", step, {**sample, "biases": biases, "strangers": [0, 0]})


def three_runs(live: Live) -> None:
    """One that goes on, one that has finished, one whose loss is no number."""
    for name in ("on", "done", "broken"):
        run = live.runs.begin(name, ABOUT)
        for step in range(0, 40, 10):
            told(live, run, step, loss=1 / (step + 1), accuracy=step / 40, val_loss=2 / (step + 1))
        if name == "done":
            live.runs.end(run, "finished")
        if name == "broken":
            told(live, run, 40, loss=None)
            live.runs.end(run, "stopped")


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("article", name=name, exact=True)


def test_the_page_draws_while_fit_runs(page: Page) -> None:
    view = LiveView(port=0, name="celsius")
    goes_on = threading.Event()

    class Waits(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            goes_on.wait(20)

    model = keras.Sequential([keras.Input((1,)), layers.Dense(2, name="out")])
    model.compile("sgd", "mse")
    x, y = np.ones((64, 1)), np.ones((64, 2))
    options: dict[str, Any] = {"batch_size": 8, "epochs": 3, "verbose": 0}
    training = threading.Thread(
        target=lambda: model.fit(x, y, callbacks=[view, Waits()], **options)
    )
    page.goto(view.url)
    expect(page.get_by_text("No training has begun yet")).to_be_visible()

    training.start()
    run = panel(page, "celsius")
    expect(run.locator(".run-facts")).to_contain_text("step 8 · epoch 1 of 3 · loss")
    expect(run.locator(".run-state")).to_have_text("running")
    goes_on.set()
    training.join()

    expect(run.locator(".run-facts")).to_contain_text("step 24 · epoch 3 of 3")
    expect(run.locator(".run-state")).to_have_text("finished")
    expect(page.get_by_role("link", name="Live")).to_have_attribute("aria-current", "page")
    run.get_by_text("View as table: Bias of out").click()
    row = run.get_by_role("region", name="Bias of out, as a table").get_by_role("row").last
    expect(row.get_by_role("rowheader")).to_have_text("24")
    last = float(row.get_by_role("cell").first.inner_text())
    # The page shows five digits.
    assert last == pytest.approx(float(model.layers[0].bias.numpy()[0]), rel=1e-4)
    view.close()


def test_runs_stand_side_by_side_and_go_back_together_by_key(page: Page, live: Live) -> None:
    three_runs(live)
    page.goto(live.url)
    expect(panel(page, "on").locator(".run-facts")).to_contain_text("step 30 · epoch 4 of 4")
    slider = page.get_by_role("slider", name="Step that is shown")

    slider.focus()
    slider.press("Home")

    for name in ("on", "done", "broken"):
        expect(panel(page, name).locator(".run-facts")).to_contain_text("step 0 · ")
    page.get_by_role("button", name="Newest").press("Enter")
    expect(panel(page, "done").locator(".run-facts")).to_contain_text("loss 0.032258")
    expect(panel(page, "broken").get_by_role("alert")).to_contain_text("loss became NaN by step 40")
    page.get_by_role("radio", name="accuracy").press("Space")
    expect(panel(page, "on").locator(".run-facts")).to_contain_text("accuracy 0.75")
    page.get_by_role("button", name="Remove done").press("Enter")
    expect(page.get_by_role("article")).to_have_count(2)


def test_a_connection_that_breaks_comes_back_behind_what_was_heard(
    page: Page, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = live.runs.begin("on", ABOUT)
    told(live, run, 10, loss=0.5)
    page.goto(live.url)
    expect(panel(page, "on").locator(".run-facts")).to_contain_text("step 10")

    def breaks(*_: Any) -> Any:
        raise OSError

    monkeypatch.setattr(live.runs, "after", breaks)
    told(live, run, 20, loss=0.25)
    expect(page.get_by_text("The connection to Python is lost.")).to_be_visible()
    expect(panel(page, "on").locator(".run-state")).to_have_text("connection lost")
    monkeypatch.undo()

    expect(panel(page, "on").locator(".run-state")).to_have_text("running")
    expect(panel(page, "on").locator(".run-facts")).to_contain_text("step 20")
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_program_that_starts_again_stands_beside_what_the_one_before_told(
    context: BrowserContext,
) -> None:
    page = context.new_page()  # whose console may tell that nobody listens for a while
    first = Live(0)
    run = first.runs.begin("celsius", ABOUT)
    told(first, run, 10, loss=0.5)
    first.runs.end(run, "finished")
    page.goto(first.url)
    expect(panel(page, "celsius").locator(".run-state")).to_have_text("finished")

    first.close()
    expect(page.get_by_text("Python has ended. What it told stays here")).to_be_visible()
    second = Live(first.port)
    told(second, second.runs.begin("kelvin", ABOUT), 20, loss=0.5)
    page.get_by_role("button", name="Listen now").click()

    expect(panel(page, "kelvin").locator(".run-facts")).to_contain_text("step 20")
    expect(panel(page, "celsius").locator(".run-facts")).to_contain_text("step 10")
    expect(page.get_by_text("Connected to Python.")).to_be_visible()
    second.close()


def test_names_are_texts_and_a_page_that_is_loaded_again_has_everything(
    page: Page, live: Live
) -> None:
    name = "<img src=x onerror=alert(1)>"
    about = {**ABOUT, "biases": [{**ABOUT["biases"][0], "path": name}], "untold": 3}  # type: ignore[index]
    run = live.runs.begin(name, about)
    told(live, run, 10, **{"loss": 0.5, name: 0.25})
    told(live, run, 20, **{"loss": 0.25, name: 0.25})
    live.runs.end(run, "finished")
    page.goto(live.url)
    expect(panel(page, name).locator(".run-state")).to_have_text("finished")

    page.reload()

    expect(panel(page, name).locator(".run-facts")).to_contain_text("step 20")
    expect(panel(page, name)).to_contain_text("3 further biases are not told.")
    expect(panel(page, name)).to_contain_text(f"Bias of {name}")
    expect(page.get_by_role("radio", name=name)).to_be_visible()
    expect(page.locator("img")).to_have_count(0)
    panel(page, name).get_by_text("View as table: Loss").click()
    steps = panel(page, name).get_by_role("rowheader")
    expect(steps).to_have_text(["10", "20"])


def test_a_page_that_nobody_tells_anything_says_how_to(page: Page, bare_address: str) -> None:
    page.goto(bare_address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Live")).to_have_count(0)

    page.goto(f"{bare_address}/#v=1&view=live")

    expect(page.get_by_text("from keras_bias.callbacks import LiveView")).to_be_visible()
    expect(page.locator(".connected")).to_have_count(0)


def faults(page: Page) -> Iterator[str]:
    """What axe finds, and what sticks out, in both themes, on a wide screen and a narrow one."""
    for scheme in SCHEMES:
        for width in (1280, 390):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            yield from page.evaluate(RUN_AXE)
            if (widest := page.evaluate("document.documentElement.scrollWidth")) != width:
                yield f"{widest} pixels at {width}, {scheme}"


def test_everybody_can_use_it_on_any_screen(page: Page, live: Live) -> None:
    page.goto(live.url)
    page.evaluate(AXE.read_text())
    expect(page.get_by_text("No training has begun yet")).to_be_visible()
    found = {"nothing told": list(faults(page))}
    three_runs(live)
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_text("View as table").first.click()
    found["three runs"] = list(faults(page))

    assert found == {"nothing told": [], "three runs": []}
