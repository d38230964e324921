package moving

import (
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// between parts what stands in one line: what has no room goes from its end.
const between = " · "

// preview is the page that shows what would come, to be decided on.
type preview struct {
	im        *Importer
	p         moving.Preview
	number    int
	decisions []desk.Decision
	list      *kit.RowList
	detail    *detail
	sum       *kit.Text
	whole     *kit.Tipped // sum, and what it leaves out where it has no room
	folder    *parts.Field
	pass      *parts.Field // nil: nothing is sealed
	take      *kit.Button
	none      fyne.CanvasObject // why take is disabled
	all       *kit.Button
}

func newPreview(im *Importer, p moving.Preview, number int) *preview {
	v := &preview{im: im, p: p, number: number, decisions: make([]desk.Decision, len(p.Items))}
	for i, it := range p.Items {
		v.decisions[i].Choice = it.Choices()[0]
		for _, q := range it.Questions {
			v.decisions[i].Answers = append(v.decisions[i].Answers, q.Chosen)
		}
	}
	tr := im.d.Tr
	v.sum = kit.NewText("", kit.TextLook{Color: theme.ColorMuted, Cut: true, Between: between})
	v.whole = kit.NewTipped(v.sum, "")
	v.detail = newDetail(v)
	v.folder = parts.NewField()
	v.folder.SetPlaceHolder(tr.S("import.folder.as_there"))
	v.take = kit.NewButton("", widget.HighImportance, v.submit)
	im.d.Names.Set("import.take", v.take)
	v.none = parts.Fact(kit.NewText(tr.S("import.take.none"), kit.TextLook{Color: theme.ColorMuted}))
	im.d.Names.Set("import.take.why", v.none)
	v.all = kit.NewButton("", widget.LowImportance, v.tickAll)
	v.list = v.newList()
	im.d.Names.Set("import.list", v.list)
	im.d.Names.Set("import.folder", v.folder)
	v.count()
	return v
}

func (v *preview) newList() *kit.RowList {
	l := kit.NewRowList([]kit.Column{{Flex: true, Width: 1}, {Width: 86, MinWidth: 60, Align: kit.AlignEnd}}, (*itemRows)(v))
	l.SetHeader(false)
	l.SetRowHeight(40)
	l.SetGutter(22)
	l.OnSelected = func(i int) { v.detail.show(i) }
	l.OnMark = func(i int) { v.tick(i); l.Select(i) }
	l.OnTypedKey = func(k *fyne.KeyEvent) {
		if k.Name == fyne.KeySpace {
			v.tick(l.Selected())
		}
	}
	return l
}

func (v *preview) params() parts.SheetParams {
	im, tr := v.im, v.im.d.Tr
	rows := []fyne.CanvasObject{parts.Stretch(0, 8, v.whole, v.all)}
	for _, text := range v.troubles() {
		rows = append(rows, parts.Inset(kit.NewHint(text), -4, 0, -4, 0))
	}
	if v.p.Sealed {
		rows = append(rows, v.sealed())
	}
	high := max(170, min(430, im.d.Window.Canvas().Size().Height/theme.Zoom()-250-float32(len(rows)-1)*40))
	split := kit.NewHSplit(v.list, v.detail.root, 380).SizeSecond()
	rows = append(rows,
		parts.On(parts.NewCard(theme.ColorSurface), parts.Sized(parts.Pad(split, 1, 1), 0, high)),
		parts.Stretch(1, 8, kit.NewText(tr.S("import.folder"), kit.TextLook{Color: theme.ColorMuted}), v.folder))
	return parts.SheetParams{
		Title: tr.S("import.title"), Width: 880, Body: parts.Column(8, rows...), Enter: v.submit,
		Left:  []fyne.CanvasObject{im.button("import.back", "import.back", widget.LowImportance, func() { im.desk.Back(); im.Sync() })},
		Right: []fyne.CanvasObject{v.none, im.button("import.cancel", "import.cancel", widget.MediumImportance, im.close), v.take},
	}
}

func (v *preview) first() fyne.Focusable {
	v.list.Select(0)
	v.detail.show(0)
	if v.pass != nil {
		return v.pass
	}
	return v.list
}

// troubles are the sentences about the source as a whole.
func (v *preview) troubles() (list []string) {
	tr := v.im.d.Tr
	for _, e := range v.p.Problems {
		if v.p.Sealed {
			continue // stands beside the passphrase
		}
		what, do, _ := tr.Error(e)
		list = append(list, strings.TrimSpace(what+" "+do))
	}
	for _, f := range v.p.NotRead {
		list = append(list, f.Field+": "+tr.Say(f.Why))
	}
	if len(list) > 3 {
		list = append(list[:3], tr.S("import.more", "N", len(list)-3))
	}
	return list
}

// sealed asks for the passphrase of the secrets in the file.
func (v *preview) sealed() fyne.CanvasObject {
	tr := v.im.d.Tr
	v.pass = parts.NewPassword()
	v.pass.SetPlaceHolder(tr.S("import.passphrase"))
	unlock := func() {
		if v.pass.Text != "" {
			v.im.desk.Unlock(app.Secret(v.pass.Text))
			v.im.Sync()
		}
	}
	v.pass.OnSubmitted = func(string) { unlock() }
	open := v.im.button("import.unlock", "import.unlock", widget.MediumImportance, unlock)
	v.im.d.Names.Set("import.passphrase", v.pass)
	say := kit.NewText(tr.S("import.sealed"), kit.TextLook{Cut: true})
	if len(v.p.Problems) > 0 {
		what, _, _ := tr.Error(v.p.Problems[0])
		say = kit.NewText(what, kit.TextLook{Color: ftheme.ColorNameError, Cut: true})
	}
	return parts.On(parts.NewCard(theme.ColorRaised), parts.Pad(parts.Stretch(0, 8, say, parts.Sized(v.pass, 210, 0), open), 10, 5))
}

// forget takes the passphrase out of its widget.
func (v *preview) forget() {
	if v.pass != nil {
		v.pass.SetText("")
	}
}

// tick takes an item or leaves it.
func (v *preview) tick(i int) {
	if i < 0 || i >= len(v.p.Items) {
		return
	}
	next := moving.Skip
	if v.decisions[i].Choice == moving.Skip {
		next = taking(v.p.Items[i])
	}
	v.decide(i, next)
}

// taking is the choice that a tick stands for: the one that changes nothing
// here, if there is one.
func taking(it moving.Item) moving.Choice {
	if it.State == moving.StateChanged {
		return moving.Replace // somebody ticked it
	}
	return moving.Add
}

func (v *preview) decide(i int, c moving.Choice) {
	v.decisions[i].Choice = c
	v.list.Refresh()
	v.count()
	if i == v.list.Selected() {
		v.detail.show(i)
	}
}

// tickAll takes everything, or leaves everything when all is taken.
func (v *preview) tickAll() {
	all := v.taken() == len(v.p.Items)
	for i, it := range v.p.Items {
		switch {
		case all:
			v.decisions[i].Choice = moving.Skip
		case v.decisions[i].Choice == moving.Skip:
			v.decisions[i].Choice = taking(it)
		}
	}
	v.list.Refresh()
	v.count()
	v.detail.show(v.list.Selected())
}

func (v *preview) taken() (n int) {
	for _, d := range v.decisions {
		if d.Choice != moving.Skip {
			n++
		}
	}
	return n
}

// count says how much would come.
func (v *preview) count() {
	tr, n := v.im.d.Tr, v.taken()
	subs, templates, secrets, asking, forgotten := 0, 0, 0, 0, 0
	for i, it := range v.p.Items {
		if v.decisions[i].Choice != moving.Skip {
			subs, templates, secrets = subs+len(it.Profile.Subscriptions), templates+len(it.Profile.Templates), secrets+len(it.Secrets)
			if len(it.Questions) > 0 {
				asking++
			}
		}
		if v.decisions[i].Choice == moving.Replace {
			_, gone := it.Fates()
			forgotten += len(gone)
		}
	}
	from := tr.Say(v.p.Format.Text())
	if v.im.state.File != "" {
		from = filepath.Base(v.im.state.File) + " (" + from + ")"
	}
	sum := strings.Join(slices.Concat([]string{capital(tr.S("import.of", "N", n, "All", len(v.p.Items)))}, v.some("import.asking", asking),
		v.some("import.forgotten", forgotten), amounts(tr, subs, templates, secrets), []string{from}), between)
	v.sum.SetText(sum)
	v.whole.SetTip(sum)
	v.take.SetText(tr.S("import.take_n", "N", n))
	v.take.SetEnabled(n > 0, tr.S("import.take.none"))
	kit.SetShown(v.none, n == 0)
	key := "import.all"
	if n == len(v.p.Items) {
		key = "import.none"
	}
	v.all.SetText(tr.S(key))
	if v.im.sheet != nil {
		v.im.sheet.Relayout() // buttons with other texts have other widths
	}
}

// some says how many there are of something, when there are any.
func (v *preview) some(key string, n int) []string {
	if n == 0 {
		return nil
	}
	return []string{v.im.d.Tr.S(key, "N", n)}
}

// submit imports what is ticked.
func (v *preview) submit() {
	if v.taken() == 0 {
		return
	}
	v.im.desk.Take(v.number, v.decisions, strings.Trim(strings.TrimSpace(v.folder.Text), "/"))
	v.im.Sync()
}

// itemRows gives the items to the list.
type itemRows preview

// Len implements kit.RowSource.
func (r *itemRows) Len() int { return len(r.p.Items) }

// Row implements kit.RowSource.
func (r *itemRows) Row(i int, row *kit.Row) {
	it, tr := r.p.Items[i], r.im.d.Tr
	row.Mark, row.Stripe = kit.MarkBox, ink(theme.ColorMuted)
	if r.decisions[i].Choice != moving.Skip {
		row.Mark, row.Stripe = kit.MarkTicked, ink(ftheme.ColorNamePrimary)
	}
	where := it.Profile.URL()
	if it.Profile.Folder != "" {
		where = it.Profile.Folder + " · " + where
	}
	row.Cells[0] = kit.Cell{Text: it.Profile.Name, Sub: where, Bold: true}
	switch {
	case len(it.Questions) > 0:
		row.Cells[1] = kit.Cell{Text: tr.S("import.chip.asks"), Chip: true, Color: ftheme.ColorNameWarning}
	case it.Here != nil:
		row.Cells[1] = kit.Cell{Text: tr.S(chips[it.State]), Chip: true, Color: chipInks[it.State]}
	case len(it.Missing) > 0:
		row.Cells[1] = kit.Cell{Text: tr.S("import.chip.missing"), Chip: true, Color: ftheme.ColorNameWarning}
	case len(it.Unmapped) > 0:
		row.Cells[1] = kit.Cell{Text: tr.S("import.chip.notes", "N", len(it.Unmapped)), Chip: true, Color: theme.ColorMuted}
	}
}
