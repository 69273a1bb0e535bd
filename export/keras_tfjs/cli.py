"""The command `keras-tfjs`.

Exit codes: 0 done; 1 refused, with one message and nothing written; 2 wrong usage.
"""

import json
import sys
import time
from pathlib import Path

import click

from keras_tfjs.convert import Report, convert
from keras_tfjs.errors import ConversionError
from keras_tfjs.version import __version__

PATIENCE_S = 1.0
"""How long a conversion may take before it shows how far it is."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="keras-tfjs")
def main() -> None:
    """Keras 3 models for the browser, as TensorFlow.js layers-models."""


@main.command("layers")
def layers_command() -> None:
    """Print how each layer of Keras goes to the browser: stock, as a twin, or refused and why."""
    from keras_tfjs.layer_table import as_text  # NumPy comes with it

    click.echo(as_text())


@main.command("convert")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace OUT_DIR if it is there already.")
@click.option("--stock", is_flag=True, help="Use only layers that TensorFlow.js itself knows.")
@click.option(
    "--with-optimizer",
    is_flag=True,
    help="Write the optimizer's variables too, to go on with the training.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def convert_command(
    model: Path,
    out_dir: Path,
    overwrite: bool,
    stock: bool,
    with_optimizer: bool,
    as_json: bool,
) -> None:
    """Convert MODEL, a .keras or .h5 file, into the new folder OUT_DIR.

    OUT_DIR holds model.json, the weights, and keras-tfjs.js if the model has layers that
    TensorFlow.js itself lacks. Nothing is written if anything cannot be converted exactly.
    """
    progress = _Progress(start=time.monotonic())
    try:
        report = convert(
            model,
            out_dir,
            overwrite=overwrite,
            stock=stock,
            with_optimizer=with_optimizer,
            progress=progress.show,
        )
    except ConversionError as error:
        raise _Refused(str(error)) from error
    except KeyboardInterrupt:
        raise _Refused("Interrupted. Nothing was written.") from None
    except OSError as error:
        raise _Refused(f"{error.strerror or error}: {error.filename or model}") from error
    finally:
        progress.clear()
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        click.echo(_described(report))


class _Refused(click.ClickException):
    """Ends the command with exit code 1 and one message."""

    def show(self, file: object = None) -> None:
        click.echo(f"error: {self.format_message()}", err=True)


class _Progress:
    """A line that says how far a long conversion is; only where somebody looks."""

    def __init__(self, start: float) -> None:
        self._next = start + PATIENCE_S
        self._shown = False

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next, self._shown = now + 0.2, True
        click.echo(f"\rWriting the weights: {done / max(total, 1):4.0%}", nl=False, err=True)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)


def _described(report: Report) -> str:
    size = sum(report.files.values())
    lines = [
        f"{report.out_dir}: {_plural(len(report.files), 'file')}, {size:,} bytes, "
        f"{_plural(report.weights, 'weight')}, {report.parameters:,} parameters, "
        f"{report.seconds:.1f} s"
    ]
    lines += [f"  {name}  {bytes_:,} bytes" for name, bytes_ in report.files.items()]
    if report.renamed:
        lines.append("Layers renamed, since TensorFlow.js would not find them otherwise:")
        lines += [f"  {old} -> {new}" for old, new in report.renamed.items()]
    if report.notes:
        lines.append("Changed or left out:")
        lines += [f"  {note}" for note in report.notes]
    if report.twins:
        lines.append(
            f"TensorFlow.js lacks {', '.join(report.twins)}: keras-tfjs.js brings "
            f"{'it' if len(report.twins) == 1 else 'them'}. In a page:"
        )
        lines.append('  <script src="tf.min.js"></script>')
        lines.append('  <script src="keras-tfjs.js"></script>')
    else:
        lines.append("TensorFlow.js itself has all its layers. In a page:")
        lines.append('  <script src="tf.min.js"></script>')
    lines.append('  <script>tf.loadLayersModel("model.json").then(model => ...)</script>')
    return "\n".join(lines)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
