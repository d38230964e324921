package profileform

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/profilecheck"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// will is the part of the form about the last will, folded away until
// somebody wants it.
type will struct {
	d       kit.Deps
	edited  func(field string)
	open    bool
	root    fyne.CanvasObject
	fold    *kit.Button
	inside  *fyne.Container
	on      *parts.Check
	topic   *parts.Field
	text    *parts.Field
	qos     *kit.Segmented
	retain  *parts.Check
	rows    map[string]*kit.FormRow
	filling bool
}

func newWill(d kit.Deps, edited func(field string)) *will {
	tr := d.Tr
	w := &will{d: d, edited: edited}
	change := func(field string) {
		if w.filling {
			return
		}
		if !w.on.Checked { // somebody fills in a part of it: that switches it on
			w.on.Put(true)
		}
		edited(field)
	}
	w.fold = kit.NewButton(tr.S("form.will"), widget.LowImportance, func() { w.set(!w.open); edited("") })
	w.on = parts.NewCheck(tr.S("form.will.on"), func(bool) { edited("") })
	w.topic = parts.NewField()
	w.topic.TextStyle.Monospace = true
	w.topic.SetPlaceHolder(tr.S("form.will.topic.placeholder"))
	w.topic.OnChanged = func(string) { change(profilecheck.FieldWillTopic) }
	w.text = parts.NewEditor()
	w.text.SetMinRowsVisible(2)
	w.text.SetPlaceHolder(tr.S("form.will.payload.placeholder"))
	w.text.OnChanged = func(string) { change(profilecheck.FieldWillPayload) }
	w.qos = kit.NewSegmented([]string{"QoS 0", "QoS 1", "QoS 2"}, func(int) { change("") })
	w.retain = parts.NewCheck(tr.S("form.will.retain"), func(bool) { change("") })
	topic := kit.NewFormRow(tr.S("form.will.topic"), w.topic, "")
	text := kit.NewFormRow(tr.S("form.will.payload"), w.text, "")
	w.rows = map[string]*kit.FormRow{profilecheck.FieldWillTopic: topic, profilecheck.FieldWillPayload: text}
	w.inside = parts.Column(8,
		parts.Inset(kit.NewHint(tr.S("form.will.explain")), -4, 0, -4, 0), kit.NewFormRow("", w.on, ""), topic, text,
		kit.NewFormRow(tr.S("form.will.options"), parts.Row(14, w.qos, w.retain), ""),
	)
	w.root = parts.Column(4, parts.Inset(parts.Row(0, w.fold), -8, 0, 0, 0), w.inside)
	w.set(false)
	return w
}

// set folds the part open or away.
func (w *will) set(open bool) {
	w.open = open
	icon := ftheme.MenuExpandIcon()
	if open {
		icon = ftheme.MenuDropDownIcon()
	}
	w.fold.SetIcon(icon)
	kit.SetShown(w.inside, open)
}

func (w *will) read(d *draft) {
	d.will, d.willTopic, d.willText = w.on.Checked, w.topic.Text, w.text.Text
	d.willQoS, d.willRetain = app.QoS(w.qos.Selected()), w.retain.Checked
}

func (w *will) fill(d draft) {
	w.filling = true
	w.on.Put(d.will)
	w.topic.Put(d.willTopic)
	w.text.Put(d.willText)
	w.qos.Select(int(d.willQoS))
	w.retain.Put(d.willRetain)
	if d.will && !w.open {
		w.set(true)
	}
	w.filling = false
}

// reveal opens the part when something in it is wrong.
func (w *will) reveal(found []profilecheck.Finding) {
	if slices.ContainsFunc(found, func(x profilecheck.Finding) bool { return strings.HasPrefix(x.Field, "Will.") }) {
		w.set(true)
	}
}
