package viewer

import (
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"

	"tidings/app/payload"
	"tidings/ui/kit"
	"tidings/ui/theme"
)

// document gives a laid out payload to the kit's line view.
type document struct{ doc *payload.Doc }

// Len implements kit.LineSource.
func (d document) Len() int { return d.doc.Len() }

// Line implements kit.LineSource.
func (d document) Line(i int) (string, []kit.Span) {
	l := d.doc.Line(i)
	spans := make([]kit.Span, len(l.Spans))
	for j, s := range l.Spans {
		spans[j] = kit.Span{Start: s.Start, End: s.End, Color: classColor(s.Class)}
	}
	return l.Text, spans
}

// classColor returns the colour of a class of text.
func classColor(c payload.Class) fyne.ThemeColorName {
	switch c {
	case payload.Key:
		return ftheme.ColorNamePrimary
	case payload.String:
		return ftheme.ColorNameWarning
	case payload.Number:
		return theme.ColorQoS1
	case payload.Literal:
		return theme.ColorQoS2
	case payload.Punct, payload.Offset, payload.Muted:
		return theme.ColorMuted
	case payload.Plain:
		return ftheme.ColorNameForeground
	}
	return ftheme.ColorNameForeground
}

// plain returns all lines of a document as text.
func plain(d *payload.Doc) string {
	var b strings.Builder
	for i := range d.Len() {
		b.WriteString(d.Line(i).Text)
		b.WriteByte('\n')
	}
	return b.String()
}
