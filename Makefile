# cartrial: `make help` says what there is.

PYTHON ?= python3
VENV := .venv
CORE_PYTHON ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/3.12*/bin/python3.12) python3.12)
CORE_VENV := .venv-core
CARTRIAL_CORE ?= ../shared/core
BIN := $(VENV)/bin
CODE := src tests $(wildcard benchmarks)
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
INSTALL := $(PIP) install --require-hashes --only-binary :all:

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules --no-print-directory --check-symlink-times

.PHONY: help
help: ## this list
	@sed -nE 's/^([a-z-]+):.*## /  make \1\t/p' Makefile | expand -t 20

.PHONY: demo
demo: $(VENV)/run.stamp ## simulate an 18-subject trial and report it, into out/demo
	@$(BIN)/cartrial simulate --subjects 18 --seed 1 out/demo
	@$(BIN)/cartrial report out/demo --out out/demo

.PHONY: web
web: $(VENV)/web.stamp ## a simulated trial in the browser, on http://127.0.0.1:8000
	@$(BIN)/cartrial web demo

.PHONY: test
test: $(VENV)/dev.stamp ## the tests
	@$(BIN)/python -m pytest -q -n auto

.PHONY: check
check: $(VENV)/dev.stamp ## format, lint, types, import layers
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy --strict
	@$(BIN)/lint-imports

.PHONY: check-all
check-all: check test core ## check, test, the slow tests, and CDISC CORE
	@$(BIN)/python -m pytest -q -n auto -m slow

.PHONY: core
core: ## the CDISC CORE rules on SDTM of a simulated trial, where there is what they need
	@if [ ! -f $(CARTRIAL_CORE)/run_core.py ]; then \
	    echo "CDISC CORE was not run: no rules in $(CARTRIAL_CORE) (name their folder: CARTRIAL_CORE=DIR)"; \
	elif ! $(CORE_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 12))' 2>/dev/null; then \
	    echo "CDISC CORE was not run: no Python 3.12 as $(CORE_PYTHON) (name it: CORE_PYTHON=FILE)"; \
	else \
	    $(MAKE) $(VENV)/run.stamp $(CORE_VENV)/core.stamp && rm -rf out/core && \
	    $(BIN)/cartrial simulate --subjects 18 --seed 1 out/core/trial && \
	    for form in xpt json; do \
	        $(BIN)/cartrial tabulate out/core/trial --out out/core/$$form --format $$form >/dev/null && \
	        $(CORE_VENV)/bin/python $(CARTRIAL_CORE)/run_core.py --data out/core/$$form \
	            --out out/core/$$form-report.json --allow tests/core/allow.txt --jobs 2 || exit 1; \
	    done; \
	fi

.PHONY: bench
bench: $(VENV)/dev.stamp ## every promise of speed, measured
	@for script in benchmarks/*.py; do echo "$$script"; $(BIN)/python "$$script" || exit 1; done

.PHONY: docs
docs: $(VENV)/docs.stamp ## the documentation, into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs --quiet build --strict

# The virtual environment. A stamp older than its requirements, or than the link to Python, is remade.

$(VENV)/run.stamp: requirements/run.txt pyproject.toml $(BIN)/python
	@echo "installing what cartrial needs into $(VENV)"
	@$(INSTALL) -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/web.stamp: requirements/web.txt $(VENV)/run.stamp
	@echo "installing what the web application needs into $(VENV)"
	@$(INSTALL) -r requirements/web.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "installing what the tests and checks need into $(VENV)"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

$(VENV)/docs.stamp: requirements/docs.txt $(VENV)/run.stamp
	@echo "installing what the documentation needs into $(VENV)"
	@$(INSTALL) -r requirements/docs.txt
	@touch $@

$(CORE_VENV)/core.stamp: requirements/core.txt
	@echo "installing the CDISC CORE engine into $(CORE_VENV)"
	@rm -rf $(CORE_VENV)
	@$(CORE_PYTHON) -m venv $(CORE_VENV)
	@$(CORE_VENV)/bin/python -m pip -qq --disable-pip-version-check --no-input install --require-hashes -r $<
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	    echo "cartrial needs Python 3.11 or later, got no $(PYTHON): sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "cartrial needs Python 3.11 or later, got $$($(PYTHON) --version 2>&1): name a later one, as in: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@rm -rf $(VENV)
	@{ $(PYTHON) -c 'import ensurepip, venv' && $(PYTHON) -m venv $(VENV); } >/dev/null 2>&1 || { \
	    rm -rf $(VENV); \
	    echo "$(PYTHON) cannot make a virtual environment: sudo apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; }
