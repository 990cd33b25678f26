# One verb each; `make help` lists them. Needs Python 3.11 or newer with pip and venv, nothing else.
#
# All that is installed is pinned by hash in requirements/*.txt and comes as a wheel: a source archive would
# run its own build, with build tools that nothing pins. Another interpreter beside the usual one:
#     make test PYTHON=python3.13 VENV=.venv-3.13

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
TESTS ?= tests

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

BIN := $(VENV)/bin
BENCH := .venv-bench
LOCK := .venv-lock
INSTALL := install --quiet --disable-pip-version-check --no-input --require-hashes --only-binary :all:

# Each set is resolved within the ones before it, so that all of them fit in one environment.
SETS := build runtime data test lint
CODE = $(wildcard src tests tools bench fuzz)

.PHONY: help
help: ## List the verbs
	@sed -nE 's/^([a-z-]+):.*## (.*)$$/\1|\2/p' $(firstword $(MAKEFILE_LIST)) \
		| while IFS='|' read -r verb text; do printf '  make %-10s %s\n' "$$verb" "$$text"; done

.PHONY: demo
demo: $(VENV)/.runtime ## Audit the example application; reports in build/demo/
	@mkdir -p build/demo
	@code=0; \
	$(BIN)/lamward audit examples/orders \
		--output sarif=build/demo/orders.sarif --output json=build/demo/orders.json || code=$$?; \
	case $$code in \
		0|1) printf '\nThe same findings as files: build/demo/orders.sarif, build/demo/orders.json\n' ;; \
		*) printf 'the demo failed: lamward ended with exit code %s\n' "$$code" >&2; exit "$$code" ;; \
	esac

# The same in every run: property tests draw the same examples, snapshots are compared and never rewritten.
.PHONY: test
test: $(VENV)/.test ## Run the whole test suite (a part: make test TESTS=tests/iam)
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --hypothesis-profile=ci \
		--inline-snapshot=disable $(TESTS)

.PHONY: lint
lint: $(VENV)/.lint ## Style, types, layers and generated files, without the tests
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.generate check

.PHONY: check
check: lint test ## All that a change must pass: lint and test

.PHONY: fix
fix: $(VENV)/.lint ## Repair style and format the code
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

.PHONY: docs
docs: $(VENV)/.lint ## Write the generated files anew
	$(BIN)/python -m tools.generate write

.PHONY: bench
bench: $(VENV)/.test $(BENCH)/.installed ## Time lamward beside its peers
	$(BIN)/python -m bench --peers $(BENCH)/bin

.PHONY: new-check
new-check: $(VENV)/.lint ## Begin a check: make new-check NAME=family/name
	@test -n "$(NAME)" || { echo 'say which: make new-check NAME=family/name' >&2; exit 2; }
	$(BIN)/python -m tools.new_check "$(NAME)"

.PHONY: refresh
refresh: $(VENV)/.test ## Take the packed AWS facts anew from the installed packages
	@set -e; for tool in $(basename $(notdir $(wildcard tools/refresh_*.py))); do \
		$(BIN)/python -m "tools.$$tool"; \
	done

# Only releases at least a week old: a compromised one is usually found and withdrawn within days. No header, no
# index: what is committed must not tell whose machine or which mirror it was resolved on.
.PHONY: lock
lock: $(LOCK)/.installed ## Resolve requirements/*.in anew into hash-pinned requirements/*.txt
	@set -e; for set in $(SETS) bench lock; do \
		echo "requirements/$$set.txt"; \
		$(LOCK)/bin/uv pip compile --quiet --universal --python-version 3.11 --upgrade \
			--only-binary :all: --exclude-newer '1 week' \
			--generate-hashes --no-header --no-emit-index-url --no-emit-find-links \
			"requirements/$$set.in" --output-file "requirements/$$set.txt"; \
	done

.PHONY: clean
clean: ## Remove environments, caches and built files
	rm -rf $(VENV) $(BENCH) $(LOCK) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find $(CODE) -type d \( -name __pycache__ -o -name .mypy_cache \) -prune -exec rm -rf {} +

# One environment that grows as verbs need it. A stamp is older than what it was made from: install again.

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo '$(PYTHON) is not Python 3.11 or newer; choose one: make PYTHON=python3.11' >&2; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# Built with the pinned tools in the environment itself: an isolated build would download unpinned ones.
$(VENV)/.runtime: $(VENV)/.created requirements/build.txt requirements/runtime.txt pyproject.toml
	$(BIN)/python -m pip $(INSTALL) -r requirements/build.txt -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps \
		--no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.runtime requirements/test.txt
	$(BIN)/python -m pip $(INSTALL) -r requirements/test.txt
	@touch $@

$(VENV)/.lint: $(VENV)/.test requirements/lint.txt
	$(BIN)/python -m pip $(INSTALL) -r requirements/lint.txt
	@touch $@

# The peers pin versions of their own, so they live apart.
$(BENCH)/.installed: requirements/bench.txt
	$(PYTHON) -m venv --clear $(BENCH)
	$(BENCH)/bin/python -m pip $(INSTALL) -r requirements/bench.txt
	@touch $@

$(LOCK)/.installed: requirements/lock.txt
	$(PYTHON) -m venv --clear $(LOCK)
	$(LOCK)/bin/python -m pip $(INSTALL) -r requirements/lock.txt
	@touch $@
