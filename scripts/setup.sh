#!/usr/bin/env bash
# Installs what a make target needs and the machine lacks; does nothing, fast,
# when all is there.
#
#   scripts/setup.sh build|run|test|package
#
# It says what it installs before it does. It asks nothing: as root it calls
# the package manager, otherwise through sudo; where neither works it prints
# the command and stops. Written for bash 3.2, which macOS still ships.
set -eu
cd "$(dirname "$0")/.."

goal=${1:-build}
# Debian keeps some servers where an ordinary user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin:/opt/homebrew/sbin:/usr/local/sbin

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

manager() {
	if [ "$(uname -s)" = Darwin ]; then echo brew; return; fi
	for m in apt-get dnf pacman; do
		if have $m; then echo $m; return; fi
	done
	echo unknown
}

# need LABEL APT DNF PACMAN BREW -- CHECK…: notes the packages of this
# machine's manager when the check fails. "-" is "nothing to install here".
labels='' packages=''
need() {
	label=$1 apt=$2 dnf=$3 pacman=$4 brew=$5
	shift 6
	if "$@" >/dev/null 2>&1; then return; fi
	case $manager in
	dnf) p=$dnf ;;
	pacman) p=$pacman ;;
	brew) p=$brew ;;
	*) p=$apt ;;
	esac
	[ "$p" = - ] && return
	labels="$labels
  - $label"
	packages="$packages $p"
}

xheaders() { pkg-config --exists gl x11 xcursor xrandr xinerama xi xxf86vm; }
software_gl() {
	for f in /usr/lib*/dri/swrast_dri.so /usr/lib/*/dri/swrast_dri.so /usr/lib*/libgallium*.so* /usr/lib/*/libgallium*.so*; do
		[ -e "$f" ] && return 0
	done
	return 1
}

check_go() {
	if ! have go; then
		say "Go is missing. Install Go 1.26 or newer from https://go.dev/dl/ and run this again."
		exit 1
	fi
	v=$(cd / && go env GOVERSION 2>/dev/null || true)
	minor=$(printf '%s' "$v" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
	if [ "${minor:-99}" -lt 21 ]; then
		say "$v is too old to fetch the Go version that go.mod names. Install Go 1.26 or newer from https://go.dev/dl/."
		exit 1
	fi
}

need_build() {
	if [ "$manager" = brew ]; then
		if ! xcode-select -p >/dev/null 2>&1; then
			say "The C compiler is missing. Run: xcode-select --install"
			exit 1
		fi
		return
	fi
	need "a C compiler" "gcc libc6-dev" gcc gcc - -- have cc
	need "pkg-config" pkg-config pkgconf-pkg-config pkgconf - -- have pkg-config
	need "headers of OpenGL and X11" \
		"libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev" \
		"mesa-libGL-devel libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel" \
		"libglvnd libx11 libxcursor libxrandr libxinerama libxi libxxf86vm" - -- xheaders
}

need_virtual_display() {
	[ "$manager" = brew ] && return
	need "a virtual display (Xvfb)" "xvfb xauth" xorg-x11-server-Xvfb xorg-server-xvfb - -- have Xvfb
	need "OpenGL in software" libgl1-mesa-dri mesa-dri-drivers mesa - -- software_gl
	need "xdotool, to find and drive the window" xdotool xdotool xdotool - -- have xdotool
	need "ImageMagick, to take pictures of the window" imagemagick ImageMagick imagemagick - -- have import
}

need_test() {
	need_virtual_display
	need "the broker mosquitto" mosquitto mosquitto mosquitto mosquitto -- have mosquitto
	need "mosquitto_pub and mosquitto_sub" mosquitto-clients mosquitto mosquitto mosquitto -- have mosquitto_sub
	need "paho.mqtt for Python" python3-paho-mqtt python3-paho-mqtt python-paho-mqtt - -- has_paho
	need "a keyring to test against" gnome-keyring gnome-keyring gnome-keyring - -- have gnome-keyring-daemon
	need "a session bus for the keyring" "dbus dbus-x11" dbus-daemon dbus - -- have dbus-run-session
}

# The Python of the system may not be the first in PATH.
has_paho() {
	python3 -c 'import paho.mqtt.client' || /usr/bin/python3 -c 'import paho.mqtt.client'
}

need_package() {
	need "the Windows cross compiler" gcc-mingw-w64-x86-64 mingw64-gcc mingw-w64-gcc mingw-w64 -- have x86_64-w64-mingw32-gcc
	need "xz" xz-utils xz xz xz -- have xz
	need "zip" zip zip zip - -- have zip
	need "ImageMagick, to make the Windows icon" imagemagick ImageMagick imagemagick imagemagick -- have convert
}

install_command() {
	case $manager in
	apt-get) echo "apt-get install -y --no-install-recommends$packages" ;;
	dnf) echo "dnf install -y$packages" ;;
	pacman) echo "pacman -S --needed --noconfirm$packages" ;;
	brew) echo "brew install$packages" ;;
	esac
}

# as_root runs a command as root; fails at once where it would have to ask
# somebody who is not there.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}
can_be_root() {
	[ "$(id -u)" = 0 ] && return 0
	have sudo || return 1
	[ -t 0 ] || sudo -n true 2>/dev/null
}

# apt_with_patience runs apt-get. A machine that has just started holds apt's
# locks for its own updates, and mirrors are busy now and then.
apt_with_patience() {
	for attempt in 1 2 3 4; do
		if as_root env DEBIAN_FRONTEND=noninteractive apt-get \
			-o DPkg::Lock::Timeout=600 -o Acquire::Retries=3 "$@" >&2; then
			return 0
		fi
		[ $attempt = 4 ] || sleep $((attempt * 10))
	done
	return 1
}

install_packages() {
	command=$(install_command)
	say "Tidings needs what this machine lacks:$labels"
	if [ "$manager" = unknown ]; then
		say "No package manager that this script knows was found. On Debian the packages are:$packages"
		exit 1
	fi
	if [ "$manager" = brew ]; then
		if ! have brew; then
			say "Homebrew is missing (https://brew.sh). With it: $command"
			exit 1
		fi
		say "Installing it now: $command"
		$command >&2
		return
	fi
	if ! can_be_root; then
		say "Installing needs root. Run this, then try again:"
		[ "$manager" = apt-get ] && say "  sudo apt-get update"
		say "  sudo $command"
		exit 1
	fi
	say "Installing it now: $command"
	if [ "$manager" = apt-get ]; then
		apt_with_patience update -q || true # an older list may do
		apt_with_patience ${command#apt-get }
	else
		as_root $command >&2
	fi
}

# Debian starts mosquitto on port 1883 as soon as it is installed. Nobody
# asked for a server, and the local broker of Tidings wants that port.
stop_service_we_brought() {
	case " $packages " in *" mosquitto "*) ;; *) return 0 ;; esac
	[ "$manager" = apt-get ] && have systemctl || return 0
	if systemctl is-active --quiet mosquitto 2>/dev/null; then
		say "Stopping the mosquitto service that came with the package: only the program is needed."
		as_root systemctl disable --now mosquitto >&2 || true
	fi
}

manager=$(manager)
check_go
need_build
case $goal in
build) ;;
run) [ -n "${DISPLAY:-}" ] || need_virtual_display ;;
test) need_test ;;
package) need_package ;;
*) say "usage: scripts/setup.sh build|run|test|package"; exit 2 ;;
esac
if [ -n "$packages" ]; then
	install_packages
	stop_service_we_brought
fi
