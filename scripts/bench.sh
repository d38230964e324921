#!/usr/bin/env bash
# The numbers that Tidings promises: memory and time of the store and the
# tree, a scroll step at a million rows, and (when cmd/tidings/e2e is told to)
# ingest beside mosquitto_sub on the same firehose and start to first frame.
set -eu
cd "$(dirname "$0")/.."
: "${TAGS:=migrated_fynedo,x11}" "${BENCHTIME:=1s}"
PATH=$PATH:/usr/sbin:/opt/homebrew/sbin:/usr/local/sbin

mkdir -p build/bench
log=build/bench/$(date -u +%Y%m%dT%H%M%SZ).txt
packages=$(go list -tags "$TAGS" ./app/... ./brokerlocal/... ./ui/... | while read -r p; do
	dir=${p#tidings/}
	grep -lqE '^func Benchmark' "$dir"/*_test.go 2>/dev/null && echo "./$dir" || true
done)
{
	go version
	LANG=en_US.UTF-8 go test -tags "$TAGS" -run '^$' -bench . -benchtime "$BENCHTIME" -benchmem -timeout 30m $packages
} 2>&1 | tee "$log"
printf 'Kept in %s\n' "$log"
