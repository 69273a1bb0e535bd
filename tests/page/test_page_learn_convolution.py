"""The place Learn, its third scene: counts for any sizes, and what a bias for a place can say."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

START = "#v=1&view=learn&scene=convolution"


def cells(page: Page, region: str, name: str) -> list[str]:
    row = (
        page.get_by_role("region", name=region)
        .get_by_role("row")
        .filter(has=page.get_by_role("rowheader", name=name))
    )
    return [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]


def test_the_counts_of_the_question(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")

    tied, untied = (cells(page, "Numbers of the layer", name) for name in ("tied one", "untied"))

    assert tied[:2] == ["(3·5·5 + 1)·32", "2,432"]
    assert untied[:2] == ["3·5·5·32 + 28·28·32", "27,488"]


def test_the_counts_follow_the_sizes(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")

    for label, value in (("input, pixels a side", "224"), ("filters", "64")):
        page.get_by_label(label).fill(value)
    page.get_by_role("radio", name="same").check()

    untied = cells(page, "Numbers of the layer", "untied")
    assert untied[:2] == ["3·5·5·64 + 224·224·64", "3,216,064"]
    assert untied[3] == "12.3 MiB"
    page.get_by_label("kernel, pixels a side").fill("")
    assert cells(page, "Numbers of the layer", "untied")[1] == "3,216,064"


def test_a_kernel_larger_than_the_picture_is_said(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}&side=4")

    expect(page.get_by_text("there is no output")).to_be_visible()


@pytest.mark.parametrize(
    ("task", "exact"),
    [
        ("subtract grey first", ["untied"]),
        ("prefer the middle", ["location", "untied"]),
        ("a level for each filter", ["tied", "untied"]),
    ],
)
def test_each_task_asks_for_its_own_kind(
    page: Page, bare_address: str, task: str, exact: list[str]
) -> None:
    page.goto(f"{bare_address}/{START}")

    page.get_by_role("radio", name=task).check()

    rows = page.get_by_role("region", name="The least error of each kind").locator("tbody tr")
    found = [row.locator("th").inner_text() for row in rows.all() if "exact" in row.inner_text()]
    assert found == exact


def test_an_untied_bias_fits_and_has_its_price(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    expect(page.get_by_text("At best it is off by")).to_contain_text("its answer moves along")

    page.get_by_role("radio", name="untied").check()

    expect(page.get_by_text("It fits, exactly.")).to_contain_text("answered otherwise")
    page.get_by_text("View as table: The two filters").click()
    table = page.get_by_role("region", name="The two filters, as a table")
    expect(table.get_by_role("row")).to_have_count(65)


def test_an_address_leads_to_the_very_same_picture(
    page: Page, context: BrowserContext, bare_address: str
) -> None:
    page.goto(f"{bare_address}/{START}")
    page.get_by_role("radio", name="location").check()
    page.get_by_role("radio", name="prefer the middle").check()
    page.get_by_label("cross, from the left", exact=True).fill("6")
    page.get_by_label("how much, typed").fill("0.333")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(400)
    link = page.evaluate("location.hash")
    before = page.locator("main").screenshot()

    second = context.new_page()
    second.goto(f"{bare_address}/{link}")
    expect(second.get_by_role("heading", level=1)).to_be_visible()

    assert link == f"{START}&task=centre&bias=location&strength=0.333&column=6"
    assert second.locator("main").screenshot() == before
