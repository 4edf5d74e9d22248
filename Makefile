# Everything a fresh machine needs: Python 3.11 or newer, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# The benchmark's peers are many packages: they have an environment of their own.
BENCH := .venv-bench
DATA ?= data/sample
OUT ?= reports
AS_OF ?= 2024-12-31

# Where an environment forbids it, each process would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: audit test bench documents screenshots lock clean

audit: $(VENV)/.run-ready
	@$(BIN)/audit run $(DATA) --out $(OUT) --as-of $(AS_OF)

test: | $(VENV)/.made
	@# The browser comes while pip works.
	@$(MAKE) --no-print-directory --jobs 2 $(VENV)/.test-ready $(VENV)/.browser-ready
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

bench: $(BENCH)/.ready
	@$(BENCH)/bin/python -m tests.benchmarks
	@$(BENCH)/bin/python -m tests.benchmarks.peers --households 1000000
	@$(BENCH)/bin/python -m tests.benchmarks.second_night --households 100000

# Rewrites what is made from the rules, the contract and the sample: the catalogue, the dictionary, README's example.
documents: $(VENV)/.test-ready
	@$(BIN)/python -m tests.documents

# Takes README's pictures of the report again.
screenshots: $(VENV)/.test-ready $(VENV)/.browser-ready
	@$(BIN)/python -m tests.screenshots

lock: $(VENV)/.test-ready
	$(BIN)/python -m piptools compile --generate-hashes --no-emit-options --strip-extras --no-annotate --no-header --allow-unsafe --all-build-deps -o requirements.txt pyproject.toml
	$(BIN)/python -m piptools compile --generate-hashes --no-emit-options --strip-extras --no-annotate --no-header --allow-unsafe --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(BIN)/python -m piptools compile --generate-hashes --no-emit-options --strip-extras --no-annotate --no-header --allow-unsafe --extra bench -c requirements.txt -o requirements-bench.txt pyproject.toml

# Each stamp is newer than what it was made from, so a second run sets nothing up again.
$(VENV)/.made:
	@$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	@echo "Setting up $(VENV) (once; needs the network) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "python3-venv is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(VENV)/.made
	@$(INSTALL) --require-hashes -r requirements.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@# On all cores, which pip does not do; without the tests of libraries; what can't be compiled is no module.
	@$(BIN)/python -m compileall -qq -j 0 -x '/tests?/' $(VENV)/lib || true
	@touch $@

# All at once, since each start of pip takes long; the tests themselves compile what they import.
$(VENV)/.test-ready: requirements-dev.txt requirements.txt pyproject.toml | $(VENV)/.made
	@$(INSTALL) --require-hashes -r requirements.txt -r requirements-dev.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run-ready $@

$(VENV)/.browser-ready: tests/install_browser.py | $(VENV)/.made
	@$(BIN)/python tests/install_browser.py
	@touch $@

$(BENCH)/.ready: requirements-bench.txt requirements.txt pyproject.toml
	@$(PYTHON) -m venv $(BENCH) || { echo "python3-venv is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(BENCH) (once; needs the network) ..."
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) $(BENCH) dist build
