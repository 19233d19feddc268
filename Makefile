# Every task by name: `make help` lists them. Needs Python 3.11 to 3.14 and make, nothing else.

python := .venv/bin/python
export PYTHON

# The course runs alike whatever is set around it: no start-up files, search paths,
# options or styles from elsewhere, text in any script, and one thread for a matrix product.
unexport PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS PYTHONOPTIMIZE PYTHONSAFEPATH
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
unexport JUPYTER_PATH JUPYTER_CONFIG_PATH MPLBACKEND MATPLOTLIBRC
unexport PYTEST_ADDOPTS PYTEST_PLUGINS RUFF_CONFIG
export PYTHONUTF8 := 1
export JUPYTER_PREFER_ENV_PATH := 1
export IPYTHONDIR := $(CURDIR)/.venv/ipython
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib
test test-browser test-oldest test-newest test-places refresh check-refresh: export JUPYTER_CONFIG_DIR := $(CURDIR)/.venv/jupyter
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export VECLIB_MAXIMUM_THREADS := 1

.PHONY: help lab test test-browser test-oldest test-newest test-places refresh check-refresh lint bench bench-training bench-convolution bench-engine mutation constraints clean anew
.DEFAULT_GOAL := help

help: ## list the tasks
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' Makefile | awk -F ': ' '{ printf "make %-18s %s\n", $$1, $$2 }'

lab: .venv/for-readers ## open the course in JupyterLab
	@$(python) -m jupyter trust notebooks/*.ipynb >/dev/null 2>&1 || true
	@$(python) -m jupyterlab notebooks/00_start_here.ipynb $(LAB_FLAGS)

test: .venv/for-developers ## run every test but the browser's, and compare all stored outputs
	@$(python) -m pytest tests --ignore=tests/browser $(wildcard notebooks) \
		--nbval --nbval-current-env --nbval-cell-timeout 60 $(TEST_FLAGS)

test-browser: .venv/for-developers ## run the tests that open JupyterLab in Chromium
	@$(python) -m pytest tests/browser $(TEST_FLAGS)

test-oldest: ## run tests and lessons with the oldest versions that serve (installs them)
	@sh tools/versions.sh oldest $(TEST_FLAGS)

test-newest: ## run tests and lessons with the newest versions that pip finds (installs them)
	@sh tools/versions.sh newest $(TEST_FLAGS)

test-places: .venv/for-developers ## run every lesson from a hard path, read-only, offline, without a home, ...
	@EVERY_LESSON=1 $(python) -m pytest tests/test_places.py $(TEST_FLAGS)

refresh: .venv/for-developers ## run the notebooks and store their outputs
	@$(python) -m ruff format --quiet notebooks
	@$(python) tools/refresh.py

check-refresh: .venv/for-developers ## say which notebooks a refresh would change
	@$(python) tools/refresh.py --check

lint: .venv/for-developers ## check style and format, notebooks included
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .

bench: .venv/for-developers ## measure how fast a slider repaints
	@$(python) benchmarks/slider_latency.py $(BENCH_FLAGS)

bench-training: .venv/for-benchmarks ## measure how fast a network learns (installs PyTorch, too)
bench-convolution: .venv/for-benchmarks ## measure a convolution, both ways (installs PyTorch, too)
bench-engine: .venv/for-benchmarks ## measure a step that a graph records (installs PyTorch, too)

bench-training bench-convolution bench-engine:
	@.venv/benchmarks/bin/python benchmarks/$(@:bench-%=%).py $(BENCH_FLAGS)

mutation: .venv/for-mutation ## see whether tests notice mistakes in the engine (MODULES="graph.py nodes/node.py")
	@PYTHONPATH=.venv/cosmic-ray $(python) tools/mutation/mutants.py $(MODULES)

constraints: ## choose the versions in constraints.txt anew (needs uv)
	@echo '# Every package that the course installs, each at one exact version, for Linux, macOS and' >$@.tmp
	@echo '# Windows and Python 3.11 to 3.14. Made from the two requirements files by: make $@' >>$@.tmp
	@grep -hv '^-' requirements.txt requirements-dev.txt | uv pip compile - --quiet --universal \
		--python-version 3.11 --fork-strategy fewest --no-annotate --no-header >>$@.tmp \
		&& mv $@.tmp $@.txt || { rm $@.tmp; exit 1; }

clean: ## remove the environment and all caches
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so a half-made environment has none and is mended by the next make.
# It counts only while the environment is usable: its Python runs, and the folder has not moved.
stale := $(shell PYTHON='$(PYTHON)' sh tools/environment.sh usable || echo anew)
needs := constraints.txt pyproject.toml requirements.txt tools/environment.sh

.venv/for-readers: $(needs) $(stale)
	@sh tools/environment.sh install requirements.txt
	@touch $@

.venv/for-developers: $(needs) requirements-dev.txt $(stale)
	@sh tools/environment.sh install requirements-dev.txt
	@touch .venv/for-readers $@

.venv/for-benchmarks: .venv/for-developers benchmarks/requirements.txt
	@test -x .venv/benchmarks/bin/python || $(python) -m venv .venv/benchmarks
	@.venv/benchmarks/bin/python -m pip install --quiet --disable-pip-version-check \
		-r benchmarks/requirements.txt
	@touch $@

.venv/for-mutation: .venv/for-developers tools/mutation/requirements.txt
	@$(python) -m pip install --quiet --disable-pip-version-check --upgrade \
		--target .venv/cosmic-ray -r tools/mutation/requirements.txt
	@touch $@
