# `make` alone shows what there is.
PREFIX ?= /opt/autoscale
# A folder of PATH that gets links to the programs; none where it is empty.
LINKS ?=
# A folder with the four programs as they were built elsewhere: nothing is built then.
PROGRAMS ?=
SWIFT ?= swift
RELEASE = $(SWIFT) build -c release --static-swift-stdlib
FUZZ_SECONDS ?= 300
SOURCES = Package.swift Sources Tests
# The suites that run a selection with all others, and everything in `make torture`.
FORCE = KillAnywhereTests|KillBetweenUsersTests|SignalAnywhereTests|DiskFaultTests|HangingEverythingTests|LoadThroughStepsTests

.DEFAULT_GOAL := help
.PHONY: help build test torture model fuzz check lint format settings demo install clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1 ($$1 == "install" ? " PREFIX=/opt/…" : ""), $$2 }' $(MAKEFILE_LIST)

build: ## Build everything (debug)
	@Tests/prepare build
	$(SWIFT) build

test: ## Install what the tests need, run all of them, say how many passed
	@Tests/prepare test
	@Tests/run

torture: ## Kill runs before every effect, break the disk, step under load (45 minutes)
	@Tests/prepare test
	@python3 Tests/Model/crash_model.py
	@AUTOSCALE_TORTURE=full Tests/run --filter '$(FORCE)'
	@Tests/PlantedBugs/run

model: ## Explore the order of effects: every kill, event and decision (a minute)
	@python3 Tests/Model/crash_model.py

fuzz: ## Feed every parser with libFuzzer, FUZZ_SECONDS=…, then with 10 MiB
	@Tests/prepare build
	@Tests/Fuzz/run $(FUZZ_SECONDS)
	@Tests/LargeInputs/run

check: lint ## Strict format lint, warnings as errors, all tests
	$(MAKE) test

lint: ## Strict format lint of the Swift code, shellcheck of the scripts
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null; then shellcheck Tests/prepare Tests/store/prepare Tests/gunicorn/prepare Tests/compose/prepare Tests/run Tests/PlantedBugs/run Tests/Fuzz/run Tests/LargeInputs/run Tests/demo/run Tests/pages/host Tests/pages/new-user Tests/pages/container packaging/install .ci/run; \
	elif [ "$${CI:-}" = true ]; then echo "shellcheck is missing"; exit 1; \
	else echo "shellcheck is not installed: the scripts were not checked"; fi

format: ## Format the Swift code in place
	$(SWIFT) format --in-place --recursive $(SOURCES)

settings: ## Write config/autoscale.conf and the tables of docs/configuration.md from the keys
	AUTOSCALE_WRITE_SETTINGS=1 $(SWIFT) test --filter SettingsPagesTests

demo: ## Watch it scale on loopback under real load, 1 to 3 backends and back
	@Tests/prepare demo
	@Tests/demo/run

install: ## Install everything under PREFIX; LINKS=/usr/local/bin for the PATH
ifeq ($(PROGRAMS),)
	@Tests/prepare build
	$(RELEASE) --product autoscale
	$(RELEASE) --product backup
	$(RELEASE) --product cleanup
	$(RELEASE) --product healthcheck
	@DESTDIR="$(DESTDIR)" packaging/install "$(PREFIX)" "$$($(RELEASE) --show-bin-path)" "$(LINKS)"
else
	@DESTDIR="$(DESTDIR)" packaging/install "$(PREFIX)" "$(PROGRAMS)" "$(LINKS)"
endif

clean: ## Remove what was built
	$(SWIFT) package clean
