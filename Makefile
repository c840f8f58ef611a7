# The two commands of the quick start are `make demo` and `make test`; each sets itself up.
SHELL := /bin/bash
export SAM_CLI_TELEMETRY := 0
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin

.PHONY: help demo test world check lint types templates fix docs lock bench build deploy environment smoke simulate soak capacity gameday load fuzz mutate audit sbom clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

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

demo: .venv/local ## play a day of a real shop on a local stack, from nothing; PORT=4567 for another port
	@$(BIN)/vtr demo $(if $(PORT),--port $(PORT))

# End to end comes last and alone: each of its stacks is a machine's worth of processes.
test: .venv/dev ## run every test
	@$(BIN)/pytest -n 2 -m "not e2e"
	@$(BIN)/pytest -m e2e

lint: .venv/dev ## ruff: rules and format; vulture: code that nothing reaches
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/vulture

types: .venv/dev ## mypy, strict
	@$(BIN)/mypy

TEMPLATES = $(wildcard template.yaml infra/*.yaml)
templates: build/sam/bin/sam build/checkov/bin/checkov ## check every template: SAM, cfn-lint, checkov
	@for each in $(TEMPLATES); do build/sam/bin/sam validate --lint --region us-east-1 --template $$each; done
	@build/checkov/bin/checkov --config-file .checkov.yaml --file $(TEMPLATES)

check: lint types templates test ## what CI runs

fix: .venv/dev ## let ruff mend and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: .venv/dev ## write the API's description and its page from the code
	@$(BIN)/python -m vtr_openapi

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock: .venv/uv ## lock the dependencies again after pyproject.toml changed
	@$(LOCK) pyproject.toml -o functions/requirements.txt
	@$(LOCK) pyproject.toml --extra local infra/build.in -c functions/requirements.txt -o infra/requirements.txt
	@$(LOCK) pyproject.toml --extra local --extra dev infra/build.in -c infra/requirements.txt -o tests/requirements.txt
	@$(LOCK) tests/fuzz/requirements.in -o tests/fuzz/requirements.txt
	@$(LOCK) tests/mutation/requirements.in -c tests/requirements.txt -o tests/mutation/requirements.txt
	@$(LOCK) tests/load/requirements.in -o tests/load/requirements.txt
	@for each in audit sam checkov; do $(LOCK) infra/$$each.in -o infra/$$each.txt; done

.venv/fuzz: .venv/dev tests/fuzz/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r tests/fuzz/requirements.txt
	@touch $@

fuzz: .venv/fuzz ## fuzz every source's decoder, guided by coverage: make fuzz BODIES=1000000
	@for source in $(notdir $(wildcard tests/fixtures/sources/*)); do echo "$$source"; PYTHONPATH=functions:tests \
		$(BIN)/python tests/fuzz/fuzz_sources.py $$source $(or $(BODIES),100000) build/fuzz; done

.venv/mutate: .venv/dev tests/mutation/requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r tests/mutation/requirements.txt
	@touch $@

# The same examples and the same order of sets for every mutant; no plugin that tests do without.
mutate: .venv/mutate ## put small faults into the code; the tests must find them: make mutate LAYER=domain SAMPLE=40
	@PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 HYPOTHESIS_PROFILE=mutation PYTHONHASHSEED=0 PYTHONPATH=functions:infra:tests \
		$(BIN)/python -m mutation.run $(if $(LAYER),--layer $(LAYER)) $(if $(SAMPLE),--sample $(SAMPLE)) $(ARGS)

# An environment of its own, from a lock of its own: these tools ask for other releases than the functions.
define own_environment
@$(BIN)/uv venv --quiet --clear $(1)
@$(BIN)/uv pip install --quiet --python $(1) --require-hashes -r $(2)
@touch $@
endef

build/audit/bin/pip-audit: .venv/uv infra/audit.txt
	$(call own_environment,build/audit,infra/audit.txt)

build/sam/bin/sam: .venv/uv infra/sam.txt
	$(call own_environment,build/sam,infra/sam.txt)

build/checkov/bin/checkov: .venv/uv infra/checkov.txt
	$(call own_environment,build/checkov,infra/checkov.txt)

audit: build/audit/bin/pip-audit ## look for known vulnerabilities in every locked package
	@for lock in functions infra tests; do $< --disable-pip --require-hashes -r $$lock/requirements.txt; done

sbom: build/audit/bin/pip-audit ## write the functions' bill of materials, build/sbom.json (CycloneDX)
	@build/audit/bin/cyclonedx-py requirements --output-reproducible -o build/sbom.json functions/requirements.txt

build/load/bin/locust: .venv/local tests/load/requirements.txt
	$(call own_environment,build/load,tests/load/requirements.txt)

load: build/load/bin/locust ## load the stack that is up: make load USERS=20 SECONDS=60
	@PYTHONPATH=functions:infra $< -f tests/load/locustfile.py --headless --only-summary \
		--users $(or $(USERS),20) --spawn-rate 5 --run-time $(or $(SECONDS),60)s $(ARGS)

world: .venv/dev ## what the world sends, by kind: how much of it comes out right
	@PYTHONPATH=functions:infra:tests $(BIN)/python -m world.score

simulate: .venv/dev ## play random stories against the oracle: make simulate SEEDS=100000 FIRST=0
	@PYTHONPATH=functions:infra:tests $(BIN)/python -m simulation.run --seeds $(or $(SEEDS),2000) --first $(or $(FIRST),0)

soak: .venv/dev ## some ten minutes of what wears a store out: make soak PACKAGES=20000
	@VTR_SOAK_PACKAGES=$(or $(PACKAGES),20000) VTR_SOAK_SECONDS=120 $(BIN)/pytest -s -q tests/e2e/test_soak.py

capacity: .venv/dev ## what each operation costs in DynamoDB units and in bytes of log (docs/capacity.md, and what vtr cost reckons with)
	@POWERTOOLS_SERVICE_NAME=vtr PYTHONPATH=functions:infra:tests $(BIN)/python -m support.operations

gameday: .venv/dev ## raise every alarm once, in this process, and name the runbook that leads back
	@POWERTOOLS_SERVICE_NAME=vtr PYTHONPATH=functions:infra:tests $(BIN)/python -m integration.drills

bench: .venv/dev ## measure speed, cold starts and memory against floors, peers and budgets
	@PYTHONPATH=functions:infra:tests $(BIN)/python -m benchmarks.bench

build: .venv/local ## build what is deployed: one archive for all functions, and the templates
	@$(BIN)/python -m vtr_build --python "$(TARGET_PYTHON)"

# The stacks of an environment, in the order in which they need each other: sections of samconfig.toml.
STACKS = $(ENV)-data $(ENV)
# The environments whose data is kept from being deleted or replaced by mistake.
PROTECTED = prod

environment:
	@grep -qs "^\[$(ENV)\.deploy" samconfig.toml || { echo "There is no environment \"$(ENV)\": say make deploy ENV=staging, or ENV=prod, or describe it in samconfig.toml"; exit 1; }

deploy: environment build build/sam/bin/sam ## deploy an environment, asking nothing: make deploy ENV=staging
	@for stack in $(STACKS); do build/sam/bin/sam deploy --config-env $$stack; done
	@$(if $(filter $(ENV),$(PROTECTED)),$(BIN)/vtr protect --stack vtr-$(ENV))

smoke: environment .venv/local ## try a deployed environment from end to end: make smoke ENV=staging
	@$(BIN)/vtr smoke --stack vtr-$(ENV)

clean: ## remove what was built; the local stack's state too
	@rm -rf .venv .local build .mypy_cache .ruff_cache .pytest_cache .coverage
