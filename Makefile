# The two commands of the quick start are `make demo` and `make test`; each sets itself up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: help demo test check lint types fix lock capacity clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

# One environment, filled as far as the target needs it: `demo` takes what the command line and
# the local stack need, `test` adds the checkers. A stamp is older than its lock when that changed.
.venv/uv: infra/bootstrap.txt
	@test -n "$(PYTHON)" || { echo "VTR needs Python 3.11 or newer: install it, or name it with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r infra/bootstrap.txt
	@touch $@

.venv/local: .venv/uv infra/requirements.txt pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r infra/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/local tests/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r tests/requirements.txt
	@touch $@

demo: .venv/local ## play a day of a real shop on a local stack, from nothing
	@$(BIN)/vtr demo

# End to end comes last and alone: each of its stacks is a machine's worth of processes.
test: .venv/dev ## run every test
	@$(BIN)/pytest -n 2 -m "not e2e"
	@$(BIN)/pytest -m e2e

lint: .venv/dev ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/dev ## mypy, strict
	@$(BIN)/mypy

check: lint types test ## what CI runs

fix: .venv/dev ## let ruff mend and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock: .venv/uv ## lock the dependencies again after pyproject.toml changed
	@$(LOCK) pyproject.toml -o functions/requirements.txt
	@$(LOCK) pyproject.toml --extra local infra/build.in -c functions/requirements.txt -o infra/requirements.txt
	@$(LOCK) pyproject.toml --extra local --extra dev infra/build.in -c infra/requirements.txt -o tests/requirements.txt

capacity: .venv/dev ## print what each operation costs in DynamoDB units (docs/capacity.md)
	@PYTHONPATH=functions:infra:tests $(BIN)/python -m support.operations

clean: ## remove what was built; the local stack's state too
	@rm -rf .venv .local build .mypy_cache .ruff_cache .pytest_cache .coverage
