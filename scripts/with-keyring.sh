#!/usr/bin/env bash
# Runs a command on a session bus of its own with an unlocked, empty keyring,
# so that tests meet a real Secret Service and no real secrets.
set -eu
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
export TIDINGS_TEST_SECRET_SERVICE=1
XDG_DATA_HOME=$home XDG_RUNTIME_DIR=$home \
	dbus-run-session -- bash -c '
		eval "$(printf "%s\n" test | gnome-keyring-daemon --unlock --components=secrets | sed "s/^/export /")"
		"$@"' with-keyring "$@"
