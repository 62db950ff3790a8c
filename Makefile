.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN := $(BIN)/python -m

help:  ## list these targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

# The environment, with uv where it can be had (five times faster), else with pip.
.venv/ready: requirements.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else f"Python {v[0]}.{v[1]} is not 3.11 to 3.13; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	-$(RUN) pip install --quiet uv
	$(RUN) uv pip install --compile-bytecode -r requirements.txt || $(RUN) pip install -r requirements.txt
	$(RUN) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

setup: .venv/ready  ## create the environment

book: .venv/ready  ## build the book from nothing, warnings are errors
	rm -rf _build/html
	$(BIN)/jupyter-book build . --all -W -n --keep-going
	@echo "open file://$(CURDIR)/_build/html/index.html"

pdf: book  ## print the book as one PDF; needs Chromium
	$(BIN)/python book/_ext/pdf.py

zip: book  ## pack the book to be read offline
	$(BIN)/python book/_ext/offline.py

lite: book  ## add JupyterLite, to work the exercises in the browser
	$(BIN)/python book/_ext/lite.py

test: lint  ## pass all tests
	$(RUN) pytest -n auto

lint: .venv/ready  ## check style, types and spelling
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/typos

exercises: .venv/ready  ## write exercises/ from solutions/
	$(RUN) optilab.grading.release

grade: .venv/ready  ## grade the sample cohort into _build/grade; some of it cannot be graded
	$(RUN) tests.grading.cohort _build/grade
	$(RUN) optilab.grading grade 02-gradient-descent --course _build/grade; test $$? -le 1

.venv-goldens/ready: tests/golden/requirements.txt
	$(PYTHON) -m venv .venv-goldens
	.venv-goldens/bin/pip install --quiet -r $<
	@touch $@

goldens: .venv-goldens/ready  ## ask torch, Keras and optax again for the frozen paths
	PYTHONPATH=tests .venv-goldens/bin/python -m golden

benchmarks: .venv-goldens/ready  ## time steps and sweeps beside torch and optax
	.venv-goldens/bin/python -m benchmarks

data:  ## make the shipped data sets again from their originals
	$(PYTHON) -m venv .venv-data
	.venv-data/bin/pip install --quiet scikit-learn==1.9.1 vega-datasets==0.9.0
	.venv-data/bin/python optilab/_data/make.py

vendor:  ## fetch the third-party files that pages serve
	$(PYTHON) book/_ext/vendor.py

lock:  ## pin requirements.txt anew from pyproject.toml
	uv pip compile --universal --python-version 3.11 --all-extras --upgrade pyproject.toml -o requirements.txt
	uv pip compile --upgrade --no-python-downloads --python-version 3.14 --python-platform wasm32-pyodide2024 \
	  --no-emit-package widgetsnbextension --generate-hashes --no-annotate \
	  --constraint requirements.txt book/_ext/lite.in -o book/_ext/lite.txt

.PHONY: help setup book pdf zip lite test lint exercises grade goldens benchmarks data vendor lock
