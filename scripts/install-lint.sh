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
# Modules come over the network, which fails now and then.
for attempt in 1 2 3; do
	if env -u GOFLAGS GOBIN="$(cd "$(dirname "$target")" && pwd)" \
		go install "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$version"; then
		exit 0
	fi
	[ $attempt = 3 ] || sleep $((attempt * 10))
done
exit 1
