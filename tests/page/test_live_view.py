"""LiveView: `fit` in Python is told to who asks, whatever becomes of either."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest

from keras_bias import callbacks, layers
from keras_bias.callbacks import LiveView
from keras_bias_demo import live as server

X = np.linspace(-1, 1, 64, dtype="float32").reshape(-1, 1)  # (samples, 1)
Y = np.concatenate([1.8 * X + 0.32, X + 2.73], axis=1)


@pytest.fixture
def live() -> Iterator[LiveView]:
    view = LiveView(port=0)
    yield view
    view.close()


def network(**options: Any) -> Any:
    model = keras.Sequential(
        [
            keras.Input((1,)),
            layers.Dense(5, name="first", **options),
            layers.Dense(2, name="second"),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def fit(model: Any, *views: Any, epochs: int = 2, **options: Any) -> None:
    model.fit(X, Y, batch_size=8, epochs=epochs, verbose=0, callbacks=list(views), **options)


def answered(view: LiveView, path: str = "/live", **headers: str) -> http.client.HTTPResponse:
    port = int(view.url.split(":")[2].split("/")[0])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        "GET", path, headers={"Host": f"127.0.0.1:{port}", "Connection": "close", **headers}
    )
    return connection.getresponse()


def events(response: http.client.HTTPResponse, until: int) -> list[tuple[str, str, Any]]:
    """(id, name, data) of what is streamed, up to so many ends of runs."""
    found: list[tuple[str, str, Any]] = []
    event = {"id": "", "event": "", "data": ""}
    while sum(name == "end" for _, name, _ in found) < until:
        line = response.readline().decode().rstrip("\n")
        name, _, value = line.partition(": ")
        if line == "" and event["data"]:
            found.append((event["id"], event["event"], json.loads(event["data"])))
            event = {"id": "", "event": "", "data": ""}
        elif name in event:
            event[name] = value
    response.close()
    return found


def test_a_training_is_told_from_its_first_biases_to_its_last(live: LiveView) -> None:
    model = network(bias_initializer="ones", bias_shape="scalar")

    fit(model, live, epochs=3, validation_split=0.25)
    (_, hello, _), (_, run, about), *samples, (_, end, ended) = events(answered(live), 1)

    assert (hello, run, end) == ("hello", "run", "end")
    assert about["biases"] == [
        {"path": "first", "shape": [1], "size": 1, "trainable": True, "summary": False},
        {"path": "second", "shape": [2], "size": 2, "trainable": True, "summary": False},
    ]
    assert (about["epochs"], about["backend"]) == (3, keras.config.backend())
    first, last = samples[0][2], samples[-1][2]
    assert (first["step"], first["biases"]) == (0, [[1.0], [0.0, 0.0]])
    assert (last["kind"], last["step"], last["epoch"]) == ("epoch", 18, 2)
    assert set(last["logs"]) == {"loss", "mae", "val_loss", "val_mae"}
    for told, layer in zip(last["biases"], model.layers, strict=True):
        kept = keras.ops.convert_to_numpy(layer.bias)
        assert told == pytest.approx(kept.tolist(), rel=1e-6)  # seven digits are told
    steps = [sample["step"] for _, _, sample in samples]
    assert steps == sorted(steps)
    assert (ended["state"], repr(live)) == (
        "finished",
        f"LiveView({about['name']}: finished at step 18)",
    )


def test_every_batch_and_every_epoch_where_they_cost_nothing(
    live: LiveView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "SHARE", 1e9)
    each, ends = LiveView(every=1), LiveView(every="epoch")

    fit(network(), each)
    fit(network(), ends)
    found = events(answered(live), 2)

    steps = {
        number: [
            (e["kind"], e["step"])
            for _, name, e in found
            if name == "sample" and e["run"] == number
        ]
        for number in (1, 2)
    }
    batches = [("batch", step) for step in range(16) if step != 8]
    assert steps[1] == sorted([*batches, ("epoch", 8), ("epoch", 16)], key=lambda each: each[1])
    assert steps[2] == [("batch", 0), ("epoch", 8), ("epoch", 16)]


def test_a_sample_that_costs_much_is_rare(live: LiveView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "SHARE", 1e-9)
    view = LiveView(every=1)

    fit(network(), view, epochs=4)
    samples = [e for _, name, e in events(answered(live), 1) if name == "sample"]

    # Before the first step, at the first epoch's end, and the last.
    assert [sample["step"] for sample in samples] == [0, 8, 32]


def test_two_runs_stand_side_by_side_on_one_server(live: LiveView) -> None:
    other = LiveView(name="other")

    fit(network(), live)
    fit(network(), other, live)
    found = events(answered(live), 3)

    names = [data["name"] for _, name, data in found if name == "run"]
    assert other.url == live.url
    assert names[1] == "other"
    assert len(set(names)) == 3


def test_a_reader_comes_back_with_the_last_that_it_had(live: LiveView) -> None:
    fit(network(), live)
    everything = events(answered(live), 1)
    had = everything[3][0]

    by_header = events(answered(live, **{"Last-Event-ID": had}), 1)
    by_address = events(answered(live, f"/live?after={had}"), 1)
    of_another_server = events(answered(live, **{"Last-Event-ID": "0badcafe-7"}), 1)
    of_nonsense = events(
        answered(live, **{"Last-Event-ID": had.split("-")[0] + "-" + "9" * 5000}), 1
    )

    assert by_header[1:] == by_address[1:] == everything[4:]
    assert of_another_server == of_nonsense == everything


def test_a_reader_is_told_while_fit_runs(live: LiveView) -> None:
    seen, goes_on = threading.Event(), threading.Event()

    class Waits(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            goes_on.wait(20)

    def read() -> None:
        response = answered(live)
        while b'"kind":"epoch"' not in response.readline():
            pass
        seen.set()
        response.close()

    threading.Thread(target=read, daemon=True).start()
    training = threading.Thread(target=fit, args=(network(), live, Waits()))
    training.start()

    assert seen.wait(20)
    assert repr(live).endswith(": at step 8)")
    goes_on.set()
    training.join()


def test_a_fit_that_raises_is_stopped_and_leaves_no_thread(live: LiveView) -> None:
    class Raises(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    before = threading.active_count()

    with pytest.raises(KeyboardInterrupt):
        fit(network(), live, Raises())
    ended = events(answered(live), 1)[-1][2]

    assert ended["state"] == "stopped"
    until = time.monotonic() + 10  # for the one that answered
    while threading.active_count() > before + 1 and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() <= before + 1  # one of Keras's own may be there
    fit(network(), live)
    assert repr(live).endswith("finished at step 16)")


def test_what_is_not_finite_is_null_and_named(live: LiveView) -> None:
    model = network()
    model.layers[0].bias.assign([1, float("nan"), 2, 3, float("inf")])

    fit(model, live)
    samples = [data for _, name, data in events(answered(live), 1) if name == "sample"]

    assert samples[0]["biases"][0] == [1.0, None, 2.0, 3.0, None]
    assert samples[0]["strangers"] == [2, 0]
    assert samples[-1]["logs"]["loss"] is None
    assert samples[-1]["strange"]["loss"] == "NaN"


def test_a_large_bias_is_told_by_its_spread(live: LiveView) -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(100)])
    model.layers[0].bias.assign(np.arange(100))
    model.compile("sgd", "mse")

    model.fit(X, np.zeros((64, 100)), verbose=0, callbacks=[live])
    _, (_, _, about), (_, _, sample), *_ = events(answered(live), 1)

    assert about["biases"][0]["summary"] is True
    assert sample["biases"] == [[0, 24.75, 49.5, 74.25, 99, 49.5, 0, 1, 2, 3, 4, 5, 6, 7]]


def test_many_biases_are_told_by_their_spread_and_more_are_counted(
    live: LiveView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "NUMBERS_OF_A_SAMPLE", 40)
    monkeypatch.setattr(callbacks, "MOST_BIASES", 2)
    inputs = keras.Input((1,))
    x = keras.layers.Dense(20)(inputs)
    model = keras.Model(inputs, keras.layers.Dense(1)(keras.layers.Dense(21)(x)))

    live.set_model(model)
    live.on_train_begin()
    live.on_train_end()
    _, (_, _, about), (_, _, sample), *_ = events(answered(live), 1)

    assert [bias["summary"] for bias in about["biases"]] == [False, True]
    assert about["untold"] == 1
    assert [len(numbers) for numbers in sample["biases"]] == [20, 14]


class Own(keras.Model):  # type: ignore[misc]
    """A model that is built by its first call."""

    def __init__(self) -> None:
        super().__init__(name="own")
        self.inner = keras.Sequential([layers.Dense(2, name="deep")], name="nested")

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs)


@pytest.mark.parametrize("make", [Own, lambda: keras.Sequential([layers.Dense(2, name="deep")])])
def test_a_network_that_is_built_by_its_data_has_its_biases(live: LiveView, make: Any) -> None:
    model = make()
    model.compile("sgd", "mse")

    fit(model, live)
    _, (_, _, about), *samples, _ = events(answered(live), 1)

    assert [bias["path"].split("/")[-1] for bias in about["biases"]] == ["deep"]
    assert all(len(data["biases"]) == 1 for _, _, data in samples)


def test_a_network_without_biases_has_its_loss_drawn(live: LiveView) -> None:
    model = keras.Sequential([keras.Input((1,)), layers.Dense(2, use_bias=False)])
    model.compile("sgd", "mse")

    fit(model, live)
    _, (_, _, about), *samples, _ = events(answered(live), 1)

    assert about["biases"] == []
    assert "loss" in samples[-1][2]["logs"]


def test_a_reader_that_never_reads_keeps_nobody_waiting(live: LiveView) -> None:
    response = answered(live)
    run = live._served().runs.begin("much", {})
    began = time.perf_counter()
    for step in range(400):  # 40 MB, far more than a socket holds
        live._served().runs.add(run, "batch", step, {"biases": "x" * 100_000})

    fit(network(), live)
    live.close()
    took = time.perf_counter() - began

    assert repr(live).endswith("finished at step 16)")
    assert took < 15  # the reader's own time is 30 s
    response.close()


def test_biases_are_those_of_every_layer_of_keras_s_too(live: LiveView) -> None:
    inputs = keras.Input((4, 3))
    x = keras.layers.Bidirectional(keras.layers.GRU(3, name="gru"), name="both")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    model = keras.Model(inputs, layers.Dense(1, bias_trainable=False, name="out")(x))

    live.set_model(model)
    live.on_train_begin()
    live.on_train_end()
    about = events(answered(live), 1)[1][2]

    assert [(bias["path"], bias["shape"], bias["trainable"]) for bias in about["biases"]] == [
        ("both/forward_gru/gru_cell", [2, 9], True),
        ("both/backward_gru/gru_cell", [2, 9], True),
        ("out", [1], False),
    ]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "example.org"}, 421),
        ({"Origin": "http://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 404),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_only_its_own_page_may_read(live: LiveView, headers: dict[str, str], status: int) -> None:
    response = answered(live, **headers)

    assert response.status == status
    assert response.getheader("Access-Control-Allow-Origin") is None
    response.close()


@pytest.mark.parametrize("path", ["/../callbacks.py", "/live/../../live.py", "/%2e%2e/live.py"])
def test_nothing_but_the_page_and_the_stream_is_there(live: LiveView, path: str) -> None:
    assert answered(live, path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nobody_tells_it_anything(live: LiveView, method: str) -> None:
    port = live._served().port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    connection.request(method, "/live", body=b"{}")

    response = connection.getresponse()
    assert (response.status, response.getheader("Allow")) == (405, "GET, HEAD")
    connection.close()


def test_the_page_is_there_and_knows_that_something_is_live(live: LiveView) -> None:
    assert answered(live, "/").read().startswith(b"<!doctype html>")
    assert json.loads(answered(live, "/models.json").read()) == {"models": [], "live": "live"}
    assert answered(live, "/serve.py").status == 404


def test_no_more_readers_than_the_server_has_room_for(
    live: LiveView, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = live._served()._server
    monkeypatch.setattr(running, "free_streams", threading.BoundedSemaphore(1))

    first, second = answered(live), answered(live)

    assert (first.status, second.status) == (200, 503)
    first.close()


def test_close_ends_streams_and_threads_and_the_next_fit_begins_anew(live: LiveView) -> None:
    fit(network(), live)
    response = answered(live)

    live.close()
    live.close()
    told = response.read().decode()

    assert told.count("event: end") == 1
    assert not [t for t in threading.enumerate() if t.name == "LiveView"]
    fit(network(), live)
    assert events(answered(live), 1)[1][1] == "run"


def test_a_notebook_gets_a_link_and_a_terminal_the_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    view = LiveView(port=0)

    assert capsys.readouterr().err == f"LiveView: {view.url}\n"
    url = view.url.replace("&", "&amp;")
    assert view._repr_html_() == (
        f'LiveView: <a href="{url}" target="_blank" rel="noopener">{url}</a>'
    )
    view.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"every": 0},
            "LiveView: every=0 is no time to look. Use None, 'epoch', or a number of batches.",
        ),
        (
            {"every": "batch"},
            "LiveView: every='batch' is no time to look. "
            "Use None, 'epoch', or a number of batches.",
        ),
        (
            {"port": 70_000},
            "LiveView: port=70000 is no port. Use None, or a number from 0 to 65535.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="LiveView: ") as raised:
        LiveView(**options)

    assert str(raised.value) == message


def test_one_process_serves_on_one_port(live: LiveView) -> None:
    port = live._served().port

    with pytest.raises(ValueError, match=f"serves its runs on port {port} already"):
        LiveView(port=port + 1 if port < 65_535 else 1)


def test_a_port_of_another_program_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(OSError, match=f"LiveView: port={port} is taken") as raised:
            LiveView(port=port)

    assert str(raised.value).endswith("Choose another, or leave port out for a free one.")


def test_a_program_ends_by_itself_and_tells_its_reader_first(tmp_path: Any) -> None:
    program = (
        "import sys, keras, numpy as np\n"
        "from keras_bias.callbacks import LiveView\n"
        "live = LiveView(port=0)\n"
        "model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])\n"
        "model.compile('sgd', 'mse')\n"
        "input()\n"
        "model.fit(np.ones((8, 1)), np.ones((8, 2)), verbose=0, callbacks=[live])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    ) as process:
        assert process.stderr is not None
        said = next(line for line in process.stderr if line.startswith("LiveView: "))
        view = LiveView.__new__(LiveView)
        view.url = said.removeprefix("LiveView: ").strip()
        response = answered(view)
        process.communicate("\n", timeout=60)

        told = response.read().decode()

    assert process.returncode == 0
    assert '"state":"finished"' in told


def test_a_forked_process_does_not_take_the_server_for_its_own(
    live: LiveView, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = live._served()
    monkeypatch.setattr(server, "_shared", (os.getpid() + 1, own))

    of_fork, is_new = server.shared(0)
    server.close()
    monkeypatch.undo()

    assert is_new
    assert of_fork is not own
    assert answered(live).status == 200
