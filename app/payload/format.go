package payload

import "context"

// View is a way to show a payload.
type View byte

// The views.
const (
	Text   View = iota // as it is, in lines
	JSON               // indented; numbers, order and repeated members kept
	Hex                // offset, bytes, ASCII
	Base64             // standard alphabet, with padding (RFC 4648 §4)
)

// Widths of lines, in characters.
const (
	DefaultWidth = 200
	minWidth     = 40
)

// Options say how to lay out. The zero value means the defaults.
type Options struct {
	Width int // characters per line, at least 40; longer lines are wrapped
}

// Doc is a payload laid out in lines. It is safe for concurrent use.
type Doc struct {
	lines lines
}

// lines is one way to lay out; index is within [0, count).
type lines interface {
	count() int
	line(index int) Line
}

// Len returns the number of lines. An empty payload has none.
func (d *Doc) Len() int { return d.lines.count() }

// Line makes line i, counted from 0. Outside [0, Len) it is empty.
func (d *Doc) Line(i int) Line {
	if i < 0 || i >= d.lines.count() {
		return Line{}
	}
	return d.lines.line(i)
}

// Format lays out b with the default options; see Options.Format.
func Format(ctx context.Context, view View, b []byte) (*Doc, error) {
	return Options{}.Format(ctx, view, b)
}

// Format lays out the whole of b, which nobody may change while the Doc is in
// use. The JSON view of what is no JSON is an *app.Error with the place and
// the reason; the other views take any payload. When ctx ends first, its
// cause is returned.
func (o Options) Format(ctx context.Context, view View, b []byte) (*Doc, error) {
	width := o.Width
	if width <= 0 {
		width = DefaultWidth
	}
	width = max(width, minWidth)
	switch view {
	case Hex:
		return &Doc{newHexLines(b, width)}, nil
	case Base64:
		return &Doc{newBase64Lines(b, width)}, nil
	case JSON:
		start, err := checkJSON(ctx, b)
		if err != nil {
			return nil, err
		}
		return newIndex(ctx, &jsonLayout{b: b}, width, cursor{off: start, kind: array})
	default:
		return newIndex(ctx, &textLayout{b: b}, width, textStart(b))
	}
}
