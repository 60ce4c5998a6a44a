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

.PHONY: book test lint unit notebooks-test pages notebooks claims serve benchmark address homework grade clean

book: $(READY)
	$(BIN)/python -c 'from jupyter_book.cli.main import main; main()' build . -W -n --keep-going --all
	@echo "The book is here: file://$$PWD/$(HTML)/index.html"

test: lint unit notebooks-test pages

lint: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

unit: $(READY)
	$(BIN)/python -m pytest tests --ignore tests/book/test_pages.py

# Every notebook from nothing, with a seed that its stored outputs were not made with: the claims
# hold, and the words are the same. One thread each and as many side by side as there are cores.
notebooks-test: $(READY)
	rm -rf $(CACHE)
	GENCOURSE_SEED=1 GENCOURSE_CACHE="$$PWD/$(CACHE)" OMP_NUM_THREADS=1 $(BIN)/python -m pytest notebooks --ignore notebooks/homework \
	  --nbval --nbval-current-env --nbval-sanitize-with tests/book/nbval_sanitize.cfg \
	  --nbval-cell-timeout 180 --numprocesses auto --dist loadfile

# The book, opened in a browser.
pages: book
	$(BIN)/python -m pytest tests/book/test_pages.py

# Run every notebook from nothing and store its outputs.
notebooks: $(READY)
	rm -rf $(CACHE)
	GENCOURSE_CACHE="$$PWD/$(CACHE)" $(BIN)/python -m tools.notebooks

# Every chapter with every seed, with and without bfloat16: gencourse/results/claims.json and
# book/claims.md. Hours; what is finished is kept, so that the same command goes on after a stop.
# make claims SEEDS="0 1 2 3 4" OPTIONS="--notebooks 01 03 --arithmetic float32"
claims: $(READY)
	$(BIN)/python -m tools.claims --seeds $(or $(SEEDS),0 1 2 3 4) $(OPTIONS)

serve: book
	@echo "Open http://localhost:8000, stop with Ctrl-C."
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory $(HTML)

# make benchmark ROWS="autoencoder-2 data" SEEDS="0 1 2 3 4"
benchmark: $(READY)
	$(BIN)/python -m gencourse.benchmark $(ROWS) --seeds $(or $(SEEDS),0 1 2)

# The students' notebooks, without solutions and hidden tests, from the teacher's.
homework: $(READY)
	$(BIN)/python -m grader release

# make grade SUBMISSIONS=folder: a table of grades and a page for each student, in folder-grades
# OPTIONS="--seconds 120 --minutes 30" gives a cell and a whole notebook more time than 60 and 10.
# The folder goes through the environment, so that no shell reads quotes or signs in its name.
override export SUBMISSIONS := $(value SUBMISSIONS)
grade: $(READY)
	@test -n "$$SUBMISSIONS" || { echo 'Say make grade SUBMISSIONS=folder'; exit 1; }
	$(BIN)/python -m grader grade $(OPTIONS) -- "$$SUBMISSIONS"

# make address SLUG=owner/name: move the project to another repository on GitHub.
override export SLUG := $(value SLUG)
address:
	$(PYTHON) -m tools.address "$$SLUG"

clean:
	rm -rf _build .venv *.egg-info .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with make PYTHON=python3.12 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --progress-bar off -r requirements.txt
	$(BIN)/python -m pip install --progress-bar off --no-deps --no-build-isolation -e .
	touch $@
