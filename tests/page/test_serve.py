"""The server answers who asks for it by name, and only with the files on its list."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_bias_demo import serve

ABOUT = {"models": [{"name": "scalar", "path": "models/scalar/model.json"}]}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site, an exported model, and things beside them that nobody may have."""
    root = tmp_path_factory.mktemp("serve")
    for name, text in {
        "secret.txt": "secret",
        "site/index.html": "<!doctype html><title>page</title>",
        "site/question.html": "<!doctype html><title>question</title>",
        "site/assets/app.js": "'use strict';",
        "site/assets/style.css": "body {}",
        "site/assets/picture.svg": "<svg/>",
        "site/notes.md": "of no known type",
        "scalar/model.json": "{}",
        "scalar/group1-shard1of1.bin": "0123",
        "scalar/keras-tfjs.js": "'use strict';",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "site/way-out.txt").symlink_to(root / "secret.txt")
    (root / "scalar/way-out").symlink_to(root)
    return root


@pytest.fixture(scope="module")
def port(folders: Path) -> Iterator[int]:
    with serve.server(0) as server:
        server.content = serve.content(folders / "site", {"scalar": folders / "scalar"}, ABOUT)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(
    port: int, path: str, method: str = "GET", host: str | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    """The answer; the path goes out as it is, dots and all."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{port}")
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/index.html?theme=dark", "text/html; charset=utf-8"),
        ("/question.html", "text/html; charset=utf-8"),
        ("/assets/app.js", "text/javascript; charset=utf-8"),
        ("/assets/style.css", "text/css; charset=utf-8"),
        ("/assets/picture.svg", "image/svg+xml"),
        ("/models.json", "application/json; charset=utf-8"),
        ("/models/scalar/model.json", "application/json; charset=utf-8"),
        ("/models/scalar/keras-tfjs.js", "text/javascript; charset=utf-8"),
        ("/models/scalar/group1-shard1of1.bin", "application/octet-stream"),
        ("/models/%73calar/model.json", "application/json; charset=utf-8"),
    ],
)
def test_a_file_goes_out_as_what_it_is(port: int, path: str, kind: str) -> None:
    response, body = ask(port, path)

    assert response.status == 200
    assert response.getheader("Content-Type") == kind
    assert len(body) == int(response.getheader("Content-Length", "-1")) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/notes.md",
        "/assets",
        "/assets/",
        "/models/",
        "/models/scalar",
        "/models/scalar/",
        "/models/other/model.json",
        "/secret.txt",
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%5c..%5csecret.txt",
        "//secret.txt",
        "/models/scalar/../../secret.txt",
        "/way-out.txt",
        "/models/scalar/way-out/secret.txt",
        "/index.html%00",
        "/index.html/",
        "/INDEX.HTML",
        "/%ff",
        "http://example.org/secret.txt",
    ],
)
def test_what_is_not_on_the_list_is_not_there(port: int, path: str) -> None:
    response, body = ask(port, path)

    assert response.status == 404
    assert body == b"Not Found\n"


@pytest.mark.parametrize("path", ["/", "/question.html", "/models.json", "/nothing"])
def test_every_answer_forbids_guessing_keeping_and_telling(port: int, path: str) -> None:
    response, _ = ask(port, path)

    assert response.getheader("X-Content-Type-Options") == "nosniff"
    assert response.getheader("Cache-Control") == "no-store"
    assert response.getheader("Referrer-Policy") == "no-referrer"
    assert response.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert response.getheader("Server") == "keras-bias"


@pytest.mark.parametrize(
    ("path", "script", "style"),
    [
        ("/", "script-src 'self';", "style-src 'self';"),
        ("/index.html", "script-src 'self';", "style-src 'self';"),
        ("/models/scalar/model.json", "script-src 'self';", "style-src 'self';"),
        ("/nothing", "script-src 'self';", "style-src 'self';"),
        (
            "/question.html",
            "script-src 'self' 'unsafe-eval';",
            "style-src 'self' 'unsafe-inline';",
        ),
    ],
)
def test_only_the_page_with_tfjs_vis_may_compile_code(
    port: int, path: str, script: str, style: str
) -> None:
    response, _ = ask(port, path)

    policy = response.getheader("Content-Security-Policy", "")
    assert script in policy
    assert style in policy
    assert policy.startswith("default-src 'none';")
    assert "connect-src 'self';" in policy


@pytest.mark.parametrize("host", ["example.org", "example.org:8000", "127.0.0.1:1", "0.0.0.0", "x"])
def test_a_foreign_name_for_this_machine_gets_nothing(port: int, host: str) -> None:
    response, body = ask(port, "/models.json", host=host)

    assert response.status == 421
    assert body == b"Misdirected Request\n"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_it_answers_to_its_own_names(port: int, name: str) -> None:
    response, _ = ask(port, "/models.json", host=f"{name}:{port}")

    assert response.status == 200


def test_models_json_says_what_there_is(port: int) -> None:
    _, body = ask(port, "/models.json")

    assert json.loads(body) == ABOUT


def test_head_answers_without_a_body(port: int) -> None:
    response, body = ask(port, "/index.html", "HEAD")

    assert response.status == 200
    assert int(response.getheader("Content-Length", "-1")) > 0
    assert body == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(port: int, method: str) -> None:
    response, _ = ask(port, "/index.html", method)

    assert response.status == 405
    assert response.getheader("Allow") == "GET, HEAD"


def test_it_is_not_to_be_had_from_other_machines() -> None:
    with serve.server(0) as server:
        assert server.server_address[0] == "127.0.0.1"
        assert serve.url(server) == f"http://127.0.0.1:{server.server_port}"


def test_a_taken_port_is_an_error_if_asked_for_and_else_another_is_found(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "DEFAULT_PORT", port)

    with pytest.raises(serve.PortTakenError) as raised:
        serve.server(port)
    with serve.server() as other:
        assert other.server_port != port

    assert str(raised.value) == (
        f"Port {port} cannot be had: Address already in use. "
        "Choose another with --port, or leave it out for a free one."
    )


def test_a_page_that_was_not_built_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "__file__", str(tmp_path / "serve.py"))

    with pytest.raises(serve.PageNotBuiltError) as raised:
        serve.page()

    assert str(raised.value) == (
        f"{tmp_path / '_site'} has no index.html. From the sources: python build_javascript.py"
    )
