#!/usr/bin/env bash
# Prints the version: FyneApp.toml's, and the commit after it unless the tree
# is exactly the tag of that version.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^Version *= *"\(.*\)"/\1/p' FyneApp.toml)
commit=$(git rev-parse --short=9 HEAD 2>/dev/null || true)
dirty=
git diff --quiet HEAD 2>/dev/null || dirty=.dirty
if [ -z "$commit" ] || [ "$(git describe --exact-match --tags 2>/dev/null || true)$dirty" = "v$version" ]; then
	echo "$version"
else
	echo "$version+$commit$dirty"
fi
