#!/usr/bin/env bash
# Builds the pinned golangci-lint into build/bin, once. It is not a tool line
# in go.mod because it would bring more modules than the program has.
set -eu
version=$1 target=$2
if [ -x "$target" ] && "$target" version 2>/dev/null | grep -q "version ${version#v} "; then
	touch "$target"
	exit 0
fi
mkdir -p "$(dirname "$target")"
echo "Building golangci-lint $version into $(dirname "$target"), once (some minutes)" >&2
env -u GOFLAGS GOBIN="$(cd "$(dirname "$target")" && pwd)" \
	go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"
