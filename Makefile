# make run   read the sample documents in raw/ and publish warehouse/budget.duckdb
# make test  all tests        make check  the fast loop: ruff, mypy, unit tests
# make explore  the properties on new examples
# make soak  ten minutes of kills, publications and readers under a Dagster daemon (SECONDS=60 SEED=7 make soak)
PYTHON ?= python3
BIN := .venv/bin
# requirements.lock is what runs; requirements-dev.lock is that and what develops
RUNS := .venv/.runs
DEVELOPS := .venv/.develops
PIP := PYTHONUNBUFFERED=1 $(BIN)/pip install --disable-pip-version-check
# one process per core; the tests of a file stay together and share what they built
PARALLEL := --numprocesses auto --dist loadfile

.PHONY: run test check explore soak lock clean

run: $(RUNS)
	$(BIN)/yusuan run

test: check
	$(BIN)/pytest $(PARALLEL) tests --ignore=tests/unit

check: $(DEVELOPS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest $(PARALLEL) tests/unit

explore: $(DEVELOPS)
	HYPOTHESIS_PROFILE=default $(BIN)/pytest $(PARALLEL) tests/property tests/unit

soak: $(DEVELOPS)
	$(BIN)/python -m tools.soak --seconds $(or $(SECONDS),600) $(if $(SEED),--seed $(SEED))

# the set-up is done once, and again when its lock changes; it says what it installs
.venv/bin/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv

$(RUNS): requirements.lock pyproject.toml | .venv/bin/pip
	$(call install,requirements.lock)
	touch $@

$(DEVELOPS): requirements-dev.lock pyproject.toml | .venv/bin/pip
	$(call install,requirements-dev.lock)
	touch $@ $(RUNS)

# pip tells of every package; of that, a line for each that it fetches
define install
	@echo "setting up .venv from $(1): $$(grep -c '^[a-z].*==' $(1)) packages, some minutes the first time"
	@{ $(PIP) --require-hashes --only-binary :all: -r $(1); echo $$? > .venv/.status; } \
		| sed -n 's/^Collecting \([^ ]*\).*/  \1/p; s/^Installing collected packages.*/  installing/p'; exit $$(cat .venv/.status)
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
endef

# needs uv on the path
LOCK := uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras \
	--only-binary :all: --python-version 3.11
lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv warehouse build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
