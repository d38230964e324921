package assets

import _ "embed"

//go:embed icon.svg
var iconSVG []byte

//go:embed icon-256.png
var iconPNG []byte

// IconSVG returns a copy of the program's icon as an SVG of filled paths,
// 512 by 512. Safe for concurrent use.
func IconSVG() []byte { return append([]byte(nil), iconSVG...) }

// IconPNG returns a copy of the program's icon as a PNG of 256 by 256 pixels,
// for the window and the task bar. Safe for concurrent use.
func IconPNG() []byte { return append([]byte(nil), iconPNG...) }
