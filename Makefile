.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN := $(BIN)/python -m

help:  ## list these targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

# The environment: uv where it is there or can be had (five times faster), else plain pip.
.venv/ready: requirements.txt
	$(PYTHON) -m venv .venv
	$(RUN) pip install uv || echo "no uv to be had: pip takes a minute longer"
	$(RUN) uv pip install -r requirements.txt || $(RUN) pip install -r requirements.txt
	$(RUN) pip install --no-deps --no-build-isolation --editable .
	touch $@

setup: .venv/ready  ## create the environment

book: .venv/ready  ## build the book from nothing
	rm -rf _build/html
	$(RUN) jupyter_book build . --all -W -n --keep-going

test: .venv/ready  ## pass all tests
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) pytest

lock:  ## pin requirements.txt anew from pyproject.toml
	uv pip compile --universal --python-version 3.11 --all-extras pyproject.toml -o requirements.txt --upgrade

.PHONY: help setup book test lock
