package messages

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/mqtt/topic"
	"tidings/app/workspace"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// filterPanel lists the subscriptions and makes new ones.
type filterPanel struct {
	kit.Deps
	ws      Workspace
	filters []workspace.Filter

	object *fyne.Container
	entry  *parts.Field
	qos    *kit.Picker
	add    *kit.Button
	remove *kit.Button
	hint   *widget.RichText
	said   string // what the hint says
	// refused says why a paste was not taken, until the next change.
	refused string
	list    *kit.RowList
}

func newFilterPanel(d kit.Deps, ws Workspace) *filterPanel {
	p := &filterPanel{Deps: d, ws: ws}
	p.entry = parts.NewField()
	p.entry.OnSubmitted = func(string) { p.subscribe() }
	p.entry.SetPlaceHolder(d.Tr.S("filters.entry"))
	p.entry.OnChanged = func(string) { p.refused = ""; p.judge() }
	p.entry.TooLarge = func(bytes, limit int) {
		p.refused = d.Tr.S("publish.paste_too_large", "Size", app.ByteCount(bytes), "Limit", app.ByteCount(limit))
		p.judge()
	}
	p.qos = kit.NewPicker([]string{"q0", "q1", "q2"}, func(int) {})
	p.add = kit.NewIconButton(ftheme.ContentAddIcon(), d.Tr.S("filters.add"), p.subscribe)
	p.list = kit.NewRowList([]kit.Column{{Width: 1, Flex: true, Mono: true}, {Width: 62, Align: kit.AlignEnd}}, p)
	p.list.SetHeader(false)
	p.list.SetRowHeight(38)
	p.list.SetGutter(20)
	p.list.SetEmpty(d.Tr.S("filters.empty"), d.Tr.S("filters.empty_hint"))
	p.list.OnSelected = func(int) { p.judge() }
	p.list.OnTypedKey = p.typed
	p.remove = kit.NewButton(d.Tr.S("filters.remove"), widget.MediumImportance, p.unsubscribe)
	p.hint = kit.NewHint("")
	for name, o := range map[string]fyne.CanvasObject{
		"subscribe.filter": p.entry, "subscribe.qos": p.qos.Button(), "subscribe.add": p.add,
		"subscribe.remove": p.remove, "subscribe.filters": p.list,
	} {
		d.Names.Set(name, o)
	}
	head := kit.NewBar(parts.Stretch(0, 6, p.entry, p.qos, p.add))
	p.object = container.New(panelLayout{head: head, list: p.list, hint: p.hint, button: p.remove, typing: p.typing},
		head, p.list, p.hint, p.remove)
	p.judge()
	return p
}

// typing reports whether a new filter is being typed.
func (p *filterPanel) typing() bool { return p.entry.Text != "" || p.refused != "" }

// sync shows the subscriptions as they are now.
func (p *filterPanel) sync() {
	now := p.ws.Filters()
	if !slices.Equal(now, p.filters) {
		p.filters = now
		p.list.Refresh()
	}
	p.judge()
}

// judge says while typing whether the filter is valid and why not, and else
// what the selected subscription is about.
func (p *filterPanel) judge() {
	text, bad := p.verdict()
	p.add.SetEnabled(p.entry.Text != "" && !bad, text)
	moved := kit.SetShown(p.remove, p.selected() != nil)
	color := theme.ColorMuted
	if bad {
		color = ftheme.ColorNameError
	}
	if key := string(color) + text; key != p.said {
		p.said = key
		segment, _ := p.hint.Segments[0].(*widget.TextSegment)
		segment.Text, segment.Style.ColorName = text, color
		p.hint.Refresh()
		moved = true
	}
	if moved { // hint and button need another height
		p.object.Refresh()
	}
}

func (p *filterPanel) verdict() (text string, bad bool) {
	if p.refused != "" {
		return p.refused, true
	}
	if p.entry.Text != "" {
		if err := topic.ValidateFilter(p.entry.Text); err != nil {
			what, _, _ := p.Tr.Error(err)
			return what, true
		}
		return p.Tr.S("filters.press_enter"), false
	}
	f := p.selected()
	switch {
	case f == nil:
		return p.Tr.S("filters.wildcards"), false
	case f.Err != nil:
		return p.Tr.Say(f.Err.What), f.Refused
	case f.Pending:
		return p.Tr.S("filters.pending"), false
	case f.Granted != f.QoS:
		return p.Tr.S("filters.granted_less", "Asked", int(f.QoS), "Granted", int(f.Granted)), false
	}
	return p.Tr.S("filters.granted", "Granted", int(f.Granted)), false
}

func (p *filterPanel) selected() *workspace.Filter {
	if i := p.list.Selected(); i >= 0 && i < len(p.filters) {
		return &p.filters[i]
	}
	return nil
}

func (p *filterPanel) subscribe() {
	s := app.Subscription{Filter: p.entry.Text, QoS: app.QoS(p.qos.Selected())}
	if s.Filter == "" || p.ws.Subscribe(s) != nil {
		return // the hint says why
	}
	p.entry.SetText("")
	p.sync()
}

func (p *filterPanel) unsubscribe() {
	if f := p.selected(); f != nil {
		p.ws.Unsubscribe(f.Filter)
		p.list.Select(-1)
		p.sync()
	}
}

func (p *filterPanel) typed(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyDelete || k.Name == fyne.KeyBackspace {
		p.unsubscribe()
	}
}

// Len implements kit.RowSource.
func (p *filterPanel) Len() int { return len(p.filters) }

// Row implements kit.RowSource.
func (p *filterPanel) Row(i int, r *kit.Row) {
	f := p.filters[i]
	r.Stripe, r.Mark = filterColor(f.Color), kit.MarkSquare
	r.Cells[0] = kit.Cell{Text: f.Filter, Mono: true, Sub: p.caption(f)}
	r.Cells[1] = p.chip(f)
}

func (p *filterPanel) caption(f workspace.Filter) string {
	switch {
	case f.Refused:
		return p.Tr.Say(f.Reason.Text())
	case f.Pending:
		return p.Tr.S("filters.waiting")
	}
	return p.Tr.S("filters.rate", "Rate", p.Tr.Int(int64(f.Rate+0.5)), "Received", p.Tr.Int(int64(f.Received)))
}

// chip shows the granted QoS, as the broker said it.
func (p *filterPanel) chip(f workspace.Filter) kit.Cell {
	switch {
	case f.Refused:
		return kit.Cell{Text: p.Tr.S("filters.refused"), Chip: true, Color: ftheme.ColorNameError}
	case f.Pending:
		return kit.Cell{Text: "…", Color: theme.ColorMuted}
	}
	return kit.Cell{Text: "q" + strconv.Itoa(int(f.Granted)), Chip: true, Color: theme.QoS(byte(f.Granted))}
}
