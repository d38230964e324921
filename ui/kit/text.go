package kit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// maxTextRunes bounds what a Text measures and draws; it is one line.
const maxTextRunes = 600

// TextLook says how a Text is set. The zero value is ordinary text.
type TextLook struct {
	Size  fyne.ThemeSizeName  // "" is the size of text
	Color fyne.ThemeColorName // "" is the foreground
	Bold  bool
	Mono  bool
	Align fyne.TextAlign
	// Cut lets the text be narrower than it needs: it ends with an ellipsis.
	Cut bool
	// Tail lets a text that is cut lose its beginning instead of its end.
	Tail bool
	// Between parts the text: of one that is cut, whole parts go first, the
	// last one before the others. "" is for text that is one.
	Between string
}

// Text is one line of text without padding, in a colour and size of the
// theme. For text that changes many times a second use a RowList.
type Text struct {
	widget.BaseWidget
	look  TextLook
	text  string
	short []string // what may stand for it, the best first
	obj   *canvas.Text
}

// NewText returns a line of text.
func NewText(s string, look TextLook) *Text {
	t := &Text{text: straight(s), look: look, obj: canvas.NewText("", nil)}
	t.ExtendBaseWidget(t)
	return t
}

// NewTitle returns a title: larger and bold, cut where there is no room.
func NewTitle(s string) *Text {
	return NewText(s, TextLook{Size: theme.SizeTitle, Bold: true, Cut: true})
}

// NewHeading returns a bold line of the size of text.
func NewHeading(s string) *Text { return NewText(s, TextLook{Bold: true}) }

// NewCaption returns a small muted line.
func NewCaption(s string) *Text {
	return NewText(s, TextLook{Size: ftheme.SizeNameCaptionText, Color: theme.ColorMuted})
}

// NewMuted returns a muted line of the size of text, cut where there is no
// room.
func NewMuted(s string) *Text { return NewText(s, TextLook{Color: theme.ColorMuted, Cut: true}) }

// NewHint returns small muted text that is broken into lines.
func NewHint(s string) *widget.RichText {
	h := widget.NewRichText(NewSegments(s, widget.RichTextStyle{
		ColorName: theme.ColorMuted, SizeName: ftheme.SizeNameCaptionText,
	})...)
	h.Wrapping = fyne.TextWrapWord
	return h
}

// Text returns the text.
func (t *Text) Text() string { return t.text }

// SetText changes the text.
func (t *Text) SetText(s string) {
	if s = straight(s); s != t.text {
		t.text = s
		t.Refresh()
	}
}

// SetShort changes what stands in place of a text of which not even the first
// part has room: the first that has.
func (t *Text) SetShort(short ...string) {
	if !slices.Equal(short, t.short) {
		t.short = short
		t.Refresh()
	}
}

// SetColor changes the colour.
func (t *Text) SetColor(c fyne.ThemeColorName) {
	if c != t.look.Color {
		t.look.Color = c
		t.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	p := &parts{objects: []fyne.CanvasObject{t.obj}, refresh: t.apply, min: t.need}
	p.layout = func(s fyne.Size) { p.objects = t.set(t.fit(s.Width), s) }
	t.apply()
	return p
}

// apply takes text, look and theme over; the layout cuts the text.
func (t *Text) apply() {
	t.style()
	t.obj.Text = t.whole()
}

// style takes look and theme over. It leaves the text alone: what is only
// measured stays cut as it is shown.
func (t *Text) style() {
	size, ink := t.look.Size, t.look.Color
	if size == "" {
		size = ftheme.SizeNameText
		if t.look.Mono {
			size = theme.SizeMono
		}
	}
	if ink == "" {
		ink = ftheme.ColorNameForeground
	}
	t.obj.TextSize = theme.Size(size)
	t.obj.Color = theme.Color(ink)
	t.obj.Alignment = t.look.Align
	t.obj.TextStyle = fyne.TextStyle{Bold: t.look.Bold, Monospace: t.look.Mono}
}

// whole is the text, cut where no window is wide enough.
func (t *Text) whole() string {
	n := 0
	for i := range t.text {
		if n++; n > maxTextRunes {
			return t.text[:i] + "…"
		}
	}
	return t.text
}

func (t *Text) need() fyne.Size {
	t.style()
	s := t.measure(t.whole())
	if t.look.Cut {
		s.Width = min(s.Width, z(24))
	}
	return s
}

// Wide is the width of the whole text: one that may be cut asks for less.
func (t *Text) Wide() float32 {
	t.style()
	return t.measure(t.whole()).Width
}

// fit returns the text, or as much of it as the width holds with an ellipsis.
func (t *Text) fit(width float32) string {
	s := t.whole()
	if !t.look.Cut || width <= 0 || t.measure(s).Width <= width {
		return s
	}
	for some := s; t.look.Between != ""; {
		end := strings.LastIndex(some, t.look.Between)
		if end < 0 {
			break
		}
		if some = some[:end]; t.measure(some).Width <= width {
			return some
		}
	}
	for _, some := range t.short {
		if t.measure(some).Width <= width {
			return some
		}
	}
	lo, hi := 0, len(s)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if t.measure(t.some(s, mid)).Width <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return t.some(s, lo)
}

// some is what shows of a text that is cut to n bytes.
func (t *Text) some(s string, n int) string {
	if t.look.Tail {
		return "…" + s[boundary(s, len(s)-n):]
	}
	return s[:boundary(s, n)] + "…"
}

// boundary is the end of the last whole character within the first n bytes.
func boundary(s string, n int) int {
	for n > 0 && n < len(s) && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}
