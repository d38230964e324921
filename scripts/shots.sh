#!/usr/bin/env bash
# Pictures of every screen, light and dark, in build/shots. The screens are
# listed in cmd/tidings/e2e/screens_test.go; TIDINGS_SCREENS="publish sys"
# takes only some.
set -eu
cd "$(dirname "$0")/.."
: "${TAGS:=migrated_fynedo,x11}"
PATH=$PATH:/usr/sbin
export TIDINGS_BIN=$PWD/build/tidings TIDINGS_SHOTS=$PWD/build/shots
mkdir -p "$TIDINGS_SHOTS"
LANG=en_US.UTF-8 go test -count=1 -tags "$TAGS,e2e" -run '^TestScreens$' ./cmd/tidings/e2e
ls -1 "$TIDINGS_SHOTS"
