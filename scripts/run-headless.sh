#!/usr/bin/env bash
# Starts the program on a virtual display, waits for its first picture, keeps
# it as build/window.png, and ends the program in order.
set -eu
cd "$(dirname "$0")/.."
. scripts/display.sh
binary=$1
shift
picture=build/window.png

echo "No display here: starting a virtual one (Xvfb)."
start_display
program=
finish() {
	[ -z "$program" ] || kill "$program" 2>/dev/null || true
	stop_display || true
}
trap finish EXIT

# Without a desktop there is no session bus; asking for one would start a
# daemon that outlives the program.
: "${DBUS_SESSION_BUS_ADDRESS:=disabled:}"
export DBUS_SESSION_BUS_ADDRESS

"$binary" "$@" &
program=$!
if ! wait_for_frame "$program" 60; then
	echo "The window did not appear within 60 s." >&2
	exit 1
fi
import -silent -window root "$picture"
echo "The window opened on display $DISPLAY. Its picture: $PWD/$picture"

kill -TERM "$program"
status=0
wait "$program" || status=$?
program=
[ "$status" = 0 ] || echo "The program ended with code $status." >&2
exit "$status"
