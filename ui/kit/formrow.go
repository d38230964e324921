package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/theme"
)

// formLabel is the width of the labels of a form, in units at 100 %.
const formLabel = 152

// FormRow is one line of a form: a label, a control, and below the control
// a hint, or the error that stands in its place.
type FormRow struct {
	widget.BaseWidget
	label   *Text
	control fyne.CanvasObject
	note    *widget.RichText
	hint    string
	fault   string
	room    float32 // for the label, in units at 100 %
}

// NewFormRow returns a row. An empty hint takes no room.
func NewFormRow(label string, control fyne.CanvasObject, hint string) *FormRow {
	r := &FormRow{label: NewMuted(label), control: control, hint: hint, note: NewHint(""), room: formLabel}
	r.ExtendBaseWidget(r)
	return r
}

// NewWideRow returns a row without a label: the control has the whole width.
func NewWideRow(control fyne.CanvasObject, hint string) *FormRow {
	r := NewFormRow("", control, hint)
	r.room = 0
	return r
}

// SetHint changes the hint and reports whether it was another: it may take
// more lines, or fewer.
func (r *FormRow) SetHint(s string) bool {
	if s == r.hint {
		return false
	}
	r.hint = s
	r.Refresh()
	return true
}

// SetError shows an error in place of the hint; "" brings the hint back.
func (r *FormRow) SetError(s string) {
	if s != r.fault {
		r.fault = s
		r.Refresh()
	}
}

// Error returns the error that shows.
func (r *FormRow) Error() string { return r.fault }

// CreateRenderer implements fyne.Widget.
func (r *FormRow) CreateRenderer() fyne.WidgetRenderer {
	body := container.New(rowBody{}, r.control, r.note)
	p := &parts{objects: []fyne.CanvasObject{r.label, body}, refresh: func() { r.apply(); body.Refresh() }}
	p.layout = func(s fyne.Size) {
		place(r.label, 0, 0, max(0, z(r.room-8)), min(z(27), s.Height)) // beside the first line of what is higher
		place(body, z(r.room), 0, s.Width-z(r.room), s.Height)
	}
	p.min = func() fyne.Size {
		m := body.MinSize()
		return fyne.NewSize(m.Width+z(r.room), max(m.Height, z(27)))
	}
	r.apply()
	return p
}

// apply puts hint or error into the note.
func (r *FormRow) apply() {
	text, ink := r.hint, theme.ColorMuted
	if r.fault != "" {
		text, ink = r.fault, ftheme.ColorNameError
	}
	r.note.Hidden = text == ""
	r.note.Segments = NewSegments(text, widget.RichTextStyle{ColorName: ink, SizeName: ftheme.SizeNameCaptionText})
	r.note.Refresh()
}

// rowBody sets a control and the small text below it close together; the text
// begins where the control does.
type rowBody struct{}

// What the toolkit keeps free around rich text, in units at 100 %.
const noteInset = 4.5

func (rowBody) MinSize(o []fyne.CanvasObject) fyne.Size {
	m := o[0].MinSize()
	if o[1].Visible() {
		note := o[1].MinSize()
		m = fyne.NewSize(max(m.Width, note.Width), m.Height+note.Height-z(noteInset))
	}
	return m
}

func (rowBody) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := o[0].MinSize().Height
	place(o[0], 0, 0, s.Width, h)
	if o[1].Visible() {
		o[1].Resize(fyne.NewSize(s.Width+z(noteInset), o[1].Size().Height)) // it knows its height by its width only
		place(o[1], -z(noteInset), h-z(noteInset)+z(1), s.Width+z(noteInset), o[1].MinSize().Height)
	}
}
