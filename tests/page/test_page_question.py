"""The page of the question: its own code, run as it was asked, beside our variants."""

import re

from playwright.sync_api import Locator, Page, expect

from keras_bias_demo import serve


def shapes(surface: Locator) -> dict[str, str]:
    """Shapes by the kind of weight, as tfjs-vis shows them."""
    rows = surface.locator("tbody tr")
    expect(rows.first).to_be_visible()
    texts = [row.locator("td").all_inner_texts() for row in rows.all()]
    return {re.sub(r"_\d+$", "", name.split("/")[-1]): shape for name, shape, *_ in texts}


def test_the_question_as_it_was_asked_shows_vectors_of_five_and_two(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/question.html")

    assert shapes(page.locator("#as-asked-layer-0")) == {"kernel": "[1,5]", "bias": "[5]"}
    assert shapes(page.locator("#as-asked-layer-1")) == {"kernel": "[5,2]", "bias": "[2]"}


def test_the_code_on_the_page_is_the_code_that_ran(page: Page, address: str) -> None:
    page.goto(f"{address}/question.html")

    shown = page.get_by_role("region", name="The code of the question").inner_text()

    assert shown.strip() == (serve.page() / "as-asked.js").read_text().strip()
    assert "tf.layers.dense({ inputShape: [1], units: 5 })" in shown
    assert "model.getLayer(undefined, index)" in shown


def test_beside_it_stand_the_exported_variants(page: Page, address: str) -> None:
    page.goto(f"{address}/question.html")

    found = {
        kind: [shapes(page.locator(f"#{kind}-{layer}")) for layer in ("dense_5", "dense_2")]
        for kind in ("vector", "scalar", "fixed", "none")
    }

    assert found == {
        "vector": [{"kernel": "[1,5]", "bias": "[5]"}, {"kernel": "[5,2]", "bias": "[2]"}],
        "scalar": [{"kernel": "[1,5]", "bias": "[1]"}, {"kernel": "[5,2]", "bias": "[1]"}],
        "fixed": [{"kernel": "[1,5]", "bias": "[5]"}, {"kernel": "[5,2]", "bias": "[2]"}],
        "none": [{"kernel": "[1,5]"}, {"kernel": "[5,2]"}],
    }


def test_without_models_the_page_says_so(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/question.html")

    expect(page.get_by_text("No models are served with this page")).to_be_visible()
    assert shapes(page.locator("#as-asked-layer-0"))["bias"] == "[5]"


def test_it_opens_from_a_folder_too(page: Page) -> None:
    page.goto((serve.page() / "question.html").as_uri())

    assert shapes(page.locator("#as-asked-layer-1"))["bias"] == "[2]"
