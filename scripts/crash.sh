#!/usr/bin/env bash
# Kills a broker ROUNDS times (200) under a load of QoS 1 and 2, and judges what
# comes out: nothing acknowledged may be lost. About three kills a second.
#
#   SEED=n   the luck of an earlier run, which it printed; the scheduler's part
#            in it comes on top
set -eu
cd "$(dirname "$0")/.."

TIDINGS_CRASH_ROUNDS=${ROUNDS:-200} TIDINGS_CRASH_SEED=${SEED:-} go test -count=1 -v -timeout 0 \
	-run '^TestNothingAcknowledgedIsLostWhenTheProcessIsKilled$' ./brokerlocal/engine/crashtest
