# `make` alone shows what there is.
PREFIX ?= /opt/autoscale
SWIFT ?= swift
RELEASE = $(SWIFT) build -c release --static-swift-stdlib
FUZZ_SECONDS ?= 300
SOURCES = Package.swift Sources Tests
# The suites that run a selection with all others, and everything in `make torture`.
FORCE = KillAnywhereTests|KillBetweenUsersTests|SignalAnywhereTests|DiskFaultTests|HangingEverythingTests|LoadThroughStepsTests

.DEFAULT_GOAL := help
.PHONY: help build test torture fuzz check lint format demo install clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-22s %s\n", $$1 ($$1 == "install" ? " PREFIX=/opt/…" : ""), $$2 }' $(MAKEFILE_LIST)

build: ## Build everything (debug)
	@Tests/prepare build
	$(SWIFT) build

test: ## Install what the tests need, run all of them, say how many passed
	@Tests/prepare test
	@Tests/run

torture: ## Kill and interrupt runs before every effect, break the disk, step under load, plant bugs (45 minutes)
	@Tests/prepare test
	@AUTOSCALE_TORTURE=full Tests/run --filter '$(FORCE)'
	@Tests/PlantedBugs/run

fuzz: ## Feed every parser with libFuzzer and AddressSanitizer, FUZZ_SECONDS=…, then 10 MiB in a second at most
	@Tests/prepare build
	@Tests/Fuzz/run $(FUZZ_SECONDS)
	@Tests/LargeInputs/run

check: lint ## Strict format lint, warnings as errors, all tests
	$(MAKE) test

lint: ## Strict format lint of the Swift code, shellcheck of the scripts
	$(SWIFT) format lint --strict --recursive $(SOURCES)
	@if command -v shellcheck >/dev/null; then shellcheck Tests/prepare Tests/store/prepare Tests/gunicorn/prepare Tests/run Tests/PlantedBugs/run Tests/Fuzz/run Tests/LargeInputs/run Tests/demo/run .ci/run; \
	elif [ "$${CI:-}" = true ]; then echo "shellcheck is missing"; exit 1; \
	else echo "shellcheck is not installed: the scripts were not checked"; fi

format: ## Format the Swift code in place
	$(SWIFT) format --in-place --recursive $(SOURCES)

demo: ## Watch it scale: private PostgreSQL, NGINX and backends on loopback, real load, 1 to 3 and back
	@Tests/prepare demo
	@Tests/demo/run

install: ## Install release binaries, configuration, crontab and documents
	@Tests/prepare build
	$(RELEASE) --product autoscale
	$(RELEASE) --product backup
	$(RELEASE) --product cleanup
	$(RELEASE) --product healthcheck
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/config/nginx" "$(DESTDIR)$(PREFIX)/cron" \
	  "$(DESTDIR)$(PREFIX)/nginx" "$(DESTDIR)$(PREFIX)/docs"
	install -d -m 0700 "$(DESTDIR)$(PREFIX)/logs" "$(DESTDIR)$(PREFIX)/state"
	install -m 0755 "$$($(RELEASE) --show-bin-path)/autoscale" "$$($(RELEASE) --show-bin-path)/backup" \
	  "$$($(RELEASE) --show-bin-path)/cleanup" "$$($(RELEASE) --show-bin-path)/healthcheck" "$(DESTDIR)$(PREFIX)/bin/"
	[ -e "$(DESTDIR)$(PREFIX)/config/autoscale.conf" ] || \
	  install -m 0640 config/autoscale.conf "$(DESTDIR)$(PREFIX)/config/autoscale.conf"
	install -m 0644 config/autoscale.conf "$(DESTDIR)$(PREFIX)/config/autoscale.conf.default"
	install -m 0644 config/nginx/* "$(DESTDIR)$(PREFIX)/config/nginx/"
	sed 's|/opt/autoscale|$(PREFIX)|g' cron/autoscale.crontab > "$(DESTDIR)$(PREFIX)/cron/autoscale.crontab"
	install -m 0644 docs/*.md "$(DESTDIR)$(PREFIX)/docs/"
	@echo "Installed in $(DESTDIR)$(PREFIX). Next: edit $(PREFIX)/config/autoscale.conf, then run"
	@echo "  $(PREFIX)/bin/autoscale config check && $(PREFIX)/bin/autoscale monitor --dry-run"

clean: ## Remove what was built
	$(SWIFT) package clean
