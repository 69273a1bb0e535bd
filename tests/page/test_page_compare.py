"""The place Compare, in a real browser: two models, from wherever they come, beside each other."""

import re
from pathlib import Path

import numpy as np
from playwright.sync_api import FilePayload, Locator, Page, expect

MINUS = "\N{MINUS SIGN}"
BIN = "group1-shard1of1.bin"
COMPARE = "#v=1&view=compare"


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def payloads(files: dict[str, bytes]) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files.items()
    ]


def cells(page: Page, table: str) -> list[list[str]]:
    rows = page.get_by_role("region", name=table, exact=True).locator("tr").all()
    return [[text.strip() for text in row.locator("th, td").all_inner_texts()] for row in rows]


def verdict(page: Page, said: str) -> None:
    expect(page.get_by_role("heading", level=2, name=said, exact=True)).to_be_visible()


def test_the_first_two_that_are_served_stand_beside_each_other(page: Page, address: str) -> None:
    page.goto(f"{address}/{COMPARE}")

    verdict(page, "Different")
    rows = cells(page, "Layers")
    assert rows[2][0] == "dense_5"
    assert rows[2][4:] == ["10 → 6", "vector → scalar", "4"]
    card = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", level=4, name="dense_2")
    )
    rows = [row.inner_text().split() for row in card.locator("tbody tr").all()]
    assert rows == [["0", "1", "1", "0"], ["1", "2", "1", "−1"]]  # noqa: RUF001
    expect(page).to_have_url(f"{address}/{COMPARE}&a=vector&b=scalar")


def test_an_address_leads_to_the_very_same_pair(page: Page, address: str) -> None:
    page.goto(f"{address}/{COMPARE}&a=none&b=fixed")

    verdict(page, "Different")
    expect(page.get_by_role("heading", level=2, name="A No bias")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="B Fixed at 1")).to_be_visible()
    expect(page).to_have_url(f"{address}/{COMPARE}&a=none&b=fixed")


def test_the_same_model_twice_is_identical(page: Page, address: str) -> None:
    page.goto(f"{address}/{COMPARE}")
    verdict(page, "Different")

    page.get_by_label("Model B").select_option("One number per unit")

    verdict(page, "Identical")
    expect(page.get_by_text("all 22 numbers are equal")).to_be_visible()


def test_files_are_compared_with_the_model_that_is_open(
    page: Page, bare_address: str, models: dict[str, Path]
) -> None:
    page.goto(f"{bare_address}/#v=1&view=open")
    page.get_by_label("Choose files").set_input_files(payloads(files_of(models["vector"])))
    expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    expect(page.get_by_text("Choose a second model")).to_be_visible()
    numbers = np.frombuffer(files_of(models["vector"])[BIN], "<f4").copy()
    numbers[21] += 0.5  # the last bias of dense_2

    page.get_by_label("Files for B").set_input_files(
        payloads({**files_of(models["vector"]), BIN: numbers.tobytes()})
    )

    verdict(page, "Different")
    expect(
        page.get_by_text(
            "3 of 4 weights are equal; the largest difference of two numbers is 0.5, "
            "in dense_2/bias."
        )
    ).to_be_visible()
    page.get_by_role("button", name="Swap A and B").click()
    card = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", level=4, name="dense_2")
    )
    expect(card.locator("tbody tr").nth(1)).to_have_text("12.52−0.5")  # noqa: RUF001


def test_what_cannot_be_opened_says_why_and_changes_nothing(
    page: Page, address: str, models: dict[str, Path]
) -> None:
    page.goto(f"{address}/{COMPARE}")
    verdict(page, "Different")
    files = files_of(models["vector"])

    page.get_by_label("Files for B").set_input_files(payloads({"model.json": files["model.json"]}))

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("NO_WEIGHTS")
    expect(alert).to_be_focused()
    verdict(page, "Different")
    alert.get_by_role("button", name="Back to One number per layer").click()
    expect(alert).to_have_count(0)


def test_it_is_done_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/{COMPARE}")
    verdict(page, "Different")

    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == "Swap A and B":
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=2, name="A One number per layer")).to_be_visible()
    page.keyboard.press("Tab")  # to the list of models for B
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("heading", level=2, name="B One number per layer")).to_be_visible()
    verdict(page, "Identical")


def test_from_a_folder_there_is_one_to_begin_with(page: Page, models: dict[str, Path]) -> None:
    from keras_bias_demo import serve

    page.goto((serve.page() / "index.html").as_uri() + COMPARE)
    expect(page.get_by_text("Choose a second model")).to_be_visible()

    page.get_by_label("Folder for B").set_input_files(models["scalar"])

    verdict(page, "Different")


def asked(page: Page) -> Locator:
    page.get_by_role("button", name="Ask both the same").click()
    return page.get_by_role("region", name="Outputs for the same inputs")


def test_both_are_asked_the_same(page: Page, address: str) -> None:
    page.goto(f"{address}/{COMPARE}")
    verdict(page, "Different")

    said = asked(page)

    # The kernels are equal: what differs is (1, ..., 5) - 1 through the second, plus (1, 2) - 1.
    kernel = np.linspace(-1, 1, 10).reshape(5, 2)
    off = np.arange(5) @ kernel + np.arange(2)
    expect(said.locator(".asked-outputs li")).to_contain_text(
        f"Max |Δ| {abs(off).max():.5g}, mean |Δ| {abs(off).mean():.5g} over 100 samples. "
        "The largest number stands in the same place for 100 of 100."
    )
    said.get_by_role("button", name="New seed").click()
    expect(said.get_by_label("Seed")).to_have_value("2")
    said.get_by_role("radio", name="Typed").check()
    said.get_by_role("spinbutton", name="celsius").fill("3")
    apart = (3 * np.linspace(-1, 1, 5) + 1) @ kernel + 1
    rows = np.stack([np.arange(2), apart + off, apart, -off]).T  # B has 1 everywhere
    expect(said.locator("tbody tr")).to_have_text(
        ["".join(f"{value:.5g}" for value in row).replace("-", MINUS) for row in rows]
    )
    page.get_by_label("Model B").select_option("One number per unit")
    expect(asked(page)).to_contain_text("Equal to the last bit.")
    page.get_by_label("Model B").select_option("No bias")
    expect(page.get_by_role("button", name="Ask both the same")).to_be_visible()
    assert page.evaluate("tf.memory().numTensors") == 0


def test_what_cannot_be_asked_the_same_says_why(
    page: Page, address: str, models: dict[str, Path]
) -> None:
    page.goto(f"{address}/{COMPARE}")
    verdict(page, "Different")
    files = files_of(models["vector"])
    json = files["model.json"].decode()
    wide = json.replace('"batch_input_shape":[null,1]', '"batch_input_shape":[null,2]')
    wide = wide.replace('"shape":[1,5]', '"shape":[2,5]')
    more = np.concatenate([np.zeros(5, "<f4"), np.frombuffer(files[BIN], "<f4")]).tobytes()
    unknown = json.replace('"class_name":"Dense"', '"class_name":"Foo"', 1)
    into = page.get_by_label("Files for B")

    into.set_input_files(payloads({"model.json": wide.encode(), BIN: more}))
    expect(page.get_by_role("heading", level=2, name="B model.json")).to_be_visible()

    expect(asked(page).get_by_role("alert")).to_contain_text(
        "A takes [batch, 1], and B takes [batch, 2], so they cannot be asked the same."
    )
    into.set_input_files(payloads({"model.json": unknown.encode(), BIN: files[BIN]}))
    verdict(page, "Different")
    expect(asked(page).get_by_role("alert")).to_contain_text("UNKNOWN_LAYER")
    assert page.evaluate("tf.memory().numTensors") == 0


def test_the_open_model_is_compared_as_it_is_now(page: Page, address: str) -> None:
    page.goto(f"{address}/#v=1&view=open")
    page.get_by_role("button", name="Build and run this network").click()
    step = page.get_by_role("button", name="One step")
    step.click()
    expect(page.get_by_text("Trained here, not saved.")).to_be_visible()

    page.get_by_role("link", name="Compare").click()
    page.get_by_label("Model B").select_option("One number per unit")

    expect(page.get_by_text(re.compile("^[0-3] of 4 weights are equal"))).to_be_visible()
    expect(page.get_by_label("Model A").locator("option:checked")).to_have_text(
        "Open now: One number per unit"
    )
    before = cells(page, "Weights")
    page.get_by_role("link", name="Open a model").click()
    step.click()
    expect(page.get_by_text("Trained 2 steps.")).to_be_visible()
    page.get_by_role("link", name="Compare").click()
    verdict(page, "Different")
    assert cells(page, "Weights") != before
