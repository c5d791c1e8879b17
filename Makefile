# `make demo` shows the desk with a simulated network; `make test` runs every check there is.

PYTHON ?= python3
BIN := .venv/bin
# A file's tests share what they start, so a file goes to one process; there is one a core.
PYTEST := $(BIN)/pytest -rsfE -n logical --dist loadfile --no-loadscope-reorder
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet

# Some machines forbid Python to keep what it compiled; each process of a test would do it again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check pictures lint bench lock format words chromium dovecot

demo: .venv/.run
	$(BIN)/sanderling demo

test: .venv/.dev
	@$(MAKE) --no-print-directory -j lint chromium dovecot .venv/bluesky/installed
	@rm -rf .pytest_cache/v/cache/lastfailed
	$(PYTEST) || { [ $$? = 1 ] && $(BIN)/python scripts/second_look.py; }

check: lint
	$(PYTEST) --ignore tests/e2e

# New photographs of the style guide, where parts are meant to look different.
pictures: .venv/.dev chromium
	$(BIN)/pytest tests/e2e/test_styleguide_in_a_browser.py --accept

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.run
	@for name in match intake queue live; do $(BIN)/sanderling bench $$name --json || exit 1; done

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: .venv/.dev
	$(BIN)/$(LOCK) --extra build --output-file requirements/run.lock
	$(BIN)/$(LOCK) --extra build --extra dev --output-file requirements/dev.lock

# The catalogues of the desk's languages, with every sentence that the code has now.
WORDS := pyproject.toml --keywords say --keywords _ --keywords later --keywords many:1,2
words: .venv/.dev
	@$(BIN)/pybabel --quiet extract --mapping $(WORDS) --no-default-keywords --add-location file \
		--no-wrap --sort-by-file --project Sanderling --output .venv/words.pot .
	@for po in src/sanderling/locale/*.po; do \
		$(BIN)/pybabel --quiet update --input-file .venv/words.pot --output-file $$po \
			--locale $$(basename $$po .po) --ignore-obsolete --ignore-pot-creation-date --no-fuzzy-matching --no-wrap || exit 1; \
	done

# Debian's Chromium for the browser tests, best without its windows; installed only where that is
# ours to do.
chromium:
	@if command -v chromium-headless-shell >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && \
		{ apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null \
		|| apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| command -v chromium >/dev/null || echo "Skipped: Chromium could not be installed, so the browser tests are left out."; \
	elif ! command -v chromium >/dev/null; then \
		echo "Skipped: no Chromium here and no right to install it (root and apt-get are needed)," \
			"so the browser tests are left out."; \
	fi

# Debian's Dovecot for the tests of e-mail, on the same terms; apt-get runs once at a time.
dovecot: chromium
	@if [ -x /usr/sbin/dovecot ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
			dovecot-imapd dovecot-lmtpd >/dev/null \
		|| echo "Skipped: Dovecot could not be installed, so its tests of e-mail are left out."; \
	else \
		echo "Skipped: no Dovecot here and no right to install it (root and apt-get are needed)," \
			"so its tests of e-mail are left out."; \
	fi

# Bluesky's own servers, for the tests against them; a minute of npm and a C++ compiler.
.venv/bluesky/installed: tests/servers/bluesky/package-lock.json | .venv/.dev
	@echo "Installing Bluesky's servers for the tests into .venv/bluesky ..."
	@tests/servers/bluesky/install .venv/bluesky

# A stamp a lock file: nothing is installed again until the lock changes.
.venv/.run: requirements/run.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Sanderling needs into .venv ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements/dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing what Sanderling and its tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.run

.venv/bin/python:
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
