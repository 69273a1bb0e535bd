# Everything starts from a bare machine: python3, git and the package registries.
#   make demo    train five networks, export them, prove them, open the page
#   make test    every check and every test
#   make bench   the table of benchmarks
.PHONY: demo test bench setup browser lint check-js test-python build pins clean
.DEFAULT_GOAL := help

ARGS ?=
UV ?= $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
PYTHON := .venv/bin/python
# Packages are installed from the pins by `setup`; `uv run` is not to change them behind our back.
export UV_NO_SYNC = 1

help:
	@sed -n 's/^#  *make/make/p' Makefile

demo: setup
	@$(UV) run keras-bias demo $(ARGS)

test: setup browser lint check-js test-python

bench: setup browser
	$(PYTHON) -m pytest tests/bench -m bench $(ARGS)

# ---- set-up -----------------------------------------------------------------------------------

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt build_javascript.py | $(UV)
	@$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	@echo "Installing the Python packages (TensorFlow among them: a minute or two) ..."
	@$(UV) pip install --python $(PYTHON) --quiet -c constraints.txt -e . --group dev
	@touch $@

.uv/bin/uv:
	@python3 -c 'import ensurepip' 2>/dev/null || \
	  { echo "Installing python3-venv ..."; apt-get update -qq && apt-get install -y -qq python3-venv; }
	@echo "Installing uv ..."; python3 -m venv .uv
	@.uv/bin/pip install --quiet uv

# A uv that the machine has needs no rule.
$(filter-out .uv/bin/uv,$(UV)):

# The official converter wants an older TensorFlow: it lives by itself, for interop and benchmarks.
.venv-official/.ready: pyproject.toml | setup
	@$(UV) venv --quiet --allow-existing --python '>=3.11,<3.13' .venv-official
	@echo "Installing the official converter in an environment of its own (a minute) ..."
	@$(UV) pip install --python .venv-official/bin/python --quiet -e '.[tensorflowjs]'
	@touch $@

browser:
	@command -v chromium >/dev/null || \
	  { echo "Installing Chromium ..."; apt-get update -qq && apt-get install -y -qq chromium; }

build: setup
	$(PYTHON) build_javascript.py

# ---- checks, in the order of what fails fastest -------------------------------------------------

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	.venv/bin/mypy

check-js: build
	$(PYTHON) build_javascript.py npm run --silent check

# The layers answer to the same contract on both backends; the rest needs one backend only.
test-python: build
	KERAS_BACKEND=jax $(PYTHON) -m pytest $(ARGS)
	KERAS_BACKEND=tensorflow $(PYTHON) -m pytest tests/layers keras_bias $(ARGS)

# ---- upkeep -----------------------------------------------------------------------------------

pins: | $(UV)
	$(UV) pip compile --universal --python-version 3.11 --quiet --no-header --no-annotate \
	  --group dev --extra tensorflow --extra jax --extra node -o constraints.txt pyproject.toml

clean:
	rm -rf .venv .venv-official .uv node_modules export/runtime/node_modules web_demo/node_modules \
	  export/runtime/dist export/keras_tfjs/_js web_demo/keras_bias_demo/_site artefacts demo-models
