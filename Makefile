# `make demo` and `make test` need Python (3.10 to 3.13) and nothing else: they make a virtual environment of their own.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
RUN = $(VENV)/bin/python
SAMPLES = $(sort $(wildcard samples/*.py))

# An installation is a stamp in the virtual environment, older than setup.cfg where that has changed.
define install
	@echo "installing dy2static$(1) into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --disable-pip-version-check -q -e '.$(1)'
	@touch $@
endef

.PHONY: demo test lint samples bench bench-smoke docs pictures clean

demo: $(VENV)/.installed
	@$(RUN) samples/ternary.py

# `make test ARGS="tests/test_docs.py"` runs a part, `make test WORKERS=4` more at once.
test: $(VENV)/.installed-test
	$(RUN) -m pytest -q -n $(WORKERS) $(ARGS)

lint: $(VENV)/.installed-dev
	$(RUN) -m ruff check
	$(RUN) -m mypy

samples: $(VENV)/.installed
	@for sample in $(SAMPLES); do printf '\n--- %s\n' $$sample; $(RUN) $$sample || exit 1; done

bench-smoke: $(VENV)/.installed
	$(RUN) -m benchmarks --smoke

# All figures, beside the peers that are installed: some minutes. `make bench ONLY="--only chain"` measures this section.
bench: $(VENV)/.installed
	$(RUN) -m benchmarks $(ONLY)

# What is generated of docs/. It needs Python 3.12 or later, so that all examples can be parsed.
docs: $(VENV)/.installed
	$(RUN) -m dy2static.document > docs/python.md.new && mv docs/python.md.new docs/python.md

# The screenshots of docs/pictures; `make pictures NAMES="pid decode"` makes these only.
pictures: $(VENV)/.installed-test
	@$(RUN) -m pip install --disable-pip-version-check -q pillow
	$(RUN) -m docs.pictures.make $(NAMES)

clean:
	rm -rf .venv* build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(VENV)/.installed: setup.cfg setup.py pyproject.toml
	$(call install,)

$(VENV)/.installed-test: setup.cfg setup.py pyproject.toml
	$(call install,[test])

$(VENV)/.installed-dev: setup.cfg setup.py pyproject.toml
	$(call install,[dev])
