# make book and make test set everything up by themselves; a second run sets up nothing again.
#
# Paths are relative to this folder or come from the shell's own "$$PWD", in quotes: the folder's
# name may have spaces, quotes and letters of any script.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
CACHE := _build/cache
HTML := _build/html

# Every path is relative: elsewhere, `make clean` would remove a stranger's folders.
$(if $(wildcard gencourse/__init__.py),,$(error Run make in the project's own folder))

.PHONY: help book test fast lint unit notebooks-test pages links notebooks sync claims serve benchmark homework grade pins address clean
.DEFAULT_GOAL := book

# Each target says what it does behind "##" in its own line.
help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-15s %s\n", $$1, $$2}' Makefile

book: $(READY) ## set everything up, build the book, print where it is
	$(BIN)/python -m tools.claims.page
	$(BIN)/python -c 'from jupyter_book.cli.main import main; main()' build . -W -n --keep-going --all
	@echo "The book is here: file://$$PWD/$(HTML)/index.html"

# What fails does not keep the rest from being tried, and the whole is red all the same.
test: $(READY) ## prove everything, as CI does: half an hour on two cores
	$(MAKE) --keep-going lint unit notebooks-test pages

# Before every push: what needs no training, no kernel and no browser.
fast: lint ## lint, and the tests that need no training: under three minutes
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests -m "not slow" --numprocesses auto

# .pre-commit-config.yaml has the same commands.
lint: $(READY) ## style, spelling, types, and the order of the rooms
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m codespell_lib .
	$(BIN)/python -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-cache --no-logo
	$(BIN)/python -m mypy

# One thread each, and as many side by side as there are cores.
unit: $(READY) ## every test but those of notebooks and pages
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests --ignore tests/book/test_pages.py --numprocesses auto

# Every notebook from nothing, with a seed and an arithmetic that its stored outputs were not made
# with: the claims hold, and the words are the same, without bfloat16 as on most laptops.
# One thread each and as many side by side as there are cores, the largest first: roughly, these run
# longest, and none should be left to run alone at the end.
notebooks-test: $(READY) ## run every notebook with another seed; its words and claims hold
	rm -rf $(CACHE)
	GENCOURSE_STRICT=1 GENCOURSE_SEED=1 GENCOURSE_ARITHMETIC=float32 GENCOURSE_CACHE="$$PWD/$(CACHE)" OMP_NUM_THREADS=1 $(BIN)/python -m pytest $$(ls -S notebooks/[0-9]*.ipynb) \
	  --nbval --nbval-current-env --nbval-sanitize-with tests/book/nbval_sanitize.cfg \
	  --nbval-cell-timeout 600 --numprocesses auto --dist loadfile --no-loadscope-reorder

# The book, opened in a browser.
pages: book ## open the book in a browser and look at its pages
	$(BIN)/python -m pytest tests/book/test_pages.py --numprocesses auto

links: $(READY) ## ask every address in the book whether it is still there
	$(BIN)/python -m tools.claims.page
	$(BIN)/python -c 'from jupyter_book.cli.main import main; main()' build . --builder linkcheck --all

# From text to notebook: run from nothing, with outputs. All of them, or some:
# make notebooks NAMES="01_autoencoder 08_failure_clinic"
notebooks: $(READY) ## run the chapters' texts from nothing and store notebooks with outputs
	rm -rf $(CACHE)
	GENCOURSE_CACHE="$$PWD/$(CACHE)" $(BIN)/python -m tools.notebooks run $(NAMES)

# The same after a change of words alone, without a run: the outputs stay. make sync NAMES="…"
sync: $(READY) ## carry changed words into the notebooks, without a run
	$(BIN)/python -m tools.notebooks sync $(NAMES)

# Every chapter with every seed, in float32: gencourse/results/claims.json. Hours; what is finished
# is kept, so that the same command goes on after a stop.
# make claims SEEDS="0 1 2" OPTIONS="--chapters 01 03"; OPTIONS=--missing says what is not measured
claims: $(READY) ## measure every claim with five seeds: hours
	$(BIN)/python -m tools.claims --seeds $(or $(SEEDS),0 1 2 3 4) $(OPTIONS)

serve: book ## show the book at http://localhost:8000
	@echo "Open http://localhost:8000, stop with Ctrl-C."
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(HTML)

# make benchmark ROWS="autoencoder-2 data" SEEDS="0 1 2 3 4"
benchmark: $(READY) ## quality and seconds: ROWS="autoencoder-2 data" SEEDS="0 1 2"
	$(BIN)/python -m gencourse.benchmark $(ROWS) --seeds $(or $(SEEDS),0 1 2)

# The students' notebooks, without solutions and hidden tests, from the teacher's.
homework: $(READY) ## write the assignments' notebooks from their texts
	$(BIN)/python -m tools.notebooks sync $(basename $(notdir $(wildcard notebooks/homework/*.md)))
	$(BIN)/python -m grader release

# make grade SUBMISSIONS=folder: a table of grades and a page for each student, in folder-grades
# OPTIONS="--seconds 120 --minutes 30" gives a cell and a whole notebook more time than 60 and 10.
# The folder goes through the environment, so that no shell reads quotes or signs in its name.
override export SUBMISSIONS := $(value SUBMISSIONS)
grade: $(READY) ## grade what students returned: SUBMISSIONS=folder
	@test -n "$$SUBMISSIONS" || { echo 'Say make grade SUBMISSIONS=folder'; exit 1; }
	$(BIN)/python -m grader grade $(OPTIONS) -- "$$SUBMISSIONS"

# make pins OPTIONS="--upgrade numpy" takes its newest version; "--upgrade" alone, the newest of all.
pins: $(READY) ## resolve requirements.txt from the bounds in pyproject.toml
	$(BIN)/python -m tools.pins $(OPTIONS)

override export SLUG := $(value SLUG)
address: ## move the project to another repository: SLUG=owner/name
	$(PYTHON) -m tools.address "$$SLUG"

clean: ## remove what was built
	rm -rf _build .venv *.egg-info .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --progress-bar off -r requirements.txt
	$(BIN)/python -m pip install --progress-bar off --no-deps --no-build-isolation -e .
	touch $@
