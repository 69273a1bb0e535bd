# Everything starts from a bare machine: python3, git and the package registries.
#   make demo    train five networks, export them, prove them, open the page
#   make test    every check and every test
#   make site    the page as files, in site/: for a web host, or to open site/index.html
#   make bench   the table of benchmarks
#   make test-zoo     every architecture of keras.applications and of the examples
#   make test-torch   the layers on PyTorch, in an environment of its own
#   make test-lowest  the layers on the oldest Keras that pyproject.toml admits
.PHONY: demo site test bench setup bytecode browser lint check-js test-python test-zoo test-torch test-lowest \
  build pins clean
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

site: setup
	@$(UV) run keras-bias demo --no-serve
	@$(UV) run keras-bias site --overwrite site demo-models

test: setup bytecode browser lint check-js test-python

bench: setup bytecode browser
	$(PYTHON) -m pytest tests/bench -m bench $(ARGS)

# ---- set-up -----------------------------------------------------------------------------------

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt build_javascript.py | $(UV)
	@$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	@echo "Installing the Python packages (TensorFlow among them: a minute or two) ..."
	@$(UV) pip install --python $(PYTHON) --quiet -c constraints.txt -e . --group dev
	@touch $@

# Every process that imports Keras would compile it anew, for ten seconds, where Python may not keep
# what it compiles (PYTHONDONTWRITEBYTECODE, as images of containers often have it).
bytecode: .venv/.compiled

.venv/.compiled: .venv/.ready
	@echo "Compiling the Python packages (half a minute) ..."
	@$(PYTHON) -m compileall -q -q -j 0 -x '/tests?/' .venv/lib; touch $@

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

# PyTorch's wheels for a CPU lie where pip looks by itself; uv takes those with CUDA, 3 GB of them.
.venv-torch/.ready: pyproject.toml constraints.txt | setup
	@$(PYTHON) -m venv .venv-torch
	@echo "Installing PyTorch in an environment of its own (a minute) ..."
	@.venv-torch/bin/python -m pip install --quiet torch==2.13.0
	@$(UV) pip install --python .venv-torch/bin/python --quiet -c constraints.txt \
	  -r pyproject.toml --extra torch pytest
	@touch $@

.venv-lowest/.ready: pyproject.toml constraints.txt | setup
	@$(UV) venv --quiet --allow-existing --python '>=3.11' .venv-lowest
	@$(UV) pip install --python .venv-lowest/bin/python --quiet --resolution lowest-direct \
	  -r pyproject.toml --extra jax
	@$(UV) pip install --python .venv-lowest/bin/python --quiet -c constraints.txt pytest
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

ON_BOTH_CORES := -n 2 --dist worksteal

# The layers answer to the same contract on both backends; the rest needs one backend only. That of
# the zoo is TensorFlow, which runs a model of hundreds of layers without compiling it.
test-python: build
	KERAS_BACKEND=jax $(PYTHON) -m pytest $(ON_BOTH_CORES) --ignore=tests/zoo $(ARGS)
	KERAS_BACKEND=tensorflow $(PYTHON) -m pytest $(ON_BOTH_CORES) tests/layers keras_bias tests/zoo \
	  $(ARGS)

test-zoo: build
	KERAS_BACKEND=tensorflow $(PYTHON) -m pytest tests/zoo -m "zoo or not zoo" $(ARGS)

test-torch: .venv-torch/.ready
	KERAS_BACKEND=torch .venv-torch/bin/python -m pytest tests/layers keras_bias $(ARGS)

test-lowest: .venv-lowest/.ready
	KERAS_BACKEND=jax .venv-lowest/bin/python -m pytest tests/layers/test_mixin.py \
	  tests/layers/test_contract.py tests/layers/test_contract_files.py $(ARGS)

# ---- upkeep -----------------------------------------------------------------------------------

pins: | $(UV)
	$(UV) pip compile --universal --python-version 3.11 --quiet --no-header --no-annotate \
	  --group dev --extra tensorflow --extra jax --extra node -o constraints.txt pyproject.toml

clean:
	rm -rf .venv .venv-official .venv-torch .venv-lowest .uv node_modules \
	  export/runtime/node_modules web_demo/node_modules export/runtime/dist export/keras_tfjs/_js web_demo/keras_bias_demo/_site artefacts demo-models site
