# make run | run SERVE=no | test | check | serve | dagster | lock | audit
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
HOME_DIR ?= .evenhand
PORT ?= 8050
SERVE ?= yes

.PHONY: run serve test check audit dagster lock setup clean

setup: $(READY)

# Everything is installed from the lock, which is complete, each file held to its hash. npm brings the chart bundle.
$(READY): requirements.lock pyproject.toml dashboards/vendor.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Evenhand needs Python 3.11 or newer; set PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m dashboards.vendor
	@touch $(READY)

run: $(READY)
	$(BIN)/evenhand run --home $(HOME_DIR)
ifneq ($(SERVE),no)
	$(BIN)/evenhand serve --home $(HOME_DIR) --port $(PORT)
endif

serve: $(READY)
	$(BIN)/evenhand serve --home $(HOME_DIR) --port $(PORT)

test: $(READY)
	$(BIN)/python -m dashboards.vendor --tests
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy pipelines dashboards

# Every page of both packs and every benchmark; about an hour. Page by page the tests are dealt out, not file by file.
audit: $(READY)
	$(BIN)/python -m dashboards.vendor --tests
	EVENHAND_AUDIT=true $(BIN)/python -m pytest -q -n 2 --dist loadgroup
	for bench in frontier pipeline dashboard settlement tracking screens; do $(BIN)/python -m perf.$$bench || exit 1; done

# The instance's folder holds history and schedules; dagster.yaml is copied in, so that pools and retries are ours.
dagster: $(READY)
	@mkdir -p $(HOME_DIR)/dagster && cp dagster.yaml $(HOME_DIR)/dagster/dagster.yaml
	EVENHAND_HOME=$(abspath $(HOME_DIR)) DAGSTER_HOME=$(abspath $(HOME_DIR))/dagster $(BIN)/dagster dev -m pipelines.definitions -h 127.0.0.1

# Index and find-links lines are left out, so that the lock names no host and no path.
lock:
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip-tools>=7.6,<8'
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --no-strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .evenhand build *.egg-info
