#!/usr/bin/env bash
# Opens the window: on the display there is, or on a virtual one.
set -eu
cd "$(dirname "$0")/.."
binary=$1
if [ "$(uname -s)" = Linux ] && [ -z "${DISPLAY:-}" ]; then
	if [ -n "${WAYLAND_DISPLAY:-}" ]; then
		echo "This Wayland session has no XWayland, which Tidings needs: install xwayland, log in again." >&2
	fi
	exec scripts/run-headless.sh "$@"
fi
exec "$binary" "${@:2}"
