#!/usr/bin/env bash
# Packs build/dist: a tar.xz for this Linux machine's processor, and a zip for
# 64-bit Windows, cross-built with mingw.
set -eu
cd "$(dirname "$0")/.."
: "${VERSION:=$(scripts/version.sh)}"

dist=build/dist
arch=$(go env GOARCH)
rm -rf "$dist"
mkdir -p "$dist"

linux() {
	local name=tidings-$VERSION-linux-$arch
	local root=$dist/$name
	mkdir -p "$root"
	cp build/tidings "$root/tidings"
	[ ! -e build/tidingsctl ] || cp build/tidingsctl "$root/tidingsctl"
	cp assets/icon.svg "$root/tidings.svg"
	cp assets/icon-256.png "$root/tidings.png"
	cp scripts/tidings.desktop LICENSE README.md "$root/"
	strip "$root/tidings"
	tar -C "$dist" --owner=0 --group=0 --sort=name -cJf "$dist/$name.tar.xz" "$name"
	rm -rf "$root"
	echo "$dist/$name.tar.xz"
}

# windows_icon compiles the icon into cmd/tidings, from where the linker takes
# every .syso file; it stands there only for the time of the build.
windows_icon() {
	local work=build/windows
	mkdir -p "$work"
	convert assets/icon.png -define icon:auto-resize=256,64,48,32,16 "$work/tidings.ico"
	printf 'IDI_ICON1 ICON "tidings.ico"\n' >"$work/tidings.rc"
	(cd "$work" && x86_64-w64-mingw32-windres tidings.rc -O coff -o tidings.syso)
	syso=cmd/tidings/icon_windows_amd64.syso
	trap 'rm -f "$syso"' EXIT
	cp "$work/tidings.syso" "$syso"
}

windows() {
	local name=tidings-$VERSION-windows-amd64
	local root=$dist/$name
	mkdir -p "$root"
	windows_icon
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
		go build -trimpath -tags migrated_fynedo \
		-ldflags "-s -w -H windowsgui -X main.version=$VERSION" -o "$root/tidings.exe" ./cmd/tidings
	cp LICENSE README.md "$root/"
	(cd "$dist" && zip -qr9 "$name.zip" "$name")
	rm -rf "$root"
	echo "$dist/$name.zip"
}

linux
windows
