"""Both pages for everybody: axe finds nothing, and nothing sticks out on any screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

ARTEFACTS = Path(__file__).parents[2] / "artefacts"
"""Pictures of every state, to be looked at."""
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"

# What tfjs-vis draws is its own.
RUN_AXE = """async () => {
  const {violations} = await axe.run({exclude: [[".tfjs-vis"]]});
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(" ")}`);
}"""

LEARN = {
    "answer": "scene=answer",
    "answer-vector": "scene=answer&bias=vector&bF=32&bK=273.15",
    "objections": "scene=answer&linear=1&net=vector&act=relu&softmax=1&classes=vector",
    "boundary": "scene=boundary",
    "boundary-trained": "scene=boundary&data=ring&steps=60&spread=1",
    "convolution": "scene=convolution&bias=untied",
    "elsewhere": "scene=elsewhere&penalty=0.5",
    "elsewhere-without": "scene=elsewhere&hasIntercept=0&hasBias=0&gates=scalar",
}
STATES = ("open", "life", "refused", "unknown", "bare", "question", "compare", *LEARN)
LONG = "a" * 60 + "/" + "b" * 60


def show(page: Page, state: str, address: str, bare_address: str, models: dict[str, Path]) -> None:
    """Bring the page into one of its states."""
    if state == "question":
        page.goto(f"{address}/question.html")
        expect(page.locator("#none-dense_2 tbody tr")).to_be_visible()
        return
    if state == "compare":
        page.goto(f"{address}/#v=1&view=compare")
        expect(page.get_by_role("heading", level=2, name="Different")).to_be_visible()
        page.get_by_role("button", name="Ask both the same").click()
        expect(page.get_by_role("heading", name="What comes out")).to_be_visible()
        return
    if state in LEARN:
        page.goto(f"{bare_address}/#v=1&view=learn&{LEARN[state]}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return
    page.goto(f"{bare_address if state == 'bare' else address}/#v=1&view=open")
    expect(page.get_by_role("heading", level=3, name="Weights")).to_be_visible()
    if state == "life":
        show_life(page)
    if state in ("refused", "unknown"):
        text = (models["vector"] / "model.json").read_text()
        if state == "unknown":
            text = text.replace('"Dense"', '"Foo"').replace("dense_5", LONG)
        files = {"model.json": text.encode()}
        if state == "unknown":
            files["group1-shard1of1.bin"] = (models["vector"] / "group1-shard1of1.bin").read_bytes()
        payloads: list[FilePayload] = [
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
            for name, content in files.items()
        ]
        page.get_by_label("Choose files").set_input_files(payloads)
        waited = "NO_WEIGHTS" if state == "refused" else "UNKNOWN_LAYER"
        expect(page.get_by_text(waited)).to_be_visible()


def show_life(page: Page) -> None:
    """Have the network built, trained at too high a rate, and its biases changed."""
    page.get_by_role("button", name="Build and run this network").click()
    page.get_by_role("radio", name="SGD").check()
    page.get_by_label("Learning rate").fill("1")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("The loss is not finite any more.")).to_be_visible()
    page.get_by_role("radio", name="CSV file").last.check()
    table: FilePayload = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2"}
    page.get_by_label("Choose a CSV file").set_input_files([table])
    expect(page.get_by_text("CSV_COLUMNS")).to_be_visible()
    page.get_by_role("radio", name="Edit").first.check()
    page.get_by_role("radio", name="Zero").last.check()
    expect(page.get_by_role("region", name="What changes", exact=True)).to_be_visible()


@pytest.mark.parametrize("state", STATES)
def test_nothing_bars_a_reader_or_is_wider_than_the_screen(
    page: Page, address: str, bare_address: str, models: dict[str, Path], state: str
) -> None:
    show(page, state, address, bare_address, models)
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = {}
    widest: dict[int, int] = {}

    for width in (390, 480, 640, 768, 831, 833, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        widest[width] = page.evaluate("document.documentElement.scrollWidth")
        for scheme in ("light", "dark") if width in (390, 1280, 1920) else ():
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=ARTEFACTS / f"{state}-{width}-{scheme}.png", full_page=True)
            found[f"{width} {scheme}"] = page.evaluate(RUN_AXE)

    assert found == {key: [] for key in found}
    assert widest == {width: width for width in widest}


def test_the_page_is_read_without_colour(browser: Browser, address: str) -> None:
    context = browser.new_context(forced_colors="active")
    page = context.new_page()

    page.goto(f"{address}/#v=1&view=open")

    expect(page.get_by_role("heading", level=3, name="Biases", exact=True)).to_be_visible()
    context.close()
