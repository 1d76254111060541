# `make demo` shows it, `make test` tests it; both need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# For commands that read the settings and need no database.
UNCONNECTED := MEDSPIL_ENV=test DATABASE_URL=postgresql://fit_app@127.0.0.1:1/none
TEMPLATES := $$(git ls-files --cached --others --exclude-standard 'templates/*.html')

# Containers often set it; every process of the demo and of the tests would then compile all of Django for itself.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test lint types format bench coverage calibrate lock mutate mutate-guards messages collation fuzz-api drill-kill drill-broker drill-restore drill-keys drill-upgrade compose-check trust api-clients research-check scim-check

help:
	@echo "make demo        shows Medspil on this machine, with made-up people (Ctrl-C ends it)"
	@echo "make demo-reset  forgets the demo's data"
	@echo "make test        runs the whole test suite"
	@echo "make lint | types | format | bench | coverage | calibrate | mutate | mutate-guards | messages | fuzz-api | api-clients | scim-check"
	@echo "make trust       prints what Medspil promises, and the test behind each promise"
	@echo "make compose-check  runs the compose file as a whole (needs podman and CAP_SYS_ADMIN)"
	@echo "make lock        writes requirements/ anew from pyproject.toml (needs a package index)"
	@echo "make collation   asks ICU for the order of names that tests compare with (needs node)"
	@echo "make messages    gathers the texts to translate and compiles the translations (needs gettext)"

# make runs Python in the foreground and passes Ctrl-C and SIGTERM on to it, which ends what it started.
demo: $(VENV)/.demo
	@exec $(PY) -m fit_project.local.demo

demo-reset: $(VENV)/.demo
	@exec $(PY) -m fit_project.local.demo reset

# PYTEST_ARGS chooses: make test PYTEST_ARGS="tests/local -x"
test: $(VENV)/.dev
	@exec $(PY) -m pytest -n logical --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

coverage: $(VENV)/.dev
	@exec $(PY) -m pytest --cov --cov-report=term $(PYTEST_ARGS)

lint: $(VENV)/.dev
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(UNCONNECTED) $(VENV)/bin/lint-imports
	@$(VENV)/bin/djade --target-version 5.2 --check $(TEMPLATES)

types: $(VENV)/.dev
	@$(UNCONNECTED) $(PY) -m mypy

format: $(VENV)/.dev
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format .
	@$(VENV)/bin/djade --target-version 5.2 $(TEMPLATES) || true

# The compiled translations are committed: a machine without gettext shows them too.
messages: $(VENV)/.dev
	@$(UNCONNECTED) $(PY) manage.py makemessages --locale da --locale sv --locale nb --add-location file \
	  --no-obsolete --no-wrap --ignore tests --ignore bench --ignore var
	@# The hour of the gathering is no change.
	@sed -i '/^"POT-Creation-Date/d' locale/*/LC_MESSAGES/django.po
	@$(UNCONNECTED) $(PY) manage.py compilemessages --ignore $(VENV) --ignore var

# The file names the releases of ICU and CLDR that node brings; the tests themselves need no node.
collation:
	@node tests/clients/collation.mjs tests/data/collation.json

# ONLY chooses by module or bar: make bench ONLY="submit B9"; BENCH_RATINGS=1000000 (of 8,000,000) shortens B11, 0 skips it; BENCH_EVENTS=50000000 measures B11 with an access log of that size too; BENCH_LINES=5000 (of 50,000) shortens B12.
# AGAINST=REV compares with another commit, in turns (BENCH_TURNS=3): B13, B14, B16 and B18 need it, TRACE follows both, every other figure is
# measured in both and printed as here / there. BENCH_EDGES=30 names more of TRACE's changes of module.
bench: $(VENV)/.dev
	@exec $(PY) -m bench $(ONLY)

# Pins stay as they are; LOCK_ARGS=--upgrade takes the newest.
LOCK := $(VENV)/bin/uv pip compile --quiet pyproject.toml --python-version 3.11 --generate-hashes --no-header
lock: $(VENV)/.dev
	@$(LOCK) $(LOCK_ARGS) -o requirements/base.txt
	@$(LOCK) $(LOCK_ARGS) --extra demo -o requirements/demo.txt
	@$(LOCK) $(LOCK_ARGS) --extra demo --extra dev -o requirements/dev.txt

# Real processes are killed while answers come in; what was lost or doubled is counted. DRILL_ARGS="--n 200"
drill-kill: $(VENV)/.dev
	@exec $(PY) -m bench.drills.kill $(DRILL_ARGS)

# Two groups of web processes are started anew and killed under load; AGAINST=REV begins as that commit.
drill-upgrade: $(VENV)/.dev
	@exec $(PY) -m bench.drills.upgrade $(DRILL_ARGS)

drill-broker: $(VENV)/.dev
	@exec $(PY) -m bench.drills.broker $(DRILL_ARGS)

drill-restore: $(VENV)/.dev
	@exec $(PY) -m bench.drills.restore $(DRILL_ARGS)

# The key of clients' words is rotated and the rotation killed while words are written. DRILL_ARGS="--clients 20 --kills 3"
drill-keys: $(VENV)/.dev
	@exec $(PY) -m bench.drills.keys $(DRILL_ARGS)

# The compose file as a whole, by podman; NOT RUN where the machine does not allow it. AGAINST=commit is the version before.
compose-check: $(VENV)/.dev
	@exec $(PY) -m bench.compose $(if $(AGAINST),--against $(AGAINST))

# What Medspil promises, a line each, with the tests behind it: the short ones are run, of the others the command is named.
trust: $(VENV)/.dev
	@exec $(PY) -m bench.trust

# Asks the API much more than the tests do; API_SEED repeats a run that it printed.
fuzz-api: $(VENV)/.dev
	@API_EXAMPLES=$${API_EXAMPLES:-50} exec $(PY) -m pytest -q tests/api/test_fuzz.py

# The public tester of SCIM servers, whole, against a running Medspil: what an organisation has from the start, and all
# that SCIM has a word for. Filters and entity tags, which it does not ask for, are tests of ours (tests/scim).
scim-check: $(VENV)/.dev
	@exec $(PY) -m bench.scim

# The data of a study of the demo's clients, worked out anew by pandas and by R; R comes from Debian: apt install
# r-base-core r-cran-haven r-cran-survival. Without it that half says NOT RUN.
research-check: $(VENV)/.dev
	@exec $(PY) -m bench.research

# Clients of the API that others' generators make from its description; needs a package index, and node for one of them.
api-clients: $(VENV)/.dev
	@exec $(PY) -m bench.api_clients

# How well the expected course's bands and signals hold on simulated clients that it was not learnt from; and how often
# each rule speaks of people whose state does not change, and how late it finds a true fall. Takes some minutes.
calibrate: $(VENV)/.demo
	@$(PY) -m sessions_app.measures.simulation.calibrate
	@$(PY) -m sessions_app.measures.simulation.rule_bench

# Small faults put into the measurement core, one at a time: do its tests notice? Takes half an hour; not in CI.
mutate: $(VENV)/.dev
	@exec $(PY) -m tests.sessions_app.measures.mutate $(MODULES)

# Every guard (visible_to, requires) left out in turn: does a test notice? Prints those that none does; not in CI.
# GUARD_TESTS="tests/guards tests/test_routes.py" for some of the tests.
mutate-guards: $(VENV)/.dev
	@exec $(PY) -m tests.guards.mutate $(GUARD_TESTS)

$(VENV)/.demo: requirements/demo.txt
	@PYTHON="$(PYTHON)" sh fit_project/local/venv.sh requirements/demo.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt
	@PYTHON="$(PYTHON)" sh fit_project/local/venv.sh requirements/dev.txt
	@touch $@
