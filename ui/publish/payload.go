package publish

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// body is the payload: written as text, JSON or hexadecimal, or, when it is
// too large for an entry, held as it is.
type body struct {
	d      kit.Deps
	field  *parts.Field
	format *kit.Segmented
	held   *fyne.Container // stands in place of the field
	root   fyne.CanvasObject
	edited func()
	// refused hears that the payload cannot be written in another way.
	refused func()
	moved   bool // what shows takes other room since the screen looked

	way    parts.Way
	large  []byte // what is held; nil: the field counts
	given  []byte // the payload that the text was made of
	asThat string // that text

	judged  string // the text that verdict is about, written in that way
	as      parts.Way
	verdict *app.Error
}

func newBody(d kit.Deps, edited, refused func()) *body {
	b := &body{d: d, edited: edited, refused: refused, held: container.NewStack()}
	b.field = parts.NewEditor()
	b.field.SetPlaceHolder(d.Tr.S("publish.payload"))
	b.field.OnChanged = func(string) { edited() }
	b.format = kit.NewSegmented([]string{d.Tr.S("form.as.text"), "JSON", d.Tr.S("form.as.hex")}, b.turn)
	b.held.Hide()
	b.root = container.NewStack(b.field, b.held)
	return b
}

// put shows a payload.
func (b *body) put(d draft) {
	b.way, b.large, b.given, b.asThat = d.way, d.large, d.given, d.asThat
	b.format.Select(int(d.way))
	b.field.Put(d.text)
	b.show()
}

// show shows the field, or what is held in its place.
func (b *body) show() {
	b.held.Objects = nil
	if b.large != nil {
		b.held.Objects = []fyne.CanvasObject{kit.NewEmptyState(
			b.d.Tr.Bytes(int64(len(b.large))), b.d.Tr.S("publish.large"),
			kit.NewButton(b.d.Tr.S("publish.large.empty"), widget.MediumImportance, b.empty),
		)}
	}
	b.held.Refresh()
	kit.SetShown(b.field, b.large == nil)
	kit.SetShown(b.format, b.large == nil)
	b.moved = kit.SetShown(b.held, b.large != nil) || b.moved
}

// empty lets another payload be written in place of the one held.
func (b *body) empty() {
	b.large = nil
	b.show()
	b.edited()
	b.d.Window.Canvas().Focus(b.field)
}

// turn shows the payload in another way. Where it cannot be written so it
// stays as it is: the same text would mean something else.
func (b *body) turn(to int) {
	data, err := b.bytes()
	way := parts.Way(to)
	if err == nil && !way.Fits(data) {
		b.format.Select(int(b.way))
		b.refused()
		return
	}
	if b.way = way; err == nil {
		b.given, b.asThat = data, way.Write(data)
		b.field.Put(b.asThat)
	}
	b.edited()
}

// bytes returns what will be sent, or why what was typed is nothing to send.
func (b *body) bytes() ([]byte, *app.Error) {
	switch {
	case b.large != nil:
		return b.large, nil
	case b.field.Text == b.asThat: // as it came, should the entry have changed it
		return b.given, nil
	}
	return b.way.Read(b.field.Text)
}

// judge returns why the payload cannot be sent, nil when it can.
func (b *body) judge() *app.Error {
	if b.large != nil {
		return nil
	}
	if b.judged != b.field.Text || b.as != b.way {
		b.judged, b.as = b.field.Text, b.way
		b.verdict = b.way.Judge(b.judged)
	}
	return b.verdict
}
