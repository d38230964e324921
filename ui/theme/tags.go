package theme

import (
	"image/color"
	"strconv"
)

// Tag is a colour that a person can mark a connection with.
type Tag struct {
	Key string // of its name
	Hex string // "#rrggbb", as a profile keeps it
}

// Tags returns the colours to choose from. They read on both grounds, light
// and dark.
func Tags() []Tag {
	return []Tag{
		{"tag.red", "#e5605a"}, {"tag.amber", "#dfa43a"}, {"tag.green", "#7fb845"}, {"tag.teal", "#2fb9a6"},
		{"tag.blue", "#5aa9f2"}, {"tag.violet", "#b487f0"}, {"tag.pink", "#e07fb5"}, {"tag.grey", "#8a93a6"},
	}
}

// TagColor returns the colour that a profile keeps as "#rrggbb"; transparent
// for none, and for what is no colour.
func TagColor(hex string) color.NRGBA {
	if len(hex) != 7 || hex[0] != '#' {
		return color.NRGBA{}
	}
	v, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return color.NRGBA{}
	}
	return rgb(uint32(v))
}
