package kit

import (
	"strings"

	ftheme "fyne.io/fyne/v2/theme"

	"tidings/ui/kit/glyph"
	"tidings/ui/theme"
)

// empty writes a title and a hint, broken into lines, into the middle of the
// clip.
func (f *frame) empty(title, hint string) {
	room := min(f.clip.Dx()-f.px(2*edge), f.px(420))
	lines := wrap(f.text, hint, room)
	high := f.px(18)
	y := f.clip.Min.Y + (f.clip.Dy()-high*(len(lines)+1)-f.px(4))/2
	x := (f.clip.Min.X + f.clip.Max.X - room) / 2
	at := [2]int{x, x + room}
	f.put(f.bold, title, AlignCentre, at, y, high, f.color(ftheme.ColorNameForeground))
	y += high + f.px(4)
	for _, s := range lines {
		f.put(f.text, s, AlignCentre, at, y, high, f.color(theme.ColorMuted))
		y += high
	}
}

// wrap breaks s at spaces into lines of at most width pixels; a longer word
// has a line of its own.
func wrap(a *glyph.Atlas, s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && a.Width(longer, width) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
