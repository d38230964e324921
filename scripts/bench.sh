#!/usr/bin/env bash
# The figures that Tidings promises, each beside what it is measured against:
# ingest beside mosquitto_sub on the same firehose, memory of a stored
# message, a scroll step at a million rows, the time to the first frame, and
# a minute of 50,000 messages a second in the real window.
# ALL=1 runs every other benchmark, too.
set -eu
cd "$(dirname "$0")/.."
: "${TAGS:=migrated_fynedo,x11}" "${BENCHTIME:=1s}" "${ALL:=}"
PATH=$PATH:/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin
export LANG=en_US.UTF-8

mkdir -p build/bench
log=build/bench/$(date -u +%Y%m%dT%H%M%SZ).txt

section() { printf '\n== %s\n' "$1"; }
bench() { go test -tags "$TAGS" -run '^$' -benchmem -timeout 30m "$@"; }

promised() {
	go version
	section "ingest: socket to store and tree, beside mosquitto_sub (ratio above 1: ours is faster)"
	bench -bench '^BenchmarkIngest$' -benchtime 5x ./app/workspace
	section "memory of a stored message (64-byte payloads, 10,000 topics)"
	go test -count=1 -v -run 'Million' ./app/store
	section "scroll step"
	bench -bench 'Scroll' -benchtime "$BENCHTIME" ./ui/kit
	if [ "$(uname -s)" = Linux ]; then
		section "the real window: start, and a minute of 50,000 messages a second"
		TIDINGS_MEASURE=1 TIDINGS_BIN=$PWD/build/tidings TIDINGS_SHOTS=$PWD/build/shots \
			go test -count=1 -v -tags "$TAGS,e2e" -run '^Test(Start|Flood)$' ./cmd/tidings/e2e
	fi
}

everything() {
	section "every benchmark"
	local packages
	packages=$(go list -tags "$TAGS" ./app/... ./brokerlocal/... ./ui/... | while read -r p; do
		dir=${p#tidings/}
		grep -lqE '^func Benchmark' "$dir"/*_test.go 2>/dev/null && echo "./$dir" || true
	done)
	bench -bench . -benchtime "$BENCHTIME" $packages
}

{
	promised
	[ -z "$ALL" ] || everything
} 2>&1 | tee "$log"
printf '\nKept in %s\n' "$log"
