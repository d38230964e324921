package assets

import _ "embed"

//go:embed icon-256.png
var iconPNG []byte

//go:embed lock.svg
var lockSVG []byte

//go:embed lock-open.svg
var lockOpenSVG []byte

// IconPNG returns a copy of the program's icon as a PNG of 256 by 256 pixels,
// for the window and the task bar. Safe for concurrent use.
func IconPNG() []byte { return append([]byte(nil), iconPNG...) }

// LockSVG returns a copy of a closed lock, 24 by 24, in one colour. Safe for
// concurrent use.
func LockSVG() []byte { return append([]byte(nil), lockSVG...) }

// LockOpenSVG returns a copy of an open lock, 24 by 24, in one colour. Safe
// for concurrent use.
func LockOpenSVG() []byte { return append([]byte(nil), lockOpenSVG...) }
