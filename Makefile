# Every command installs what it needs first; a second run installs nothing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup services demo test test-role check fix openapi e2e bench drill fuzz manage lock stop reset audit sbom licences

PYTHON_BIN := .venv/bin/python
SERVICES := $(PYTHON_BIN) -m clauses_portal.embedded
# The system libraries, fonts and browser found by the bootstrap, then the tools of the virtual environment.
RUN := set -a; . .tools/env; set +a; export PATH="$(CURDIR)/.venv/bin:$$PATH";
DESCRIBE := python manage.py spectacular --format openapi-json --validate --fail-on-warn --file
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Install everything: Python packages in .venv/, Pango, fonts
	@bash .ci/bootstrap.sh

services: setup
	@$(RUN) $(SERVICES) start

staticfiles/staticfiles.json: .tools/env $(shell find static -type f 2>/dev/null)
	@$(RUN) python manage.py collectstatic --noinput --clear -v0
	@touch $@

demo: services ## Install, load the demonstration, start web, worker and beat; print the address and the accounts
	@$(RUN) python manage.py migrate -v0 && python manage.py check_grants --repair >/dev/null
	@$(MAKE) --no-print-directory staticfiles/staticfiles.json
	@$(RUN) python manage.py seed_demo
	@$(RUN) $(SERVICES) up
	@$(RUN) python manage.py demo_accounts

test: services ## Install, run the whole test suite, then the browser journeys (ARGS="…" goes to pytest)
	@$(RUN) pytest -n 2 --dist worksteal -m "not e2e" $(ARGS)
	@$(MAKE) --no-print-directory test-role
	@$(MAKE) --no-print-directory e2e

# What persons, amounts and hours go through, as production does it: policies of the database in force, no DDL.
CORE := tests/core/test_second_lock.py tests/facilitators/test_scoped_rows.py tests/participants/company \
	tests/participants/test_views_persons.py tests/participants/test_views_validations.py \
	tests/participants/test_views_hours_save.py tests/participants/test_temporal_key.py tests/participants/test_merging.py \
	tests/participants/privacy tests/abuse/test_a15_erasure.py tests/abuse/test_a26_histories.py \
	tests/markets/test_amounts.py tests/reporting/test_production.py tests/api/test_hours.py tests/api/test_participants.py

test-role: services ## Run the core of the suite under the database role of web and worker (docs/adr/0024)
	@$(RUN) pytest -n 2 --dist worksteal --application-role $(CORE)

e2e: services ## Run the browser journeys; skipped, and it is said, when Chromium cannot be obtained
	@bash .ci/bootstrap.sh browser
	@$(RUN) if [ -n "$$CHROMIUM" ]; then pytest tests -m e2e -p no:randomly $(ARGS); \
		else echo "SKIPPED: the browser journeys need Chromium, which is not on this machine."; fi

check: services ## Lint, format, import layers, Django's own checks, missing migrations
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) lint-imports --no-cache
	@$(RUN) python manage.py check
	@$(RUN) python manage.py makemigrations --check --dry-run
	@$(RUN) python -m tests.support.migrations_linter
	@$(RUN) $(DESCRIBE) .run/openapi.json && cmp -s .run/openapi.json docs/openapi.json || { \
		echo "docs/openapi.json is not what the views say: run « make openapi »."; \
		echo "docs/openapi.json ne décrit plus l’interface : lancez « make openapi »."; exit 1; }

openapi: services ## Write docs/openapi.json from the views of the interface (docs/api.md)
	@$(RUN) $(DESCRIBE) docs/openapi.json

fix: setup ## Correct what ruff can correct, and format
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

bench: services ## Compare pages, statements, imports on a large volume (ARGS="--size M", docs/bench.md)
	@$(RUN) python -m tests.bench $(ARGS)

fuzz: services ## Mutated requests: 2 000 per resource of the interface, 500 per form (ARGS="--api 200 --forms 50")
	@$(RUN) python -m tests.fuzz $(ARGS)

drill: setup ## Races, faults and a damaged backup, on servers of its own (ARGS="--full", docs/reliability.md)
	@$(RUN) python -m tests.drill $(ARGS)

manage: services ## Run a management command in the demonstration: make manage ARGS="import_decp FILE"
	@$(RUN) python manage.py migrate --check -v0 >/dev/null 2>&1 \
		|| { python manage.py migrate -v0 && python manage.py load_reference_data; }
	@$(RUN) python manage.py $(ARGS)

lock: setup ## Choose again the versions of requirements/*.txt from pyproject.toml (UPGRADE=--upgrade)
	@export PATH="$$PATH:$(CURDIR)/.tools/uv/bin"; set -e; \
		$(LOCK) $(UPGRADE) pyproject.toml -o requirements/base.txt; \
		$(LOCK) $(UPGRADE) pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt; \
		$(LOCK) $(UPGRADE) --group backup -c requirements/dev.txt -o requirements/backup.txt; \
		$(LOCK) $(UPGRADE) --group tools -o requirements/tools.txt

audit: setup ## Compare the locked packages with the published vulnerabilities (needs the network)
	@$(RUN) bash .ci/audit.sh

sbom: setup ## Write the list of what production contains, CycloneDX, in .run/sbom.json
	@mkdir -p .run
	@$(RUN) cat requirements/base.txt requirements/backup.txt >.run/shipped.txt && cyclonedx-py requirements \
		--of JSON --output-reproducible --pyproject pyproject.toml -o .run/sbom.json .run/shipped.txt
	@echo ".run/sbom.json"

licences: setup ## Write docs/licences.md from what the locked packages say
	@$(RUN) python -m tests.support.licences

stop: ## Stop everything that was started here
	@if [ -f .tools/env ]; then $(SERVICES) stop; fi

reset: ## Stop everything and erase the data of the demonstration
	@if [ -f .tools/env ]; then $(SERVICES) reset; fi
