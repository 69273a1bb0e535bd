"""The page as a folder of files: all of it or nothing, and as good from a disk as from a host."""

import base64
import functools
import http.server
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import keras
import pytest
from playwright.sync_api import Page, expect

from keras_bias import layers
from keras_bias_demo.models import NoModelError
from keras_bias_demo.site import write_site
from keras_tfjs.errors import OutputExistsError

SCENES = ("answer", "boundary", "convolution", "elsewhere")


@pytest.fixture(scope="module")
def site(models: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with two models."""
    folder = tmp_path_factory.mktemp("site") / "a folder"
    write_site(folder, [models["vector"], models["scalar"]])
    return folder


def listed(site: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((site / "models.json").read_text())["models"]
    return found


def test_models_are_listed_by_name_with_what_is_known_of_them(site: Path) -> None:
    assert listed(site) == [
        {
            "title": name,
            "bias_parameters": biases,
            "name": name,
            "path": f"models/{name}/model.json",
        }
        for name, biases in (("vector", 7), ("scalar", 2))
    ]


def test_each_file_that_is_fetched_is_carried_by_a_script_too(site: Path) -> None:
    fetched = [site / "models.json", *site.glob("models/*/*.json"), *site.glob("models/*/*.bin")]

    for path in fetched:
        script = path.with_name(f"{path.name}.js").read_text()
        found = re.search(r'\["(.+)"\] = "(.+)";$', script.strip())
        assert found
        assert found[1] == path.relative_to(site).as_posix()
        assert base64.b64decode(found[2]) == path.read_bytes()
    assert len(fetched) == 5


def test_saved_models_are_converted_and_what_the_demo_wrote_is_taken_over(
    models: dict[str, Path], tmp_path: Path
) -> None:
    dense = keras.Sequential([keras.Input((1,)), layers.Dense(5, bias_shape="scalar")])
    dense.save(tmp_path / "my dense.keras")
    demo = models["vector"].parent
    about = {"name": "none", "title": "No bias", "error": 1.5}
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "models.json").write_text(json.dumps({"models": [about]}))
    (tmp_path / "demo" / "none").symlink_to(demo / "none")

    written = write_site(tmp_path / "out", [tmp_path / "my dense.keras", tmp_path / "demo"])

    assert written.models == ["my-dense", "none"]
    assert listed(tmp_path / "out")[1] == {
        **about,
        "bias_parameters": 0,
        "path": "models/none/model.json",
    }
    assert (tmp_path / "out/models/my-dense/keras-tfjs.js").is_file()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda folder: (folder / "thing").mkdir(), "thing is no model: it has no model.json"),
        (
            lambda folder: (folder / "thing").write_text("{}"),
            "thing is no model: it has no model.json",
        ),
        (
            lambda folder: [(folder / "thing").mkdir(), (folder / "thing/models.json").touch()],
            "lists no models. Give their folders one by one.",
        ),
    ],
)
def test_what_is_no_model_is_refused_before_anything_is_written(
    make: Callable[[Path], object], message: str, models: dict[str, Path], tmp_path: Path
) -> None:
    make(tmp_path)

    with pytest.raises(NoModelError, match=message):
        write_site(tmp_path / "out", [models["vector"], tmp_path / "thing"])

    assert [path.name for path in tmp_path.iterdir()] == ["thing"]


def test_two_models_of_one_name_are_refused(models: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(NoModelError, match="More than one model goes by the name 'vector'"):
        write_site(tmp_path / "out", [models["vector"], models["vector"]])


def test_a_folder_is_replaced_only_if_asked_and_only_if_it_is_a_site(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_site(out)

    with pytest.raises(OutputExistsError, match="is there already"):
        write_site(out)
    write_site(out, overwrite=True)
    (out / "thesis.txt").touch()
    with pytest.raises(OutputExistsError, match=r"holds 'thesis.txt', which no keras-bias site"):
        write_site(out, overwrite=True)

    assert (out / "index.html").is_file()


def test_the_command_says_what_it_wrote(models: dict[str, Path], tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from keras_bias.cli import main; main()", "site"]

    done = subprocess.run(
        [*command, "out", models["fixed"]], cwd=tmp_path, capture_output=True, text=True
    )
    refused = subprocess.run([*command, "out"], cwd=tmp_path, capture_output=True, text=True)

    first, *rest = done.stdout.splitlines()
    assert re.fullmatch(r"out: \d+ files, [\d,]+ bytes", first)
    assert rest == ["  models/fixed", "Open out/index.html, or put the folder on a web host."]
    assert refused.returncode == 1
    assert refused.stderr.startswith("Error: out is there already.")


# ---- From a disk: nothing fails, nothing is said on the console ----------------------------------


def opened(page: Page, site: Path, place: str = "") -> list[str]:
    """Opens the page from the disk; gives the requests that fail, as they do."""
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((site / "index.html").as_uri() + place)
    return failed


def test_every_scene_and_the_question_open_from_a_disk(page: Page, site: Path) -> None:
    failed = opened(page, site)
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    for scene in SCENES:
        page.goto((site / "index.html").as_uri() + f"#v=1&view=learn&scene={scene}")
        expect(page.locator(f'.scenes a[aria-current][href*="{scene}"]')).to_be_visible()
        expect(page.locator(".scene svg, .scene canvas").first).to_be_visible()
    page.goto((site / "question.html").as_uri())
    expect(page.locator("#scalar-dense_2 tbody tr").first).to_be_visible()

    assert failed == []


def test_models_beside_it_open_from_a_disk(page: Page, site: Path) -> None:
    failed = opened(page, site, "#v=1&view=open")
    expect(page.get_by_role("heading", level=2, name="vector")).to_be_visible()

    page.get_by_role("button", name="scalar").click()

    expect(page.get_by_role("heading", level=2, name="scalar")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("link", name="Live")).to_have_count(0)
    assert failed == []


def test_without_models_the_example_opens_from_a_disk_and_so_do_files(
    page: Page, models: dict[str, Path], tmp_path: Path
) -> None:
    write_site(tmp_path / "out")
    failed = opened(page, tmp_path / "out", "#v=1&view=open")
    expect(page.get_by_role("heading", level=2, name="An example")).to_be_visible()

    page.get_by_label("Choose files").set_input_files(
        [models["fixed"] / name for name in ("model.json", "group1-shard1of1.bin")]
    )

    expect(page.get_by_role("heading", level=2, name="model.json")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.goto((tmp_path / "out/index.html").as_uri() + "#v=1&view=live")
    expect(page.get_by_role("heading", name="How a training comes here")).to_be_visible()
    assert failed == []


# ---- On a web host that knows nothing of it, below a path ----------------------------------------


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    """The folder that holds the site, served by Python's plainest server."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=site.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/a%20folder/"
        server.shutdown()


def test_it_works_below_a_path_of_a_plain_host_and_asks_for_nothing_else(
    page: Page, host: str
) -> None:
    asked: list[tuple[str, int]] = []
    page.on("response", lambda response: asked.append((response.url, response.status)))

    page.goto(f"{host}#v=1&view=learn&scene=boundary")
    expect(page.locator(".scene svg, .scene canvas").first).to_be_visible()
    page.goto(f"{host}#v=1&view=open")
    expect(page.get_by_role("heading", level=2, name="vector")).to_be_visible()
    page.get_by_role("button", name="scalar").click()
    expect(page.get_by_role("heading", level=2, name="scalar")).to_be_visible()
    expect(page.get_by_role("link", name="Live")).to_have_count(0)
    page.goto(f"{host}question.html")
    expect(page.locator("#scalar-dense_2 tbody tr").first).to_be_visible()

    assert [url for url, status in asked if not url.startswith(host) or status >= 400] == []
