# Sourced: a virtual display. start_display sets DISPLAY and leaves the
# server's process in $xvfb; stop_display ends it. Xvfb chooses a free number.

start_display() { # [WIDTHxHEIGHT]
	local number
	display_file=$(mktemp)
	Xvfb -displayfd 3 -screen 0 "${1:-1280x800}x24" -nolisten tcp 3>"$display_file" 2>/dev/null &
	xvfb=$!
	for _ in $(seq 100); do
		number=$(cat "$display_file")
		[ -n "$number" ] && break
		kill -0 "$xvfb" 2>/dev/null || { echo "Xvfb did not start" >&2; return 1; }
		sleep 0.1
	done
	rm -f "$display_file"
	[ -n "$number" ] || { echo "Xvfb did not say which display it opened" >&2; return 1; }
	export DISPLAY=:$number
	# No graphics card stands behind a virtual display.
	export LIBGL_ALWAYS_SOFTWARE=1
	unset WAYLAND_DISPLAY
}

stop_display() {
	[ -n "${xvfb:-}" ] || return 0
	kill "$xvfb" 2>/dev/null
	wait "$xvfb" 2>/dev/null
	xvfb=
}

# wait_for_frame PID SECONDS: until the display shows more than a handful of
# colours, which an unpainted window does not.
wait_for_frame() {
	local deadline=$((SECONDS + $2))
	while [ $SECONDS -lt $deadline ]; do
		kill -0 "$1" 2>/dev/null || return 1
		if xdotool search --onlyvisible --name Tidings >/dev/null 2>&1 &&
			[ "$(import -silent -window root -format %k info: 2>/dev/null || echo 0)" -gt 8 ]; then
			return 0
		fi
		sleep 0.2
	done
	return 1
}
