# make run   read the sample documents in raw/ and publish warehouse/budget.duckdb
# make test  all tests        make check  the fast loop: ruff, mypy, unit tests
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# one process per core; the tests of a file stay together and share what they built
PARALLEL := --numprocesses auto --dist loadfile

.PHONY: run test check lock clean

run: $(READY)
	$(BIN)/yusuan run

test: check
	$(BIN)/pytest $(PARALLEL) tests --ignore=tests/unit

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest $(PARALLEL) tests/unit

# the set-up is done once, and again when the lock changes
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# needs uv on the path
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras \
		--only-binary :all: --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv warehouse build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
