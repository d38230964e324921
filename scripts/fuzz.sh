#!/usr/bin/env bash
# Runs every fuzz target in turn, FUZZTIME each. `go test` fuzzes one target
# of one package at a time.
set -eu
cd "$(dirname "$0")/.."
: "${TAGS:=migrated_fynedo,x11}" "${FUZZTIME:=30s}"

ran=0 failed=
while IFS=: read -r file name; do
	ran=$((ran + 1))
	dir=$(dirname "$file") module=.
	case $dir in brokerlocal/peers/*) module=brokerlocal/peers ;; esac
	printf '== %s %s\n' "$dir" "$name"
	go test -C "$module" -tags "$TAGS" -run '^$' -fuzz "^$name\$" -fuzztime "$FUZZTIME" "./${dir#"$module/"}" ||
		failed="$failed $dir/$name"
done < <(git ls-files --cached --others --exclude-standard '*_test.go' |
	xargs grep -HoE '^func Fuzz[A-Za-z0-9_]+' | sed 's/func //' | sort)

printf '%d fuzz targets, %s each; failed:%s\n' "$ran" "$FUZZTIME" "${failed:- none}"
[ -z "$failed" ] && [ "$ran" -gt 0 ]
