# Tidings: `make help` lists what there is to do.
#
# Every build and test uses the same tags: migrated_fynedo tells Fyne that we
# keep its thread rules, x11 builds for X11 alone on Linux.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GOLANGCI_VERSION := v2.15.0
FUZZTIME ?= 30s
BENCHTIME ?= 1s

ifeq ($(OS),Windows_NT)
TAGS := migrated_fynedo
EXE := .exe
else ifeq ($(shell uname -s),Darwin)
TAGS := migrated_fynedo
EXE :=
else
TAGS := migrated_fynedo,x11
EXE :=
endif

VERSION := $(shell scripts/version.sh)
LDFLAGS := -X main.version=$(VERSION)
BINARY := build/tidings$(EXE)
CTL := build/tidingsctl$(EXE)
LINT := build/bin/golangci-lint$(EXE)

export TAGS VERSION FUZZTIME BENCHTIME LINT GOLANGCI_VERSION
# Debian keeps mosquitto where an ordinary user's PATH does not look.
export PATH := $(PATH):/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin

.PHONY: help
help: ## what there is to do (this text)
	@echo "Tidings $(VERSION)"; echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## install what is missing, build, open the window (ARGS="--home DIR" passes flags)
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory binaries
	@scripts/run.sh $(BINARY) $(ARGS)

.PHONY: test
test: ## install what tests need, then every check and test there is
	@scripts/setup.sh test
	@scripts/test.sh all

.PHONY: build
build: ## build/tidings and build/tidingsctl
	@scripts/setup.sh build
	@$(MAKE) --no-print-directory binaries

.PHONY: binaries
binaries:
	@mkdir -p build
	@echo "Building $(BINARY) $(VERSION) (the first build takes minutes: it compiles the toolkit)"
	@CGO_ENABLED=1 go build -trimpath -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o $(BINARY) ./cmd/tidings
	@CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o $(CTL) ./cmd/tidingsctl

.PHONY: lint
lint: ## gofmt, go vet and golangci-lint
	@scripts/setup.sh build
	@scripts/test.sh lint

.PHONY: race
race: ## unit tests with the race detector, everything without pixels
	@scripts/setup.sh build
	@scripts/test.sh race

.PHONY: e2e
e2e: ## the real program in a real window, driven from outside
	@scripts/setup.sh test
	@scripts/test.sh e2e

.PHONY: bench
bench: ## the promised figures, ingest beside mosquitto_sub among them (ALL=1: every benchmark)
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory binaries
	@scripts/bench.sh

.PHONY: bench-broker
bench-broker: ## the local broker beside mosquitto, mochi, nats and aedes (ROUNDS=5 SCALE=1 ONLY= PEERS=)
	@scripts/bench-broker.sh

.PHONY: crash
crash: ## kill the broker under load and judge what comes out (ROUNDS=200 SEED=)
	@scripts/crash.sh

.PHONY: soak
soak: ## 200 clients come and go: memory flat, nothing left, nothing lost (MINUTES=30 SEED=)
	@scripts/soak.sh

.PHONY: fuzz
fuzz: ## every fuzz target in turn (FUZZTIME=30s)
	@scripts/setup.sh build
	@scripts/fuzz.sh

.PHONY: shots
shots: ## a picture of every screen, light and dark, in build/shots
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory binaries
	@scripts/shots.sh

.PHONY: package
package: ## Linux tar.xz and Windows zip in build/dist
	@scripts/setup.sh package
	@$(MAKE) --no-print-directory binaries
	@scripts/package.sh

.PHONY: clean
clean: ## remove build/ but for the tools in build/bin
	@mkdir -p build
	@find build -mindepth 1 -maxdepth 1 ! -name bin -exec rm -rf {} +
