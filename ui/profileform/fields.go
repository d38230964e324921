package profileform

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// fields makes the controls of the form and knows where each field of a
// profile stands, by the name that findings have for it.
type fields struct {
	d       kit.Deps
	edited  func() // something was changed by a person
	reveal  func(fyne.CanvasObject)
	filling bool // the controls are being written by us
	moved   bool // something came or went since the last layout

	spots   map[string]*spot
	rank    map[string]int        // of a field, in the order of the form
	touched map[string]bool       // fields whose findings show
	refused map[string]*app.Error // pastes that a field did not take
	held    map[*parts.Field]string

	page int   // of the controls that are being made
	fold *fold // they lie in; nil for none
}

// spot is where a field stands.
type spot struct {
	row   *kit.FormRow
	focus func(i int) // gives it the keyboard; i counts the rows of a list
	page  int
	fold  *fold
}

func newFields(d kit.Deps) *fields {
	return &fields{
		d: d, edited: func() {}, reveal: func(fyne.CanvasObject) {},
		spots: map[string]*spot{}, rank: map[string]int{}, touched: map[string]bool{}, refused: map[string]*app.Error{},
		held: map[*parts.Field]string{},
	}
}

// S says a key in the language of the form.
func (f *fields) S(key string, pairs ...any) string { return f.d.Tr.S(key, pairs...) }

// touch marks a field as edited: from now on its findings show.
func (f *fields) touch(field string) {
	if f.filling {
		return
	}
	f.touched[field] = true
	delete(f.refused, field)
	f.edited()
}

// change is touch for a control that cannot be wrong.
func (f *fields) change() {
	if !f.filling {
		f.edited()
	}
}

// at notes that a field stands where controls are being made now.
func (f *fields) at(field string, focus func(i int)) {
	if field != "" {
		f.spots[field] = &spot{focus: focus, page: f.page, fold: f.fold}
		f.rank[field] = len(f.rank)
	}
}

// name makes a control known to tests as "form." and name.
func (f *fields) name(name string, o fyne.CanvasObject) { f.d.Names.Set("form."+name, o) }

// give returns what gives the keyboard to o.
func (f *fields) give(o fyne.Focusable) func(int) {
	return func(int) { f.d.Window.Canvas().Focus(o) }
}

// text makes the entry of a field.
func (f *fields) text(name, field string) *parts.Field { return f.set(parts.NewField(), name, field) }

// number is text for a number.
func (f *fields) number(name, field string) *parts.Field {
	e := f.text(name, field)
	e.Whole = true
	return e
}

// mono is text for what machines read.
func (f *fields) mono(name, field string) *parts.Field {
	e := f.text(name, field)
	e.TextStyle.Monospace = true
	return e
}

// editor makes the entry of a field of many lines.
func (f *fields) editor(name, field string, lines int) *parts.Field {
	e := f.set(parts.NewEditor(), name, field)
	e.SetMinRowsVisible(lines)
	return e
}

func (f *fields) set(e *parts.Field, name, field string) *parts.Field {
	e.OnChanged = func(string) { f.touch(field) }
	e.Gained = func() { f.reveal(e) }
	e.TooLarge = func(bytes, limit int) { f.refuse(field, bytes, limit) }
	f.at(field, f.give(e))
	f.name(name, e)
	return e
}

// quietly writes a field that nobody has edited.
func (f *fields) quietly(e *parts.Field, text string) {
	before := f.filling
	f.filling = true
	e.Put(text)
	f.filling = before
}

// put writes a text of the profile into an entry. What is too large for it, in
// a file from elsewhere, is held back and stays as it is.
func (f *fields) put(e *parts.Field, text string) {
	delete(f.held, e)
	if len(text) > parts.FieldLimit {
		f.held[e] = text
		e.SetPlaceHolder(f.S("form.held", "Bytes", app.ByteCount(len(text))))
		e.Disable()
		text = ""
	}
	e.Put(text)
}

// get returns what put wrote and a person changed.
func (f *fields) get(e *parts.Field) string {
	if text, ok := f.held[e]; ok {
		return text
	}
	return e.Text
}

// refuse says beside a field that it did not take a paste.
func (f *fields) refuse(field string, bytes, limit int) {
	f.refused[field] = &app.Error{
		What: app.Say("form.too_large", "Bytes", app.ByteCount(bytes), "Max", app.ByteCount(limit)),
		Do:   app.Say("form.too_large.do"),
	}
	f.edited()
}

// check makes a check box.
func (f *fields) check(name, text string, do func(on bool)) *parts.Check {
	c := parts.NewCheck(text, func(on bool) {
		if do != nil && !f.filling {
			do(on)
		}
		f.change()
	})
	c.Gained = func() { f.reveal(c) }
	f.name(name, c)
	return c
}

// choice makes joined segments.
func (f *fields) choice(name string, options []string, do func(i int)) *kit.Segmented {
	s := kit.NewSegmented(options, func(i int) {
		if do != nil {
			do(i)
		}
		f.change()
	})
	f.name(name, s)
	return s
}

// pairs makes a list of names with values; its findings are about field[i].
func (f *fields) pairs(name, field string, p parts.PairsParams) *parts.Pairs {
	p.Changed = func() {
		f.moved = true
		f.touch(field)
	}
	p.Gained = func(o fyne.CanvasObject) { f.reveal(o) }
	p.TooLarge = func(bytes, limit int) { f.refuse(field, bytes, limit) }
	p.Remove = f.S("form.pairs.remove")
	w := parts.NewPairs(p)
	f.at(field, w.Focus)
	f.name(name, w)
	f.name(name+".add", w.Button())
	return w
}

// row makes the line of one field, or of several that share it.
func (f *fields) row(label string, control fyne.CanvasObject, hint string, of ...string) *kit.FormRow {
	if label != "" {
		label = f.S(label)
	}
	if hint != "" {
		hint = f.S(hint)
	}
	r := kit.NewFormRow(label, control, hint)
	for _, field := range of {
		f.spots[field].row = r
	}
	return r
}

// show shows o or hides it.
func (f *fields) show(o fyne.CanvasObject, on bool) {
	if kit.SetShown(o, on) {
		f.moved = true
	}
}

// spot returns where the field of a finding stands, the index within a list,
// and nil for a field that the form does not have.
func (f *fields) spot(field string) (s *spot, of string, i int) {
	of, i = field, 0
	if base, rest, list := strings.Cut(field, "["); list {
		of = base
		for _, c := range strings.TrimSuffix(rest, "]") {
			i = i*10 + int(c-'0')
		}
	}
	return f.spots[of], of, i
}

// complain shows what is wrong with fields that a person has edited, and
// returns how many fields that concerns, by page.
func (f *fields) complain(found []profilecheck.Finding) map[int]int {
	faults, pages := map[*kit.FormRow]string{}, map[int]int{}
	told := map[*kit.FormRow]map[string]bool{} // of each row, the fields whose fault it tells
	note := func(x profilecheck.Finding) {
		s, of, _ := f.spot(x.Field)
		if s == nil || s.row == nil || !f.touched[of] && f.refused[of] == nil {
			return
		}
		pages[s.page]++
		if told[s.row] == nil {
			told[s.row] = map[string]bool{}
		}
		if told[s.row][of] {
			return // of a list its first
		}
		told[s.row][of] = true
		what, do, _ := f.d.Tr.Error(x.Err)
		faults[s.row] = strings.TrimSpace(faults[s.row] + " " + strings.TrimSpace(what+" "+do))
	}
	for field, err := range f.refused {
		note(profilecheck.Finding{Field: field, Err: err})
	}
	for _, x := range found {
		note(x)
	}
	for _, s := range f.spots {
		if s.row != nil && s.row.Error() != faults[s.row] {
			s.row.SetError(faults[s.row])
			f.moved = true
		}
	}
	return pages
}

// muted is a muted line that is never cut.
func muted(s string) *kit.Text { return kit.NewText(s, kit.TextLook{Color: theme.ColorMuted}) }

// paragraph is small text in lines whose words change.
type paragraph struct {
	rich *widget.RichText
	root fyne.CanvasObject
	text string
}

func newParagraph() *paragraph {
	p := &paragraph{rich: kit.NewHint("")}
	p.root = parts.Inset(p.rich, -4.5, 0, -4.5, 0)
	return p
}

// set changes the words and reports whether they are other ones.
func (p *paragraph) set(s string) bool {
	if s == p.text {
		return false
	}
	p.text = s
	p.rich.Segments = kit.NewHint(s).Segments
	p.rich.Refresh()
	return true
}

// explain is a paragraph that stays as it is.
func explain(s string) fyne.CanvasObject {
	p := newParagraph()
	p.set(s)
	return p.root
}
