package kit

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// tipDelay is how long the pointer rests before a tooltip comes.
const tipDelay = 450 * time.Millisecond

// Host is the root of a window's content: it draws the tooltips above it. An
// overlay of the toolkit would take the pointer away from what it explains. A
// dialog lies above the window, so it brings a Host of its own; see Cover.
type Host struct {
	widget.BaseWidget
	content fyne.CanvasObject
	bubble  *canvas.Rectangle
	label   *fyne.Container   // of lines of text
	owner   fyne.CanvasObject // whose tooltip shows or is about to
	text    string            // of it
	part    fyne.Position     // of owner, which it is about
	extent  fyne.Size
	pending *fyne.Animation
	size    fyne.Size        // as it was laid out
	resized map[*func()]bool // to be called when that changes
	covers  []*Host          // of the dialogs above the window, the topmost last
}

// NewHost returns the root for a content. Set it as the window's content.
func NewHost(content fyne.CanvasObject) *Host {
	h := &Host{content: content, bubble: box(4), label: container.NewWithoutLayout()}
	h.bubble.Hide()
	h.label.Hide()
	h.ExtendBaseWidget(h)
	return h
}

// Tip returns the tooltip that shows now, "" for none.
func (h *Host) Tip() string {
	if h.bubble.Hidden {
		return ""
	}
	var lines []string
	for _, o := range h.label.Objects {
		if t, ok := o.(*canvas.Text); ok {
			lines = append(lines, t.Text)
		}
	}
	return strings.Join(lines, "\n")
}

// CreateRenderer implements fyne.Widget.
func (h *Host) CreateRenderer() fyne.WidgetRenderer {
	return &parts{
		objects: []fyne.CanvasObject{h.content, h.bubble, h.label},
		layout:  h.layout,
		min:     h.content.MinSize,
		refresh: func() {
			h.apply()
			h.content.Refresh() // what came or went in it changes its layout
		},
	}
}

func (h *Host) layout(s fyne.Size) {
	place(h.content, 0, 0, s.Width, s.Height)
	if s == h.size {
		return
	}
	h.size = s
	for f := range h.resized {
		(*f)()
	}
}

// Cover has the tooltips of a window drawn by the host of a dialog that opens
// above it, until uncover is called.
func Cover(c fyne.Canvas, dialog *Host) (uncover func()) {
	h, ok := c.Content().(*Host)
	if !ok {
		return func() {}
	}
	h.front().HideTip()
	h.covers = append(h.covers, dialog)
	return func() {
		dialog.HideTip()
		h.covers = slices.DeleteFunc(h.covers, func(x *Host) bool { return x == dialog })
	}
}

// front returns the host that draws the tooltips of the window now.
func (h *Host) front() *Host {
	if n := len(h.covers); n > 0 {
		return h.covers[n-1]
	}
	return h
}

// OnResize has f called whenever the window of a canvas gets another size,
// until stop is called. A window without Host never calls it.
func OnResize(c fyne.Canvas, f func()) (stop func()) {
	h, ok := c.Content().(*Host)
	if !ok {
		return func() {}
	}
	if h.resized == nil {
		h.resized = map[*func()]bool{}
	}
	h.resized[&f] = true
	return func() { delete(h.resized, &f) }
}

func (h *Host) apply() {
	h.bubble.FillColor, h.bubble.StrokeColor = theme.Color(theme.ColorRaised), theme.Color(theme.ColorHairline)
	for _, o := range h.label.Objects {
		if t, ok := o.(*canvas.Text); ok {
			t.Color, t.TextSize = theme.Color(ftheme.ColorNameForeground), theme.Size(ftheme.SizeNameCaptionText)
		}
	}
}

// show brings the tooltip of o after a moment.
func (h *Host) show(o fyne.CanvasObject, text string) {
	h.showPart(o, text, fyne.Position{}, o.Size())
}

// showPart is show for a part of o, at a place in it.
func (h *Host) showPart(o fyne.CanvasObject, text string, part fyne.Position, size fyne.Size) {
	h.hide(h.owner)
	h.owner, h.text, h.part, h.extent = o, text, part, size
	h.pending = &fyne.Animation{Duration: tipDelay, Tick: func(done float32) {
		if done >= 1 && h.owner == o && h.bubble.Hidden {
			h.place()
		}
	}}
	h.pending.Start()
}

// retell changes the tooltip of o, if it shows or is about to.
func (h *Host) retell(o fyne.CanvasObject, text string) {
	switch {
	case h.owner != o:
	case text == "":
		h.hide(o)
	default:
		if h.text = text; !h.bubble.Hidden {
			h.place()
		}
	}
}

// place puts the bubble below its part of the owner, or above where there is no
// room.
func (h *Host) place() {
	h.label.Objects = nil
	for _, line := range tipLines(h.text) {
		h.label.Add(canvas.NewText(line, nil))
	}
	h.apply()
	var w, high float32
	for _, line := range h.label.Objects {
		m := line.MinSize()
		place(line, 0, high, m.Width, m.Height)
		w, high = max(w, m.Width), high+m.Height
	}
	d := fyne.CurrentApp().Driver()
	room, own := h.Size(), d.AbsolutePositionForObject(h)
	if c := d.CanvasForObject(h); c != nil { // above a dialog it may reach beyond
		room = c.Size().SubtractWidthHeight(own.X, own.Y)
	}
	at := d.AbsolutePositionForObject(h.owner).Add(h.part).Subtract(own)
	x := at.X + (h.extent.Width-w-z(14))/2
	y := at.Y + h.extent.Height + z(5)
	if y+high+z(8) > room.Height {
		y = at.Y - high - z(13)
	}
	x = max(z(4)-own.X, min(x, room.Width-w-z(18)))
	place(h.bubble, x, y, w+z(14), high+z(8))
	place(h.label, x+z(7), y+z(4), w, high)
	h.bubble.Show()
	h.label.Show()
	canvas.Refresh(h.bubble)
	canvas.Refresh(h.label)
}

// The size of a tooltip, in characters and lines.
const (
	tipWidth = 64
	tipRows  = 12
)

// tipLines breaks a text into the lines of a tooltip. What is too much for
// one ends with an ellipsis.
func tipLines(text string) []string {
	var lines []string
	for _, paragraph := range strings.Split(strings.TrimSpace(text), "\n") {
		line := ""
		for word := range strings.FieldsSeq(paragraph) {
			for r := []rune(word); len(r) > tipWidth; r = []rune(word) {
				if line != "" {
					lines = append(lines, line)
				}
				lines = append(lines, string(r[:tipWidth]))
				line, word = "", string(r[tipWidth:])
			}
			if line != "" && utf8.RuneCountInString(line+" "+word) > tipWidth {
				lines, line = append(lines, line), ""
			}
			line = strings.TrimSpace(line + " " + word)
		}
		lines = append(lines, line)
		if len(lines) > tipRows {
			return append(lines[:tipRows-1], "…")
		}
	}
	return lines
}

// hide takes the tooltip of o away.
func (h *Host) hide(o fyne.CanvasObject) {
	if o == nil || h.owner != o {
		return
	}
	h.owner = nil
	if h.pending != nil {
		h.pending.Stop()
		h.pending = nil
	}
	h.bubble.Hide()
	h.label.Hide()
}

// tip is embedded by widgets that have a tooltip.
type tip struct {
	text string
	of   fyne.CanvasObject // whose it is, once it has been shown
}

// SetTip sets the tooltip, also of one that shows; "" takes it away.
func (t *tip) SetTip(s string) {
	if s == t.text {
		return
	}
	if t.text = s; t.of == nil {
		return
	}
	if h := hostOf(t.of); h != nil {
		h.retell(t.of, s)
	}
}

func (t *tip) show(o fyne.CanvasObject) {
	if h := hostOf(o); h != nil && t.text != "" {
		t.of = o
		h.show(o, t.text)
	}
}

func (t *tip) hide(o fyne.CanvasObject) {
	if h := hostOf(o); h != nil {
		h.hide(o)
	}
}

// HideTip takes away whatever tooltip shows in the window of o, or is about
// to: it explains what a person looks at, and in the way of one who clicks,
// types or scrolls it is a nuisance.
func HideTip(o fyne.CanvasObject) {
	if h := hostOf(o); h != nil {
		h.HideTip()
	}
}

// HideTip takes the tooltip away that shows, or is about to.
func (h *Host) HideTip() {
	f := h.front()
	f.hide(f.owner)
}

// hostOf returns the Host of the window that o is in, nil when it has none.
func hostOf(o fyne.CanvasObject) *Host {
	c := fyne.CurrentApp().Driver().CanvasForObject(o)
	if c == nil {
		return nil
	}
	h, ok := c.Content().(*Host)
	if !ok {
		return nil
	}
	return h.front()
}

// Tipped gives any object a tooltip. It takes hovering and clicks, so wrap
// only what takes neither itself, and lies in nothing that does.
type Tipped struct {
	widget.BaseWidget
	tip
	content fyne.CanvasObject
}

var _ desktop.Hoverable = (*Tipped)(nil)

// NewTipped returns content with a tooltip.
func NewTipped(content fyne.CanvasObject, text string) *Tipped {
	t := &Tipped{content: content, tip: tip{text: text}}
	t.ExtendBaseWidget(t)
	return t
}

// CreateRenderer implements fyne.Widget.
func (t *Tipped) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.content) }

// Tapped takes the tooltip away.
func (t *Tipped) Tapped(*fyne.PointEvent) { t.hide(t) }

// MouseIn shows the tooltip after a moment.
func (t *Tipped) MouseIn(*desktop.MouseEvent) { t.show(t) }

// MouseMoved implements desktop.Hoverable.
func (t *Tipped) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the tooltip away.
func (t *Tipped) MouseOut() { t.hide(t) }
