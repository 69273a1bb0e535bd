"""The place Open, in a real browser: what it shows of a model, and what it does with bad files."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

NOTHING = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
BIN = "group1-shard1of1.bin"
OPEN = "#v=1&view=open"
Files = dict[str, bytes]


def payloads(files: Files) -> list[FilePayload]:
    return [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files.items()
    ]


def files_of(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def edited(folder: Path, old: str, new: str) -> Files:
    """The model with one thing changed in model.json."""
    files = files_of(folder)
    text = files["model.json"].decode()
    assert old in text
    return {**files, "model.json": text.replace(old, new).encode()}


def pick(page: Page, files: Files) -> None:
    page.get_by_label("Choose files").set_input_files(payloads(files))


def cells(page: Page, table: str) -> list[list[str]]:
    """All of a table, its head first, as one reads it."""
    rows = page.get_by_role("region", name=table).locator("tr")
    expect(rows.first).to_be_visible()
    return [
        [cell.strip() for cell in row.locator("th, td").all_inner_texts()] for row in rows.all()
    ]


def test_the_first_served_model_is_open_at_once(page: Page, address: str) -> None:
    page.goto(f"{address}/{OPEN}")

    expect(page.get_by_role("heading", level=2, name="One number per unit")).to_be_visible()
    assert cells(page, "Layers") == [
        ["Layer", "Class", "Output shape", "Parameters", "Bias", "Trainable"],
        ["celsius", "InputLayer", "[batch, 1]", "0", NOTHING, NOTHING],
        ["dense_5", "Dense", "[batch, 5]", "10", "vector", "yes"],
        ["dense_2", "Dense", "[batch, 2]", "12", "vector", "yes"],
    ]
    assert page.evaluate("performance.getEntriesByName('keras-bias:ready').length") == 1


def test_weights_stand_under_the_names_of_tfjs_vis_and_the_manifest(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/{OPEN}")

    head, kernel, bias, *_ = cells(page, "Weights")

    assert head[:8] == [
        "Weight Name",
        "Shape",
        "Min",
        "Max",
        "# Params",
        "# Zeros",
        "# NaNs",
        "# Infinity",
    ]
    assert head[8:] == ["Mean", "Std", "Dtype", "Trainable", "Bias"]
    assert kernel[:8] == ["dense_5/kernel", "[1, 5]", f"{MINUS}1", "1", "5", "1", "0", "0"]
    assert bias[:5] == ["dense_5/bias", "[5]", "1", "5", "5"]
    assert bias[8:] == ["3", "1.4142", "float32", "yes", "vector"]


@pytest.mark.parametrize(
    ("title", "shape", "said", "kind"),
    [
        ("One number per unit", "[2]", "[2], 2 numbers, trained", "vector"),
        ("One number per layer", "[1]", "[1], one number, trained", "scalar"),
        ("Fixed at 1", "[2]", "[2], 2 numbers, fixed", "vector"),
        ("No bias", None, "No bias: the layer adds nothing.", "absent"),
    ],
)
def test_each_kind_of_bias_is_told_from_the_others(
    page: Page, address: str, title: str, shape: str | None, said: str, kind: str
) -> None:
    page.goto(f"{address}/{OPEN}")

    page.get_by_role("button", name=re.compile(f"^{title}")).click()

    expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
    card = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", level=4, name="dense_2", exact=True)
    )
    expect(card).to_contain_text(said)
    expect(card).to_contain_text(kind)
    shapes = {row[0]: row[1] for row in cells(page, "Weights")}
    assert shapes.get("dense_2/bias") == shape


def test_short_biases_are_shown_as_numbers(page: Page, address: str) -> None:
    page.goto(f"{address}/{OPEN}")

    card = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", level=4, name="dense_5")
    )

    expect(card.locator(".value")).to_have_text(["1", "2", "3", "4", "5"])


def test_everything_can_be_done_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/{OPEN}")
    expect(page.get_by_role("heading", level=2, name="One number per unit")).to_be_visible()
    reached: list[str] = []

    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate(
            "(({labels, ariaLabel, textContent}) => labels?.[0]?.textContent || textContent)"
            "(document.activeElement)"
        )
        reached.append(re.sub(r"\s+", " ", focus)[:28].strip())
        if reached[-1].startswith("One number per layer"):
            page.keyboard.press("Enter")
            expect(
                page.get_by_role("heading", level=2, name="One number per layer")
            ).to_be_visible()

    order = [
        "Skip to the content",
        "keras-bias",
        "Learn",
        "Open a model",
        "Compare",
        "The question",
        "Dark theme",
        "One number per unit",
        "One number per layer",
        "Fixed at 1",
        "No bias",
        "Choose files",
        "Choose a folder",
        "View as table: The one map",
        "Build and run this network",
        "LayerClass",  # the table scrolls by arrow keys
        "Weight Name",
        *["View as table: dense_"] * 4,
        "All as a zip",
        "model.json",
        "group1-shard1of1.bin",
        "JSON",
        "CSV",
        "TensorFlow.js",
        "Copy",
        "<script",
    ]
    assert [
        each for each, start in zip(reached, order, strict=False) if each.startswith(start)
    ] == (reached[: len(order)])


def test_without_models_an_example_is_open(page: Page, bare_address: str) -> None:
    page.goto(f"{bare_address}/{OPEN}")

    expect(
        page.get_by_role("heading", level=2, name="An example: dense 5, dense 2")
    ).to_be_visible()
    expect(page.get_by_label("Choose files")).to_be_attached()
    expect(page.get_by_role("heading", name="Served with this page")).to_have_count(0)


def test_files_can_be_picked(page: Page, bare_address: str, models: dict[str, Path]) -> None:
    page.goto(f"{bare_address}/{OPEN}")

    pick(page, files_of(models["scalar"]))

    expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()
    assert cells(page, "Layers")[2][4] == "scalar"


def test_a_folder_can_be_picked(page: Page, bare_address: str, models: dict[str, Path]) -> None:
    page.goto(f"{bare_address}/{OPEN}")

    page.get_by_label("Choose a folder").set_input_files(models["fixed"])

    expect(page.get_by_role("heading", level=2, name="fixed")).to_be_visible()
    assert cells(page, "Weights")[2][11] == "no, fixed"


def test_files_can_be_dropped(page: Page, bare_address: str, models: dict[str, Path]) -> None:
    page.goto(f"{bare_address}/{OPEN}")
    dropped = page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, bytes] of files)
            transfer.items.add(new File([new Uint8Array(bytes)], name));
          return transfer;
        }""",
        [[name, list(content)] for name, content in files_of(models["none"]).items()],
    )
    zone = page.locator(".drop")

    zone.dispatch_event("dragover", {"dataTransfer": dropped})
    expect(page.get_by_role("heading", name="Let go to open")).to_be_visible()
    zone.dispatch_event("drop", {"dataTransfer": dropped})

    expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()
    assert cells(page, "Layers")[2][4] == "absent"


def test_a_zip_can_be_picked(
    page: Page, bare_address: str, models: dict[str, Path], tmp_path: Path
) -> None:
    archive = tmp_path / "mine.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in models["vector"].iterdir():
            zipped.write(path, f"vector/{path.name}")
    page.goto(f"{bare_address}/{OPEN}")

    page.get_by_label("Choose files").set_input_files(archive)

    expect(page.get_by_role("heading", level=2, name="mine.zip")).to_be_visible()
    assert cells(page, "Weights")[2][:2] == ["dense_5/bias", "[5]"]


def without_weights(folder: Path) -> Files:
    return {"model.json": files_of(folder)["model.json"]}


def with_bin(folder: Path, content: bytes) -> Files:
    return {**files_of(folder), BIN: content}


def bomb() -> bytes:
    """A zip whose list of entries says that a short one unpacks to almost 4 GiB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("model.json", bytes(1000))
    packed = bytearray(written.getvalue())
    start = packed.index(b"PK\1\2") + 24
    packed[start : start + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    return bytes(packed)


REFUSED: list[tuple[str, Any]] = [
    ("NO_WEIGHTS", without_weights),
    ("SIZE_MISMATCH", lambda folder: with_bin(folder, bytes(12))),
    ("BAD_JSON", lambda folder: {"model.json": b'{"format": }'}),
    ("NOT_LAYERS_MODEL", lambda folder: edited(folder, '"layers-model"', '"graph-model"')),
    ("KERAS3_CONFIG", lambda folder: edited(folder, '"batch_input_shape"', '"batch_shape"')),
    ("SHAPE", lambda folder: edited(folder, '"units":5', '"units":6')),
    ("DUPLICATE_NAME", lambda folder: edited(folder, '"dense_5/bias"', '"dense_5/kernel"')),
    ("HTML_INSTEAD_OF_BIN", lambda folder: with_bin(folder, b"<!doctype html><title>404</title>")),
    ("NO_MODEL", lambda folder: {"model.keras": b"PK"}),
    ("TOO_LARGE", lambda _: {"model.zip": bomb()}),
    ("BAD_ARCHIVE", lambda folder: {"model.zip": b"PK\3\4"}),
]


@pytest.mark.parametrize(("code", "spoilt"), REFUSED, ids=[code for code, _ in REFUSED])
def test_bad_files_are_refused_and_the_model_before_stays_open(
    page: Page, address: str, models: dict[str, Path], code: str, spoilt: Any
) -> None:
    page.goto(f"{address}/{OPEN}")
    expect(page.get_by_role("heading", level=2, name="One number per unit")).to_be_visible()

    pick(page, spoilt(models["vector"]))

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(code)
    expect(alert).to_be_focused()
    expect(page.get_by_role("heading", level=2, name="One number per unit")).to_be_visible()
    alert.get_by_role("button", name="Back to One number per unit").click()
    expect(alert).to_have_count(0)


def test_without_weights_the_layers_can_be_seen(
    page: Page, address: str, models: dict[str, Path]
) -> None:
    page.goto(f"{address}/{OPEN}")
    pick(page, without_weights(models["scalar"]))

    page.get_by_role("button", name="Show the layers without numbers").click()

    expect(page.get_by_role("list", name="To know")).to_contain_text("NO_WEIGHTS")
    assert cells(page, "Weights")[2][2:5] == [NOTHING, NOTHING, "1"]


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("UNKNOWN_LAYER", '"class_name":"Dense"', '"class_name":"Foo"'),
        ("UNSAFE_NAME", '"name":"celsius"', '"name":"<img src=x onerror=alert(1)>"'),
    ],
)
def test_what_tfjs_would_refuse_is_shown_with_a_notice(
    page: Page, address: str, models: dict[str, Path], code: str, old: str, new: str
) -> None:
    page.goto(f"{address}/{OPEN}")

    pick(page, edited(models["vector"], old, new))

    expect(page.get_by_role("list", name="To know")).to_contain_text(code)
    value = new.split(":", 1)[1].strip('"')
    assert any(cell.startswith(value) for row in cells(page, "Layers") for cell in row)
    expect(page.locator("img")).to_have_count(0)


def test_values_that_are_not_finite_are_marked(
    page: Page, address: str, models: dict[str, Path]
) -> None:
    numbers = np.frombuffer(files_of(models["vector"])[BIN], "<f4").copy()
    numbers[5:7] = np.nan, -np.inf  # the first two biases of dense_5
    page.goto(f"{address}/{OPEN}")

    pick(page, with_bin(models["vector"], numbers.tobytes()))

    expect(page.get_by_role("list", name="To know")).to_contain_text("NON_FINITE")
    assert cells(page, "Weights")[2][2:8] == ["3", "5", "5", "0", "1", "1"]
    expect(page.locator(".value").nth(0)).to_have_text("NaN")
    expect(page.locator(".value").nth(1)).to_have_text(f"{MINUS}Infinity")


def test_the_code_to_load_it_can_be_copied(
    page: Page, context: BrowserContext, address: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    page.goto(f"{address}/{OPEN}")
    page.get_by_role("button", name=re.compile("^One number per layer")).click()
    expect(page.get_by_role("heading", level=2, name="One number per layer")).to_be_visible()

    page.get_by_role("button", name="Copy").click()

    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '<script src="keras-tfjs.js"></script>' in copied
    assert "tf.zeros([1, 1])" in copied


def test_the_chosen_theme_is_kept(page: Page, address: str) -> None:
    page.goto(f"{address}/{OPEN}")
    before = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")

    page.get_by_role("button", name="Dark theme").click()
    page.reload()

    expect(page.get_by_role("button", name="Light theme")).to_be_visible()
    after = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert after != before


def test_the_page_opens_from_a_folder_too(page: Page, models: dict[str, Path]) -> None:
    from keras_bias_demo import serve

    page.goto((serve.page() / "index.html").as_uri() + OPEN)
    expect(
        page.get_by_role("heading", level=2, name="An example: dense 5, dense 2")
    ).to_be_visible()

    pick(page, files_of(models["scalar"]))

    expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()


def test_exports_hold_what_the_page_reads(models: dict[str, Path]) -> None:
    manifest = json.loads((models["scalar"] / "model.json").read_text())

    assert [weight["shape"] for weight in manifest["weightsManifest"][0]["weights"]] == [
        [1, 5],
        [1],
        [5, 2],
        [1],
    ]
