package parts

import (
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/ui/kit"
)

// Pair is one row of Pairs.
type Pair struct {
	Name, Value string
	// Secret hides the value. Kept says that a secret value is kept elsewhere
	// and stays as it is until another one is typed.
	Secret, Kept bool
}

// PairsParams are what Pairs is made of.
type PairsParams struct {
	// Name and Value are the placeholders of the fields, Add the text of the
	// button below them, Remove what the button at the end of a row does.
	Name, Value, Add, Remove string
	// Secret is the tooltip of the mark that hides a value, Open of the one
	// that shows it again; empty: no value is secret. Kept stands in the
	// field of a kept value.
	Secret, Open, Kept string
	// Guess reports whether the value of a name is secret, for rows that a
	// person adds; nil: none is.
	Guess func(name string) bool
	// Changed hears of every edit, Gained of a control that got the keyboard,
	// TooLarge of a paste that was refused. Each may be nil.
	Changed  func()
	Gained   func(fyne.CanvasObject)
	TooLarge func(bytes, limit int)
}

// MostPairs is how many rows Pairs shows: more would make a form slow, and a
// file from elsewhere may hold any number. The others, and those too large for
// a Field, stay as they are.
const MostPairs = 64

// Pairs edits names with values, a row each. UI goroutine only.
type Pairs struct {
	widget.BaseWidget
	p      PairsParams
	rows   []*pairRow
	rest   []Pair // what does not show
	column *fyne.Container
	add    *kit.Button
}

type pairRow struct {
	name, value *Field
	mark        *kit.Button // nil: no value is secret
	remove      *kit.Button
	root        *fyne.Container
	secret      bool
	guess       bool   // nobody has said yet whether it is
	kept        string // the name that a kept value belongs to; "" for none
}

// NewPairs returns a list without rows.
func NewPairs(p PairsParams) *Pairs {
	w := &Pairs{p: p, column: Column(4)}
	w.add = kit.NewButton(p.Add, widget.MediumImportance, func() {
		w.append(Pair{})
		w.rows[len(w.rows)-1].guess = w.p.Guess != nil
		w.changed()
		w.Focus(len(w.rows) - 1)
	})
	w.add.SetIcon(ftheme.ContentAddIcon())
	w.ExtendBaseWidget(w)
	w.arrange()
	return w
}

// CreateRenderer implements fyne.Widget.
func (w *Pairs) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(w.column) }

// Button returns the button that adds a row.
func (w *Pairs) Button() *kit.Button { return w.add }

// Fill replaces all rows.
func (w *Pairs) Fill(list []Pair) {
	w.rows, w.rest = nil, nil
	for _, p := range list {
		if len(w.rows) < MostPairs && len(p.Name) <= FieldLimit && len(p.Value) <= FieldLimit {
			w.rows = append(w.rows, w.row(p))
		} else {
			w.rest = append(w.rest, p)
		}
	}
	w.arrange()
}

// Read returns the rows as they were typed; those with neither name nor value
// count for nothing.
func (w *Pairs) Read() []Pair {
	var list []Pair
	for _, r := range w.rows {
		p := r.pair()
		if p.Name != "" || p.Value != "" || p.Kept {
			list = append(list, p)
		}
	}
	return append(list, w.rest...)
}

// SetKept changes what stands in the fields of kept values.
func (w *Pairs) SetKept(text string) {
	if text == w.p.Kept || w.p.Secret == "" {
		return
	}
	w.p.Kept = text
	for _, r := range w.rows {
		w.dress(r)
	}
}

// Focus gives the keyboard to the row that Read returns at i.
func (w *Pairs) Focus(i int) {
	for _, r := range w.rows {
		if p := r.pair(); i > 0 && (p.Name != "" || p.Value != "" || p.Kept) {
			i--
			continue
		}
		if c := fyne.CurrentApp().Driver().CanvasForObject(w); c != nil {
			c.Focus(r.name)
		}
		return
	}
}

// Fields returns name and value of row i, counted as they show, for tests.
func (w *Pairs) Fields(i int) (name, value *Field) { return w.rows[i].name, w.rows[i].value }

// Buttons returns the mark and the remover of row i, for tests.
func (w *Pairs) Buttons(i int) (mark, remove *kit.Button) { return w.rows[i].mark, w.rows[i].remove }

func (r *pairRow) pair() Pair {
	return Pair{Name: r.name.Text, Value: r.value.Text, Secret: r.secret, Kept: r.keeps() && r.value.Text == ""}
}

// keeps reports whether the row has a value that is kept elsewhere.
func (r *pairRow) keeps() bool {
	return r.secret && r.kept != "" && strings.EqualFold(r.kept, r.name.Text)
}

func (w *Pairs) append(p Pair) {
	w.rows = append(w.rows, w.row(p))
	w.arrange()
}

func (w *Pairs) row(p Pair) *pairRow {
	r := &pairRow{name: w.field(p.Name, w.p.Name), value: w.field(p.Value, w.p.Value), secret: p.Secret}
	if p.Kept {
		r.kept = p.Name
	}
	r.remove = kit.NewIconButton(ftheme.ContentRemoveIcon(), w.p.Remove, func() { w.drop(r) })
	controls := []fyne.CanvasObject{r.remove}
	if w.p.Secret != "" {
		r.mark = kit.NewIconButton(ftheme.VisibilityIcon(), w.p.Secret, func() { w.toggle(r) })
		controls = []fyne.CanvasObject{r.mark, r.remove}
		w.dress(r)
		r.name.OnChanged = func(name string) {
			r.secret = r.secret || r.guess && w.p.Guess(name)
			w.dress(r)
			w.changed()
		}
	}
	r.root = Stretch(1, 4, append([]fyne.CanvasObject{Sized(r.name, 148, 0), r.value}, controls...)...)
	return r
}

// field returns a field that tells of what happens to it.
func (w *Pairs) field(text, placeholder string) *Field {
	f := NewField()
	f.Text = text
	f.SetPlaceHolder(placeholder)
	f.OnChanged = func(string) { w.changed() }
	f.Gained = func() { w.gained(f) }
	f.TooLarge = w.p.TooLarge
	return f
}

// gained tells of a field that got the keyboard. The toolkit does not know yet
// where one stands that has never been painted; it is in the last row then,
// right above the button.
func (w *Pairs) gained(f *Field) {
	switch {
	case w.p.Gained == nil:
	case fyne.CurrentApp().Driver().CanvasForObject(f) == nil:
		w.p.Gained(w.add)
	default:
		w.p.Gained(f)
	}
}

// toggle hides the value of a row or shows it. What is kept elsewhere is never
// shown: it has to be typed again.
func (w *Pairs) toggle(r *pairRow) {
	r.secret, r.kept, r.guess = !r.secret, "", false
	w.dress(r)
	w.changed()
}

// dress shows whether the value of a row is secret.
func (w *Pairs) dress(r *pairRow) {
	icon, tip, placeholder := ftheme.VisibilityIcon(), w.p.Secret, w.p.Value
	if r.secret {
		icon, tip = ftheme.VisibilityOffIcon(), w.p.Open
		if r.keeps() {
			placeholder = w.p.Kept
		}
	}
	if r.value.PlaceHolder == placeholder && r.value.Password == r.secret && r.mark.AccessibilityLabel() == tip {
		return
	}
	r.value.Password = r.secret
	r.value.SetPlaceHolder(placeholder)
	r.value.Refresh()
	r.mark.SetTip(tip)
	r.mark.SetIcon(icon)
}

func (w *Pairs) drop(gone *pairRow) {
	var rows []*pairRow
	next := -1
	for i, r := range w.rows {
		if r == gone {
			next = i
			continue
		}
		rows = append(rows, r)
	}
	w.rows = rows
	w.arrange()
	w.changed()
	c := fyne.CurrentApp().Driver().CanvasForObject(w)
	switch {
	case c == nil:
	case next >= 0 && next < len(rows):
		c.Focus(rows[next].name)
	default:
		c.Focus(w.add)
	}
}

// arrange sets the rows and the button below each other.
func (w *Pairs) arrange() {
	objects := make([]fyne.CanvasObject, 0, len(w.rows)+1)
	for _, r := range w.rows {
		objects = append(objects, r.root)
	}
	kit.SetShown(w.add, len(w.rows) < MostPairs)
	w.column.Objects = append(objects, Row(0, w.add))
	w.column.Refresh()
}

func (w *Pairs) changed() {
	if w.p.Changed != nil {
		w.p.Changed()
	}
}
