"""The place Learn, its fourth scene: regressions, one step, gates and memory."""

import re

from playwright.sync_api import BrowserContext, Locator, Page, expect

START = "#v=1&view=learn&scene=elsewhere"
MINUS = "\N{MINUS SIGN}"


def lab(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def fact(within: Locator, name: str) -> Locator:
    """The number above a name."""
    return within.locator(".facts > div", has=within.page.locator("dt", has_text=name)).locator(
        "dd"
    )


def test_without_an_intercept_the_line_is_too_steep(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    rents = lab(page, "In linear regression")

    rents.get_by_role("button", name="Fit the line").click()
    expect(fact(rents, "error")).to_have_text("49.75")
    expect(rents.get_by_label("bias: the intercept, typed")).to_have_value("377")
    rents.get_by_role("radio", name="without").check()
    rents.get_by_role("button", name="Fit the line").click()

    expect(fact(rents, "error")).to_have_text("144.52")
    expect(rents.get_by_text("It is too steep")).to_be_visible()
    expect(rents.get_by_label("bias: the intercept", exact=True)).to_have_count(0)


def test_the_student_who_studies_and_sleeps(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    passes = lab(page, "In logistic regression")

    passes.get_by_role("button", name="Fit the rule").click()

    expect(fact(passes, "told right")).to_have_text("85 %")
    expect(passes.locator(".arithmetic")).to_contain_text("0.54 · 4.0 + 0.53 · 7.0")
    passes.get_by_label("the student studies, typed").fill("0")
    passes.get_by_label("and sleeps, typed").fill("0")
    expect(passes.locator(".arithmetic strong")).to_have_text("0.004")
    expect(passes.get_by_text("p = 0.004, which is the bias alone")).to_be_visible()
    passes.get_by_role("radio", name="without").check()
    passes.get_by_role("button", name="Fit the rule").click()
    expect(passes.get_by_text(f"a weight of {MINUS}0.10: that it harms")).to_be_visible()
    expect(fact(passes, "told right")).to_have_text("68 %")


def test_a_step_of_training_with_its_numbers(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    training = lab(page, "In one step of training")
    results = training.locator(".steps strong")
    expect(results).to_have_text(["1", "16", f"{MINUS}16", f"{MINUS}8", "1.3", "0.4"])

    training.get_by_role("button", name="Take the step").click()

    expect(training.get_by_label("weight w")).to_have_value("1.3")
    expect(training.get_by_label("bias b")).to_have_value("0.4")
    expect(results.nth(1)).to_have_text("4")
    training.get_by_label("penalty λ, on w², typed").fill("0.5")
    training.get_by_role("checkbox", name="on b², too").check()
    expect(results.nth(1)).to_have_text("4.925")


def test_a_rate_that_is_too_high_is_said_and_stops_before_it_blows_up(
    page: Page, bare_address: str
) -> None:
    page.goto(f"{bare_address}/{START}&rate=1")
    training = lab(page, "In one step of training")
    expect(training.get_by_text("the rate is too high")).to_be_visible()

    for _ in range(4):
        if training.get_by_role("button", name="Take the step").is_enabled():
            training.get_by_role("button", name="Take the step").click()

    expect(training.get_by_role("button", name="Take the step")).to_be_disabled()
    expect(training.get_by_text("The next step would lead beyond 1,000")).to_be_visible()
    training.get_by_role("button", name="Begin again").click()
    expect(training.get_by_label("weight w")).to_have_value("0.5")


def test_gates_hold_a_signal_with_a_number_each(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    gates = lab(page, "In a recurrent cell")

    gates.get_by_role("button", name="As Keras begins").click()
    expect(fact(gates, "half is gone")).to_have_text("2.2")
    gates.get_by_role("button", name="Hold the signal").click()
    expect(gates.get_by_text("the signal stays, and noise stays out")).to_be_visible()
    gates.get_by_role("radio", name="one number").check()

    expect(gates.get_by_role("slider")).to_have_count(1)
    expect(gates.get_by_text("One number opens all or shuts all")).to_be_visible()


def test_a_million_biases_fixed_at_1(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{START}")
    bill = lab(page, "What does it save")

    expect(bill.get_by_role("row", name="one per unit, fixed at 1")).to_contain_text("3.81 MiB")
    expect(bill.get_by_role("row", name="one per unit, trained")).to_contain_text("15.3 MiB")
    expect(bill.get_by_role("status")).to_contain_text("save 11.4 MiB")
    bill.get_by_label("inputs of each unit").fill("1")
    expect(bill.get_by_role("row", name="none")).to_contain_text("50.00 %")
    bill.get_by_role("link", name="a single layer they cannot").click()
    expect(page.get_by_text("193.684°").first).to_be_visible()


def test_an_address_leads_to_the_very_same_picture(
    page: Page, context: BrowserContext, bare_address: str
) -> None:
    page.goto(f"{bare_address}/{START}")
    for name in ("Fit the line", "Fit the rule", "Take the step", "Hold the signal"):
        page.get_by_role("button", name=name).click()
    page.get_by_label("inputs of each unit").fill("7")
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    link = page.evaluate("location.hash")
    before = page.locator("main").screenshot()

    second = context.new_page()
    second.goto(f"{bare_address}/{link}")
    expect(second.get_by_role("heading", level=1)).to_be_visible()

    assert second.locator("main").screenshot() == before


def test_the_scenes_are_walked_by_their_links(page: Page, bare_address: str) -> None:
    page.goto(bare_address)
    titles = []

    for _ in range(3):
        titles.append(page.get_by_role("heading", level=1).inner_text())
        page.get_by_role("link", name=re.compile("^Next: ")).click()
    titles.append(page.get_by_role("heading", level=1).inner_text())

    assert len(set(titles)) == 4
    current = page.get_by_role("navigation", name="Scenes").locator("[aria-current]")
    expect(current).to_have_text("Everywhere else")
    page.go_back()
    expect(current).to_have_text("Convolution")
