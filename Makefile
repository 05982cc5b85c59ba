# make demo | test | check | bench: each creates .venv first, with nothing but Python 3.11+ at hand.

BIN   := .venv/bin
READY := .venv/.ready
# Each worker starts its own database servers, hence not one for every core of a large machine. The slow
# tests of the screens come late: who is done first takes some of them.
PYTEST_FLAGS ?= -n auto --maxprocesses 4 --dist worksteal

.PHONY: help demo demo-rename test check format-check lint types layers tools bench format clean
.DEFAULT_GOAL := help

help:
	@echo 'make demo    open the wizard on a sample shop (without a terminal: one whole change, headless)'
	@echo 'make demo-rename   a rename over three deploys and back, under the traffic of old and new code'
	@echo 'make test    run the tests'
	@echo 'make check   format, lint, types, layers, tests'
	@echo 'make tools   fetch the servers and runners that this machine lacks, for the tests'
	@echo 'make bench   measure what DESIGN promises'
	@echo 'make format  put the code into its format'
	@echo 'make clean   remove .venv and what tools left behind'

demo: $(READY)
	@$(BIN)/migwiz demo

demo-rename: $(READY)
	@$(BIN)/migwiz demo --rename

test: $(READY)
	$(BIN)/pytest $(PYTEST_FLAGS)

# The tests come last: with `make -k check`, their summary is the end of it all.
check: format-check lint types layers test

format-check: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

# Once for each machine; they are kept in the user's cache folder (or MIGWIZ_TOOL_CACHE).
tools: $(READY)
	@$(BIN)/python tests/majors.py || true
	@$(BIN)/python tests/tools.py

bench: $(READY)
	@for file in $$(grep -l '__main__' benchmarks/*.py); do \
	  echo "== $$file"; $(BIN)/python "$$file" || exit 1; \
	done

format: $(READY)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

# A candidate has to run, not only to exist: version managers leave shims for absent versions.
$(READY): requirements.lock pyproject.toml | .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Creating .venv with $$("$$python" --version) …"; \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; \
	    echo 'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; \
	  fi; \
	done; \
	echo 'migwiz needs Python 3.11 or newer, and found none that runs.' >&2; \
	echo 'Install one, or name it: make PYTHON=/path/to/python3.12 …' >&2; \
	exit 1
