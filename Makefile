# Everything lives in .venv. Two commands set a fresh machine up: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
SHELL := /bin/bash
# Where the tests of the store find a PostgreSQL whose role may make databases.
POSTGRES := $(or $(CLOCKSTOP_TEST_DATABASE),postgresql://postgres@127.0.0.1/clockstop)
# What Python compiled is kept: else each of a run's many processes compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.PHONY: help demo test check lint types collect fix bench soak docs lock clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

.venv/.uv:
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.base: .venv/.uv requirements/base.txt pyproject.toml
	$(UV) pip install --quiet --require-hashes -r requirements/base.txt
	$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: .venv/.base requirements/dev.txt
	$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/.base  ## Make the synthetic England, start the site, open the browser (DATA=DIR for the published files)
	$(BIN)/clockstop demo $(if $(DATA),--data "$(DATA)")

test: .venv/.dev  ## Run every test, quickly: on SQLite, and those of the store on PostgreSQL too
	@shared="$$(mktemp -d)" && trap 'rm -rf "$$shared"' EXIT && export CLOCKSTOP_TEST_SHARED="$$shared" && set -ex; \
	env -u CLOCKSTOP_TEST_DATABASE $(BIN)/pytest -n auto; \
	CLOCKSTOP_TEST_DATABASE="$(POSTGRES)" $(BIN)/pytest -n auto -m "django_db and not soak" tests/service

check: lint types docs  ## Lint, format, types, import contracts, docs

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python scripts/lint_scoped_queries.py

types: .venv/.dev
	$(BIN)/mypy

collect: .venv/.dev
	@said="$$($(BIN)/pytest --collect-only -qq)" || { echo "$$said"; exit 1; }

fix: .venv/.dev  ## Mend what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.dev  ## Measure speed against named peers; needs the published files
	$(BIN)/python -m benchmarks

soak: .venv/.dev  ## The long runs: a thousand mutated inputs, kills at every point, every property and kind of visitor
	CLOCKSTOP_SOAK=1 env -u CLOCKSTOP_TEST_DATABASE $(BIN)/pytest -n auto -rP tests -m "soak or hypothesis"
	CLOCKSTOP_SOAK=1 CLOCKSTOP_TEST_DATABASE="$(POSTGRES)" $(BIN)/pytest -n auto -rP -m django_db tests/service
	CLOCKSTOP_SOAK=1 env -u CLOCKSTOP_TEST_DATABASE $(BIN)/pytest -n auto tests/journeys

docs: .venv/.dev  ## Build the documentation site into docs/_build/html
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

lock: .venv/.uv  ## Resolve the requirements anew
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate requirements/bootstrap.in -o requirements/bootstrap.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/base.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt -c requirements/base.txt

clean:  ## Remove what was built
	rm -rf .venv docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
