# `make demo`, `make slides`, `make test`, `make test-all`, `make docs`, `make bench`: each sets up what it needs in .venv on its first call, and installs nothing on the second.

PYTHON ?= python3
VENV := .venv
IN_VENV := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)

.PHONY: demo slides test test-all lint docs bench setup clean
.DELETE_ON_ERROR:

demo: $(VENV)/.installed-demo
	$(IN_VENV) demos/draw_gates.py
	@echo
	$(IN_VENV) demos/check_gradients.py
	$(IN_VENV) demos/newton.py
	@echo
	$(IN_VENV) demos/train_mlp.py
	$(IN_VENV) demos/augment.py

slides: $(VENV)/.installed-demo
	$(IN_VENV) demos/gallery.py $(ARGS)

# Tests run in parallel, so each uses one core for its matrix products. `test-all` compares with torch, too, and adds the
# campaigns: 10,000 random graphs, a million hostile files, 20 killed training runs, whole training runs on real data,
# faults planted in the code. `test` runs about a tenth of each.
PYTEST := OPENBLAS_NUM_THREADS=1 $(IN_VENV) -m pytest -n auto --maxprocesses 4 --dist worksteal

test: $(VENV)/.installed-test
	$(PYTEST) -m "not campaign" $(ARGS)

test-all: $(VENV)/.installed-test-all
	$(PYTEST) $(ARGS)

lint: $(VENV)/.installed-dev
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m mypy
	$(VENV)/bin/lint-imports --no-cache

docs: $(VENV)/.installed-docs
	$(IN_VENV) docs/generate.py
	$(IN_VENV) docs/maps.py
	$(IN_VENV) docs/architecture.py
	$(IN_VENV) docs/reference.py

bench: $(VENV)/.installed-bench
	$(IN_VENV) -m benchmarks $(ARGS)

setup: $(VENV)/.installed-dev

clean:
	rm -rf $(VENV) out dist

# A stamp records what is installed; a change of pyproject.toml installs it again.
$(VENV)/.installed-%: pyproject.toml | $(VENV)/.made
	@echo "Installing what 'make $*' needs into $(VENV) (once)"
ifdef UV
	uv pip install --quiet --python $(IN_VENV) --editable '.[$*]'
else
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
endif
	@touch $@

# By pip, also where uv is: pip takes torch's CPU build from where it is configured to look (find-links, an index), which
# uv does not read; it would fetch gigabytes of CUDA instead.
$(VENV)/.installed-bench $(VENV)/.installed-test-all: $(VENV)/.installed-%: pyproject.toml | $(VENV)/.made
	@echo "Installing what 'make $*' needs into $(VENV) (once)"
ifdef UV
	uv pip install --quiet --python $(IN_VENV) pip
endif
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

$(VENV)/.made:
ifdef UV
	uv venv --quiet --allow-existing --python '>=3.11' $(VENV)
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "gatewise needs Python 3.11 or newer: name one with 'make PYTHON=python3.12 ...', or install uv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module: 'apt install python3-venv' brings it (Debian, Ubuntu)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
endif
	@touch $@
