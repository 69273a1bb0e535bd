"""An opened network is run, its biases are changed, and it is trained, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, FilePayload, Locator, Page, expect

MINUS = "\N{MINUS SIGN}"
TENSORS = "tf.memory().numTensors"


def two() -> Any:
    """Two inputs and two outputs, with a twin whose bias is one number."""
    import keras

    from keras_bias import layers

    left, right = keras.Input((3,), name="left"), keras.Input((2,), name="right")
    joined = keras.layers.Concatenate()(
        [
            keras.layers.Dense(4, activation="relu", name="a")(left),
            layers.Dense(4, bias_shape="scalar", activation="tanh", name="b")(right),
        ]
    )
    kind = layers.Dense(3, bias_shape="scalar", activation="softmax", name="kind")(joined)
    return keras.Model([left, right], [kind, keras.layers.Dense(1, name="size")(joined)])


def gru() -> Any:
    """Words of any number, looked up."""
    import keras

    from keras_bias import layers

    words = keras.Input((None,), dtype="int32", name="words")
    course = layers.GRU(4, bias_shape="gate", name="gru")(keras.layers.Embedding(20, 3)(words))
    return keras.Model(words, keras.layers.Dense(1, activation="sigmoid", name="yes")(course))


def conv() -> Any:
    """An image, with a bias for each place, and one before a normalisation."""
    import keras

    from keras_bias import layers

    image = keras.Input((6, 6, 1), name="image")
    x = layers.Conv2D(2, 3, bias_shape="untied", activation="relu", name="conv")(image)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(4, bias_shape="scalar", name="before")(x)
    x = keras.layers.LayerNormalization(name="normal")(x)
    return keras.Model(image, keras.layers.Dense(3, activation="softmax", name="class")(x))


MAKERS = {"two": two, "gru": gru, "conv": conv}
Built = dict[str, tuple[Any, Path]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Models with biases that are not 0, and their exports."""
    import keras

    import keras_tfjs

    root = tmp_path_factory.mktemp("life")
    made: Built = {}
    for name, make in MAKERS.items():
        keras.utils.set_random_seed(1)
        model = make()
        for weight in model.weights:
            if weight.path.endswith("bias"):
                values = np.linspace(-0.5, 0.75, int(np.prod(weight.shape)))
                weight.assign(values.reshape(weight.shape))
        keras_tfjs.convert(model, root / name)
        made[name] = model, root / name
    return made


def files(folder: Path) -> list[FilePayload]:
    return [
        {"name": path.name, "mimeType": "application/octet-stream", "buffer": path.read_bytes()}
        for path in sorted(folder.iterdir())
    ]


def csv(rows: Any, head: str = "") -> FilePayload:
    lines = [",".join(repr(float(value)) for value in row) for row in rows]
    text = "\n".join([head, *lines] if head else lines)
    return {"name": "rows.csv", "mimeType": "text/csv", "buffer": text.encode()}


def build(page: Page, address: str, folder: Path | None) -> None:
    """Open the model and have it built."""
    page.goto(f"{address}/#v=1&view=open")
    if folder:
        page.get_by_label("Choose files").set_input_files(files(folder))
        expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()
    page.get_by_role("button", name="Build and run this network").click()
    expect(page.get_by_role("heading", name="What goes in")).to_be_visible()


def part(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title, exact=True)


def feed(page: Page, rows: Any, head: str = "") -> None:
    run = part(page, "What goes in")
    run.get_by_role("radio", name="CSV file").check()
    run.get_by_label("Choose a CSV file").set_input_files([csv(rows, head)])


def numbers(table: Locator) -> Any:
    """The body of a table of numbers, the first column left out."""
    return np.array(
        [
            [float(cell.replace(MINUS, "-")) for cell in row.locator("td").all_inner_texts()]
            for row in table.locator("tbody tr").all()
        ]
    )


def outputs(page: Page) -> Any:
    run = part(page, "What goes in")
    table = run.get_by_role("region", name="What comes out, as a table")
    if not table.is_visible():
        run.get_by_text("View as table").click()
    expect(table).to_be_visible()
    return numbers(table)


def soon_near(page: Page, found: Callable[[], Any], wanted: Any) -> None:
    """What is shown follows in a frame or two, rounded to five digits."""
    for _ in range(40):
        now = found()
        if now.shape == wanted.shape and np.allclose(now, wanted, atol=1e-4):
            return
        page.wait_for_timeout(50)
    np.testing.assert_allclose(found(), wanted, atol=1e-4)


SAMPLES: dict[str, Any] = {
    "two": np.random.default_rng(1).normal(size=(5, 5)).astype("float32"),
    "gru": np.random.default_rng(1).integers(0, 20, size=(4, 8)),
    "conv": np.random.default_rng(1).normal(size=(3, 36)).astype("float32"),
}


def fed(name: str) -> Any:
    rows = SAMPLES[name]
    if name == "two":
        return [rows[:, :3], rows[:, 3:]]
    return rows.reshape(-1, 6, 6, 1) if name == "conv" else rows


@pytest.mark.parametrize("name", MAKERS)
def test_it_computes_what_keras_computes(
    page: Page, bare_address: str, built: Built, name: str
) -> None:
    model, folder = built[name]
    wanted = model.predict(fed(name), verbose=0)
    build(page, bare_address, folder)

    feed(page, SAMPLES[name])
    expect(page.get_by_text(f"rows.csv: {len(SAMPLES[name])} rows")).to_be_visible()

    joined = np.concatenate(wanted, axis=1) if isinstance(wanted, list) else wanted
    soon_near(page, lambda: outputs(page), joined)


def test_typed_numbers_are_fed_at_once(page: Page, bare_address: str, built: Built) -> None:
    model, folder = built["two"]
    build(page, bare_address, folder)

    for at, value in enumerate([0.5, -1, 2]):
        page.get_by_label(f"left, number {at}").fill(str(value))
    for at, value in enumerate([1, 0]):
        page.get_by_label(f"right, number {at}").fill(str(value))

    inputs = [np.array([[0.5, -1, 2]], "float32"), np.array([[1, 0]], "float32")]
    wanted = np.concatenate(model.predict(inputs, verbose=0), axis=1)
    soon_near(page, lambda: outputs(page), wanted)


def test_the_length_that_is_left_open_is_asked_for(
    page: Page, bare_address: str, built: Built
) -> None:
    build(page, bare_address, built["gru"][1])

    expect(page.get_by_text("whole numbers from 0 to 19")).to_be_visible()
    page.get_by_label("Length of words").fill("3")

    expect(page.get_by_label(re.compile("^words, number"))).to_have_count(3)
    expect(part(page, "What goes in").locator(".values .value")).to_have_count(1)


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([[1, 2, 3]], "CSV_COLUMNS", "3 columns are there for the inputs, and a sample has 5"),
        ([[1, 2, 3, 4, np.nan]], "CSV_NUMBER", "'nan' is not a finite number."),
    ],
)
def test_a_table_that_does_not_fit_is_refused_by_name(
    page: Page, bare_address: str, built: Built, rows: Any, code: str, said: str
) -> None:
    build(page, bare_address, built["two"][1])

    feed(page, rows)

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(code)
    expect(alert).to_contain_text(said)


def test_a_table_can_be_dropped(page: Page, bare_address: str, built: Built) -> None:
    build(page, bare_address, built["two"][1])
    dropped = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["1,2,3,4,5\\n1,2,3,4,6"], "rows.csv"));
          return transfer;
        }"""
    )

    part(page, "What goes in").dispatch_event("drop", {"dataTransfer": dropped})

    expect(page.get_by_text("rows.csv: 2 rows, 5 columns.")).to_be_visible()


def choose(page: Page, bias: str, mode: str) -> None:
    row = part(page, "What if a bias were another?").get_by_role("listitem")
    row.filter(has=page.get_by_text(bias, exact=True)).get_by_role("radio", name=mode).check()


def test_biases_are_changed_on_trial(page: Page, bare_address: str, built: Built) -> None:
    model, folder = built["two"]
    build(page, bare_address, folder)
    feed(page, SAMPLES["two"])
    before = np.concatenate(model.predict(fed("two"), verbose=0), axis=1)
    bias = model.get_layer("a").bias
    own = bias.numpy()
    bias.assign(np.zeros_like(own))
    after = np.concatenate(model.predict(fed("two"), verbose=0), axis=1)
    bias.assign(own)

    choose(page, "a/bias", "Zero")

    table = page.get_by_role("region", name="What changes", exact=True)
    expect(table).to_be_visible()
    apart = np.abs(after - before)
    wanted = np.array([[each.max(), each.mean()] for each in (apart[:, :3], apart[:, 3:])])
    np.testing.assert_allclose(numbers(table), wanted, rtol=1e-3)
    page.get_by_role("button", name="Keep these biases").click()
    expect(page.get_by_text("Changed here, not saved. 1 weight differs")).to_be_visible()
    soon_near(page, lambda: outputs(page), after)
    page.get_by_role("button", name="Back to the weights of the files").click()
    expect(page.get_by_text("not saved")).to_have_count(0)
    soon_near(page, lambda: outputs(page), before)


@pytest.mark.parametrize(
    ("name", "bias", "why"),
    [
        ("two", "kind/bias", "a softmax takes out"),
        ("conv", "before/bias", "it stands before a normalisation"),
    ],
)
def test_what_cannot_be_seen_is_said(
    page: Page, bare_address: str, built: Built, name: str, bias: str, why: str
) -> None:
    build(page, bare_address, built[name][1])

    choose(page, bias, "Zero" if name == "conv" else "Edit")
    if name == "two":
        page.get_by_label("kind/bias, number 0").fill("7")

    said = page.get_by_text("This changes nothing here.").locator("..")
    expect(said).to_contain_text(why)


def test_the_biases_that_matter_stand_first(page: Page, bare_address: str, built: Built) -> None:
    build(page, bare_address, built["conv"][1])

    rows = page.get_by_role("region", name="Which biases matter").locator("tbody tr")

    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("before/bias")
    expect(rows.last).to_contain_text("Changes nothing here: it is that number already.")
    found = [float(row.locator("td").nth(1).inner_text()) for row in rows.all()]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0


def train(page: Page) -> Locator:
    return part(page, "Train it")


def loss(page: Page) -> float:
    text = train(page).get_by_text(re.compile("at step [0-9,]+, before that")).inner_text()
    return float(text.split(" ")[0].replace(MINUS, "-"))


@pytest.mark.parametrize("name", MAKERS)
def test_it_trains_and_goes_back(page: Page, bare_address: str, built: Built, name: str) -> None:
    build(page, bare_address, built[name][1])
    held = page.evaluate(TENSORS)
    start = page.get_by_role("region", name="Weights").inner_text()

    train(page).get_by_role("button", name="One step").click()
    first = loss(page)
    train(page).get_by_role("button", name="Train", exact=True).click()
    expect(train(page).get_by_role("status")).to_have_text("Training.")
    page.wait_for_timeout(800)
    train(page).get_by_role("button", name="Pause").click()

    expect(train(page).get_by_role("status")).to_have_text(re.compile("^Trained [0-9,]+ steps"))
    assert loss(page) != first
    expect(page.get_by_text("Trained here, not saved.")).to_be_visible()
    assert page.get_by_role("region", name="Weights").inner_text() != start
    assert page.evaluate(TENSORS) == held
    train(page).get_by_role("button", name="Reset").click()
    expect(page.get_by_text("not saved")).to_have_count(0)
    assert page.get_by_role("region", name="Weights").inner_text() == start


def test_it_trains_on_a_table(page: Page, bare_address: str, built: Built) -> None:
    build(page, bare_address, built["two"][1])
    rng = np.random.default_rng(2)
    rows = [[*rng.normal(size=5), rng.integers(0, 3), rng.normal()] for _ in range(20)]

    train(page).get_by_role("radio", name="CSV file").check()
    train(page).get_by_label("Choose a CSV file").set_input_files(
        [csv(rows, "l0,l1,l2,r0,r1,class,length")]
    )

    expect(train(page).get_by_label("class", exact=True)).to_be_checked()
    train(page).get_by_label("length").uncheck()
    expect(train(page).get_by_role("alert")).to_contain_text("CSV_COLUMNS")
    train(page).get_by_label("length").check()
    train(page).get_by_role("button", name="One step").click()
    expect(train(page).get_by_role("status")).to_have_text("Trained 1 step.")


def test_a_rate_that_is_too_high_is_stopped_and_a_lower_one_offered(
    page: Page, bare_address: str
) -> None:
    build(page, bare_address, None)  # °C to °F and K
    train(page).get_by_role("radio", name="SGD").check()
    train(page).get_by_label("Learning rate").fill("1")

    train(page).get_by_role("button", name="Train", exact=True).click()

    alert = train(page).get_by_role("alert")
    expect(alert).to_contain_text("The loss is not finite any more.")
    expect(page.get_by_role("list", name="To know")).not_to_contain_text("NON_FINITE")
    alert.get_by_role("button", name="Take 0.1 instead").click()
    expect(train(page).get_by_label("Learning rate")).to_have_value("0.1")


def test_a_frozen_bias_stays_and_the_others_can_be_followed(page: Page, bare_address: str) -> None:
    build(page, bare_address, None)
    page.get_by_label("Freeze").nth(1).check()  # dense_2/bias
    for _ in range(3):
        train(page).get_by_role("button", name="One step").click()

    train(page).get_by_label("Bias", exact=True).select_option("dense_2/bias")
    expect(train(page).get_by_text("Step 3: 17, 266.15")).to_be_visible()
    train(page).get_by_label("Bias", exact=True).select_option("dense_5/bias")
    train(page).get_by_label("Step that is shown, typed").fill("0")
    expect(train(page).get_by_text(f"Step 0: 10, 5, 1, {MINUS}5, {MINUS}10")).to_be_visible()


def test_training_waits_while_the_tab_is_hidden(page: Page, bare_address: str) -> None:
    build(page, bare_address, None)
    train(page).get_by_role("button", name="Train", exact=True).click()
    hide = """(isHidden) => {
      Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }"""

    page.evaluate(hide, True)
    page.wait_for_timeout(200)
    before = train(page).locator(".course-values").inner_text()
    page.wait_for_timeout(300)

    assert train(page).locator(".course-values").inner_text() == before
    page.evaluate(hide, False)
    expect(train(page).locator(".course-values")).not_to_have_text(before)


def test_another_model_takes_the_place_and_the_memory_of_the_first(
    page: Page, bare_address: str, built: Built
) -> None:
    build(page, bare_address, built["conv"][1])
    page.get_by_label("Choose files").set_input_files(files(built["gru"][1]))

    expect(page.get_by_label("Length of words")).to_be_visible()

    gru = built["gru"][0]
    assert page.evaluate(TENSORS) == len(gru.weights)


def test_a_network_with_an_unknown_layer_is_looked_at_only(
    page: Page, bare_address: str, built: Built
) -> None:
    page.goto(f"{bare_address}/#v=1&view=open")
    changed = [
        {**file, "buffer": file["buffer"].replace(b'"GlobalAveragePooling2D"', b'"Foo"')}
        for file in files(built["conv"][1])
    ]

    page.get_by_label("Choose files").set_input_files(changed)  # type: ignore[arg-type]  # of **

    expect(
        page.get_by_text("Inspect only: layer Foo is unknown to this page.", exact=True)
    ).to_be_visible()
    expect(page.get_by_role("region", name="Weights")).to_be_visible()
    expect(page.get_by_role("button", name="Build and run this network")).to_have_count(0)


def test_all_of_it_goes_by_keyboard(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/#v=1&view=open")
    start = page.get_by_role("button", name="Build and run this network")
    start.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#life-title")).to_be_focused()
    reached: list[str] = []

    for _ in range(17):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(({labels, ariaLabel, textContent, type}) => `${type ?? ''}: ${"
                "ariaLabel ?? labels?.[0]?.textContent ?? textContent}`)(document.activeElement)"
            )
        )
        if reached[-1] == "radio: As is" and reached.count("radio: As is") == 1:
            page.keyboard.press("ArrowRight")  # the mean
    assert [each[:24] for each in reached] == [
        "radio: Typed",
        "number: celsius",
        ": View as table: What co",
        "radio: As is",
        "checkbox: Freeze",
        "radio: As is",
        "checkbox: Freeze",
        ": What changes",
        "button: Keep these biase",
        "button: All as they were",
        ": BiasIts meanMax |diffe",  # the table scrolls by arrow keys
        "radio: °C to °F and K",
        "select-one: Loss",
        "radio: Adam",
        "number: Learning rate",
        "button: Train",
        "button: One step",
    ]


def test_it_works_from_a_folder(page: Page, context: BrowserContext) -> None:
    from keras_bias_demo import serve

    page.goto((serve.page() / "index.html").as_uri() + "#v=1&view=open")

    page.get_by_role("button", name="Build and run this network").click()

    expect(part(page, "What goes in").locator(".values .value")).to_have_count(2)
