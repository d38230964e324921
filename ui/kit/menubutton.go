package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// NewMenuButton returns a button that opens a menu below itself. items is
// asked each time, so that the menu tells the state of that moment.
func NewMenuButton(text string, importance widget.Importance, items func() []*fyne.MenuItem) *Button {
	b := NewButton(text, importance, nil)
	b.arrow = true
	b.OnTapped = func() { ShowMenuBelow(b, items()) }
	return b
}

// ShowMenuBelow is ShowMenu right below o, which must be in a window.
func ShowMenuBelow(o fyne.CanvasObject, items []*fyne.MenuItem) { showMenuBelow(o, items, -1) }

// showMenuBelow is ShowMenuBelow with the keys at the item numbered active.
func showMenuBelow(o fyne.CanvasObject, items []*fyne.MenuItem, active int) {
	d := fyne.CurrentApp().Driver()
	if c := d.CanvasForObject(o); c != nil {
		showMenu(c, d.AbsolutePositionForObject(o).AddXY(0, o.Size().Height+z(2)), items, active)
	}
}

// Picker is a button that shows one of several options and lets a person
// pick another from a menu.
type Picker struct {
	widget.BaseWidget
	button   *Button
	options  []string
	selected int
	onChange func(i int)
}

// NewPicker returns a picker with the first option picked. onChange is
// called when a person picked another.
func NewPicker(options []string, onChange func(i int)) *Picker {
	p := &Picker{onChange: onChange}
	p.button = NewMenuButton("", widget.MediumImportance, p.items)
	p.button.OnTapped = func() { showMenuBelow(p.button, p.items(), p.selected) } // the next one is a key away
	p.SetOptions(options)
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer implements fyne.Widget.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.button) }

// Button returns the button that shows the pick, for its tooltip and for
// enabling it.
func (p *Picker) Button() *Button { return p.button }

// SetOptions changes the options; the pick keeps its place while it can.
func (p *Picker) SetOptions(options []string) {
	p.options = options
	p.Select(min(p.selected, len(options)-1))
}

// Select picks option i without calling onChange.
func (p *Picker) Select(i int) {
	p.selected = max(0, i)
	if p.selected < len(p.options) {
		p.button.SetText(p.options[p.selected])
	}
}

// Selected returns the picked option.
func (p *Picker) Selected() int { return p.selected }

func (p *Picker) items() []*fyne.MenuItem {
	items := make([]*fyne.MenuItem, len(p.options))
	for i, s := range p.options {
		items[i] = fyne.NewMenuItem(s, func() {
			changed := i != p.selected
			p.Select(i)
			if changed && p.onChange != nil {
				p.onChange(i)
			}
		})
		items[i].Checked = i == p.selected
	}
	return items
}
