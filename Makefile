# Two commands matter: `make up` (rehearse the dev stack here) and `make test` (every check and test).
.DEFAULT_GOAL := help
.PHONY: help setup up down check unit rehearsal test lock bench clean

STACK ?= dev
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
RUN := .venv/bin

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.uv/bin/uv:
	@echo "uv is not on this machine: installing it into .uv" >&2
	@$(PYTHON) -m venv .uv && .uv/bin/python -m pip install --quiet uv==$(UV_VERSION)

# The stamp makes setup free once nothing that it reads has changed.
.venv/.locked: requirements.lock pyproject.toml | $(filter .uv/%,$(UV))
	@test -x .venv/bin/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@echo "installing the locked packages into .venv" >&2
	@$(UV) pip sync --quiet --compile-bytecode --require-hashes --python .venv/bin/python requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
	@$(RUN)/python -m compileall -q src
	@touch $@

setup: .venv/.locked ## create .venv with the seatrial command in it

up: setup ## rehearse STACK (dev) on this machine, run the acceptance suite, leave it running
	@$(RUN)/seatrial rehearse up --stack $(STACK)
	@$(RUN)/seatrial rehearse test --stack $(STACK)
	@printf '\nThe rehearsal is running. Look around:\n'
	@printf '  %s\n' 'eval "$$($(RUN)/seatrial rehearse env --stack $(STACK))"' 'kubectl get nodes,pods -A' '$(RUN)/seatrial rehearse status --stack $(STACK)' '$(RUN)/seatrial plan --stack $(STACK)'
	@printf 'Stop it and leave nothing:\n  make down%s\n' '$(if $(filter-out dev,$(STACK)), STACK=$(STACK))'

down: setup ## end the rehearsal of STACK (dev) and leave nothing
	@$(RUN)/seatrial rehearse down --stack $(STACK)

check: setup ## format, lint, types, layers
	$(RUN)/ruff format --check .
	$(RUN)/ruff check .
	$(RUN)/lint-imports
	$(RUN)/pyright

unit: setup ## the unit tests alone: offline, in random order, on every core
	$(RUN)/pytest -m "not rehearsal" --numprocesses auto --dist worksteal

rehearsal: setup ## the tests alone that run the real engine against the emulated account
	$(RUN)/seatrial toolchain build
	$(RUN)/pytest -m rehearsal

# Watching every branch makes the unit tests some three times slower; processes that they start are watched too.
test: check ## every check and test, with every statement and branch covered by the unit tests
	$(RUN)/coverage erase
	$(RUN)/coverage run -m pytest -m "not rehearsal" --numprocesses auto --dist worksteal
	@$(RUN)/coverage combine --quiet
	$(RUN)/coverage report --fail-under=100
	$(RUN)/seatrial toolchain build
	$(RUN)/pytest -m rehearsal

bench: setup ## time plan, check, each rule and evaluator, and a thousand tenants on this machine
	$(RUN)/python benchmarks/run.py --rules --scale

COMPILE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: | $(filter .uv/%,$(UV)) ## resolve the locks anew: the project's packages, the AWS CLI's
	$(COMPILE) --all-extras --group dev --output-file requirements.lock pyproject.toml
	$(COMPILE) --output-file toolchain/awscli/requirements.txt toolchain/awscli/requirements.in

clean: ## remove what setup and the tests made (not a running rehearsal)
	rm -rf .venv .uv .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis .import_linter_cache
