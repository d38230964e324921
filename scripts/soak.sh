#!/usr/bin/env bash
# 200 clients come and go at a broker for MINUTES (30). Its memory has to stay
# flat, goroutines and files have to come back, and nothing numbered may be
# lost. A sample every ten seconds goes to build/soak.csv, and to the screen.
set -eu
cd "$(dirname "$0")/.."

mkdir -p build
TIDINGS_SOAK_MINUTES=${MINUTES:-30} TIDINGS_SOAK_SEED=${SEED:-} TIDINGS_SOAK_CSV=$PWD/build/soak.csv \
	nice -n 10 go test -count=1 -v -timeout 0 \
	-run '^TestNothingIsLeftOfClientsThatHaveLeft$' ./brokerlocal/engine/crashtest
