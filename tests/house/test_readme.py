"""README keeps its promises: its code runs and prints what it says, its lists are complete."""

import contextlib
import io
import re
from pathlib import Path

from keras_bias_demo import live

README = (Path(__file__).resolve().parents[2] / "README.md").read_text()


def test_the_examples_print_what_they_say() -> None:
    code = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    promised = re.findall(r"^print\(.*\)\s+# (.+)$", code, re.MULTILINE)
    printed = io.StringIO()

    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "README.md", "exec"), {})
    finally:
        live.close()  # the server that it leaves, which other tests would take for theirs

    assert promised
    assert printed.getvalue().splitlines() == promised
