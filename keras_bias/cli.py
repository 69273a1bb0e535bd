"""The command `keras-bias`.

It ties the rooms together, so it alone may know all three, and it loads each only when it is
needed: `--help` needs no backend and no NumPy.

Exit codes: 0 done; 1 refused, with one message; 2 wrong usage; 3 Keras and TensorFlow.js differ.
"""

import json
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keras_bias import __version__

if TYPE_CHECKING:
    from keras_bias_demo.serve import Server
    from keras_bias_demo.variants import Outcome

EXIT_DIFFERENT = 3


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keras-bias")
def main() -> None:
    """Keras layers with the bias shape of your choice."""


@main.command()
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Where to serve. [8000, or a free one if taken]"
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option("--no-serve", is_flag=True, help="Stop after the table.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-models"),
    show_default=True,
    help="Folder for the exported models.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the table to this file too.",
)
def demo(
    models: tuple[Path, ...],
    port: int | None,
    no_open: bool,
    no_serve: bool,
    out: Path,
    json_file: Path | None,
) -> None:
    """Show MODELS; without any, train dense 5 -> dense 2 with five kinds of bias, and show these.

    A model is a .keras or .h5 file, which is converted, the folder of an exported model, or the
    folder that this command wrote. Nothing leaves this machine.

    Without MODELS, the network learns °C -> (°F, K). Each variant is exported to TensorFlow.js,
    which then must compute in Node what Keras computes. KERAS_BACKEND chooses the backend.
    """
    with _refusals(), ExitStack() as stack:
        server = None if no_serve else stack.enter_context(_listening(port))
        if models:
            from keras_bias_demo.models import found_models

            found = stack.enter_context(found_models(models))
            click.echo("\n".join(f"models/{each.about['name']}" for each in found))
            if server is not None:
                folders = {each.about["name"]: each.folder for each in found}
                listed = {"models": [each.about for each in found]}
                _serve(server, folders, listed, no_open, "/#v=1&view=open")
            return
        outcomes, about = _trained_and_proved(out)
        listing = json.dumps({"models": about["models"]}, indent=2, ensure_ascii=False) + "\n"
        (out / "models.json").write_text(listing, "utf-8")
        if json_file is not None:
            json_file.write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if not all(outcome.agrees for outcome in outcomes):
            click.echo("Keras and TensorFlow.js differ by more than float32 explains.", err=True)
            sys.exit(EXIT_DIFFERENT)
        if server is not None:
            folders = {model["name"]: out / model["name"] for model in about["models"]}
            _serve(server, folders, about, no_open)


@main.command()
@click.argument("out_dir", type=click.Path(file_okay=False, path_type=Path))
@click.argument("models", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace OUT_DIR if it is there already.")
def site(out_dir: Path, models: tuple[Path, ...], overwrite: bool) -> None:
    """Write the page into the new folder OUT_DIR, with MODELS beside it.

    The folder goes onto any web host as it is; index.html also opens from the disk. A model is a
    .keras or .h5 file, the folder of an exported model, or the folder that `keras-bias demo` wrote.
    """
    with _refusals():
        from keras_bias_demo.site import write_site

        written = write_site(out_dir, models, overwrite=overwrite)
        click.echo(f"{out_dir}: {written.files} files, {written.size:,} bytes")
        for name in written.models:
            click.echo(f"  models/{name}")
        click.echo(f"Open {out_dir / 'index.html'}, or put the folder on a web host.")


def _listening(port: int | None) -> "Server":
    """The server, before anything that takes long: its port may be taken, its page missing."""
    from keras_bias_demo import serve

    serve.page()
    server = serve.server(port)
    if port is None and server.server_port != serve.DEFAULT_PORT:
        click.echo(f"Port {serve.DEFAULT_PORT} is taken, {server.server_port} is free.", err=True)
    return server


def _trained_and_proved(out: Path) -> "tuple[list[Outcome], dict[str, Any]]":
    from keras_bias_demo.train import chosen_backend, load_keras, trained
    from keras_bias_demo.variants import VARIANTS
    from keras_tfjs.node import node
    from keras_tfjs.verify import TfjsSession

    node()  # better now than after the training
    backend = chosen_backend()
    out.mkdir(parents=True, exist_ok=True)
    with _waiting(f"Loading Keras on {backend}"):
        load_keras(backend)

    from keras_bias_demo.road import outcome
    from keras_bias_demo.table import as_json, table

    outcomes = []
    with TfjsSession() as tfjs:
        for variant in VARIANTS:
            with _training(variant.name) as progress:
                model, result = trained(variant, progress)
            outcomes.append(outcome(variant, model, result, out / variant.name, tfjs))
    click.echo(f"\n{table(outcomes)}\n")
    click.echo(f"The models are in {out}, each a folder for tf.loadLayersModel.")
    return outcomes, as_json(outcomes, backend)


def _serve(
    server: "Server",
    folders: dict[str, Path],
    about: dict[str, Any],
    no_open: bool,
    place: str = "",
) -> None:
    from keras_bias_demo import serve

    server.content = serve.content(serve.page(), folders, about)
    url = f"{serve.url(server)}{place}"
    click.echo(f"Serving {url} (Ctrl-C ends it)")
    if not no_open and serve.has_a_screen():
        webbrowser.open(url)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nEnded.")


@contextmanager
def _waiting(for_what: str) -> Iterator[None]:
    start = time.monotonic()
    click.echo(f"{for_what} ... ", nl=False, err=True)
    yield
    click.echo(f"{time.monotonic() - start:.1f} s", err=True)


@contextmanager
def _training(name: str) -> Iterator[Any]:
    """A line that says how far the training is; where nobody looks, only what it took."""
    start = time.monotonic()
    shown = sys.stderr.isatty()
    label = f"Training {name:<8}"

    def progress(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{label}{done / total:4.0%}", nl=False, err=True)

    yield progress
    click.echo(f"{chr(13) if shown else ''}{label}{time.monotonic() - start:.1f} s", err=True)


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a user can mend into one message and exit code 1."""
    from keras_bias_demo.serve import PageNotBuiltError, PortTakenError
    from keras_bias_demo.train import NoBackendError
    from keras_tfjs.errors import ConversionError
    from keras_tfjs.node import NodeNotFoundError
    from keras_tfjs.verify import TfjsError

    ours = (ConversionError, NodeNotFoundError, TfjsError, NoBackendError)
    try:
        yield
    except (*ours, PageNotBuiltError, PortTakenError) as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        said = f"{error.strerror}: {error.filename}" if error.strerror else str(error)
        raise click.ClickException(said) from error
    except KeyboardInterrupt:
        raise click.ClickException("Interrupted.") from None
