# What people type. `make` alone tells.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export UV_PROJECT_ENVIRONMENT := .venv
unexport VIRTUAL_ENV

# Certificates of the system, which know a company's proxy; uv and pip bring lists of their own that do not.
export UV_SYSTEM_CERTS ?= true
export UV_NATIVE_TLS ?= true
CERTIFICATES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
ifneq ($(CERTIFICATES),)
export PIP_CERT ?= $(CERTIFICATES)
endif

# A private folder, so that a uv installed here disturbs nothing else on the machine.
UV_HOME := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/llmlz/uv
UV := $(shell command -v uv 2>/dev/null || echo $(UV_HOME)/bin/uv)
export PATH := $(PATH):$(UV_HOME)/bin
RUN := $(UV) run --frozen --no-sync

.PHONY: help
help: ## What there is to type
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(UV_HOME)/bin/uv:
	python3 -m venv $(UV_HOME)
	$(UV_HOME)/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/installed: pyproject.toml uv.lock | $(if $(findstring $(UV_HOME),$(UV)),$(UV))
	$(UV) sync --frozen --quiet
	@touch $@

.PHONY: try
try: .venv/installed ## Record, check, rehearse, deploy to a local cloud, call as a team, report
	$(RUN) llmlz try $(ARGS)

.PHONY: test
test: .venv/installed environments lint ## Everything that a change must pass; RINGS="1 2 3 4" says which rings may not skip
	@$(MAKE) --no-print-directory engine || echo "ring 3 has no engine: its tests say what is left out"
	@$(MAKE) --no-print-directory cluster || echo "ring 4 has no cluster: its tests say what is left out"
	$(RUN) python -m pytest -n logical --dist loadfile --require-rings "$(or $(RINGS),1)" $(PYTEST)

.PHONY: test-all
test-all: .venv/installed engine cluster environments lint ## Wide matrices too
	$(RUN) python -m pytest -n logical --dist loadfile --require-rings "1 2 3 4 5" --wide $(PYTEST)

.PHONY: lint
lint: .venv/installed ## Format, lint, types, imports
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports

.PHONY: format
format: .venv/installed ## Format and mend what can be mended
	$(RUN) ruff check --fix-only --quiet .
	$(RUN) ruff format .

.PHONY: check
check: .venv/installed ## Controls over the example estate
	$(RUN) llmlz check

.PHONY: engine
engine: .venv/installed ## Find the Pulumi engine, or build it once from Go modules
	$(RUN) python -m llmlz.engine.build

.PHONY: cluster
cluster: .venv/installed ## Build the programs of a Kubernetes cluster once from Go modules
	$(RUN) python -m llmlz.cluster.build

.PHONY: goldens
goldens: .venv/installed ## Write the goldens anew; review the difference like code
	$(RUN) python -m tests.goldens

.PHONY: keep
keep: .venv/installed ## Keep what this release leaves behind: TAG=v0.2.0; needs the provider of ring 2
	$(RUN) python -m tests.releases $(TAG)

.PHONY: policies
policies: .venv/installed ## Write the pack's records anew, and the archive that teams pin, with its hash
	$(RUN) python -m llmlz.checks.packing build
	$(RUN) python -m llmlz.checkov.offered

.PHONY: schemas
schemas: .venv/installed ## Write the JSON schemas of stack files and team files anew
	$(RUN) python -m stacks.schema

.PHONY: docs
docs: .venv/installed ## Write the generated reference pages anew
	$(RUN) python -m docs.generate

.PHONY: bench
bench: .venv/installed ## Ratios against peers, side by side
	$(RUN) python -m bench

.PHONY: environments
environments: .venv/installed ## The separate environments of checkov and the local cloud
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.envs/checkov $(UV) sync --frozen --quiet --project environments/checkov
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.envs/policy $(UV) sync --frozen --quiet --project environments/policy
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.envs/cloud $(UV) sync --frozen --quiet --project environments/cloud

.PHONY: clean
clean: ## Remove everything that was made here
	rm -rf .venv .envs build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
