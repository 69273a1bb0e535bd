"""README keeps its promises: its code runs and prints what it says, its lists are complete."""

import contextlib
import io
import re
from pathlib import Path

from keras_tfjs.translate.images import IDENTICAL
from keras_tfjs.translate.registry import LAYERS

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def test_the_examples_print_what_they_say() -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    promised = re.findall(r"^print\(.*\)\s+# (.+)$", code, re.MULTILINE)
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})

    assert promised
    assert printed.getvalue().splitlines() == promised


def test_every_layer_that_converts_is_named() -> None:
    classes = {name.rsplit(">", 1)[-1] for name in LAYERS} - {"GroupedQueryAttention"}
    said = set(re.findall(r"`(\w+)`", README.split("### What converts")[1]))
    summed_up = {name for name in classes if name.endswith(("Dropout1D", "Dropout2D", "Dropout3D"))}
    summed_up |= {"Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "InputLayer"}
    summed_up |= {name for name in classes if "Pooling" in name}
    summed_up |= set(IDENTICAL)  # that augment images

    assert classes - summed_up - said == set()
