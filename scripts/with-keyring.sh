#!/usr/bin/env bash
# Runs a command on a session bus of its own with an unlocked, empty keyring,
# so that tests meet a real Secret Service and no real secrets.
set -eu
home=$(mktemp -d)
# What cannot be removed is no failure of the command.
trap 'rm -rf "$home" 2>/dev/null || true' EXIT
export TIDINGS_TEST_SECRET_SERVICE=1
XDG_DATA_HOME=$home XDG_RUNTIME_DIR=$home \
	dbus-run-session -- bash -c '
		eval "$(printf "%s\n" test | gnome-keyring-daemon --unlock --components=secrets | sed "s/^/export /")"
		# It goes on in the background. Whoever asks before it is on the bus
		# would have the bus start another one, which is locked.
		for _ in $(seq 600); do
			keyring=$(dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / \
				org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets 2>/dev/null) && break
			sleep 0.1
		done
		keyring=${keyring##* }
		status=0
		"$@" || status=$?
		# It outlives its bus.
		[ -z "$keyring" ] || ! kill "$keyring" 2>/dev/null ||
			for _ in $(seq 100); do kill -0 "$keyring" 2>/dev/null || break; sleep 0.1; done
		exit "$status"' with-keyring "$@"
