package moving

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// detail is what stands beside the list of a preview: all about the selected
// item, and what has to be decided about it.
type detail struct {
	v    *preview
	body *fyne.Container
	root *pane
	goes []desk.Destination // where the secrets of the item shown would be kept
}

func newDetail(v *preview) *detail {
	d := &detail{v: v, body: parts.Column(8)}
	d.root = newPane(parts.Pad(d.body, 14, 10))
	return d
}

// show shows item i.
func (d *detail) show(i int) {
	if i < 0 || i >= len(d.v.p.Items) {
		d.body.Objects = nil
		d.body.Refresh()
		return
	}
	it, p := d.v.p.Items[i], d.v.p.Items[i].Profile
	rows := []fyne.CanvasObject{
		parts.Column(2, kit.NewText(p.Name, kit.TextLook{Bold: true, Cut: true}),
			kit.NewText(p.URL(), kit.TextLook{Mono: true, Color: theme.ColorMuted, Cut: true})),
	}
	rows = append(rows, d.choice(i, it)...)
	for n := range it.Questions {
		rows = append(rows, d.question(i, n))
	}
	rows = append(rows, d.missing(it)...)
	rows = append(rows, d.contents(i, it)...)
	rows = append(rows, d.findings(it)...)
	d.body.Objects = rows
	d.body.Refresh()
	d.root.scroll.Refresh() // another length
	d.root.top()
}

// choice lets a person choose what happens to an item that is here already.
func (d *detail) choice(i int, it moving.Item) []fyne.CanvasObject {
	d.v.im.d.Names.Set("import.choice", nil)
	if it.Here == nil {
		return nil
	}
	tr := d.v.im.d.Tr
	choices := it.Choices()
	slices.Sort(choices)
	var texts []string
	for _, c := range choices {
		texts = append(texts, tr.S([...]string{moving.Skip: "import.choice.skip", moving.Add: "import.choice.add", moving.Replace: "import.choice.replace"}[c]))
	}
	s := kit.NewSegmented(texts, func(n int) { d.v.decide(i, choices[n]) })
	s.Select(slices.Index(choices, d.v.decisions[i].Choice))
	d.v.im.d.Names.Set("import.choice", s)
	say := capital(tr.Say(it.State.Text()))
	if len(it.Differs) > 0 {
		say = tr.S("import.differs", "State", say, "Fields", fieldsIn(tr, it.Differs))
	}
	return []fyne.CanvasObject{wrapped(say, ""), parts.Row(0, s)}
}

// question asks what the source does not say.
func (d *detail) question(i, n int) fyne.CanvasObject {
	tr, v := d.v.im.d.Tr, d.v
	q := v.p.Items[i].Questions[n]
	var answers []string
	for _, a := range q.Answers {
		answers = append(answers, tr.Say(a.Text))
	}
	pick := kit.NewPicker(answers, func(a int) { v.decisions[i].Answers[n] = a })
	pick.Select(v.decisions[i].Answers[n])
	row := []fyne.CanvasObject{pick}
	if same := v.alike(i, q); len(same) > 1 {
		row = append(row, kit.NewButton(tr.S("import.same", "N", len(same)), widget.LowImportance, func() {
			for _, at := range same {
				v.decisions[at[0]].Answers[at[1]] = pick.Selected()
			}
		}))
	}
	ask := parts.Column(4, wrapped(tr.Say(q.Ask), ftheme.ColorNameWarning), parts.Row(6, row...))
	return parts.On(parts.NewCard(theme.ColorRaised), parts.Pad(ask, 8, 6))
}

// alike returns the questions of all items that ask the same with the same
// answers, as item and question.
func (v *preview) alike(i int, q moving.Question) (list [][2]int) {
	for k, it := range v.p.Items {
		for n, other := range it.Questions {
			same := slices.EqualFunc(q.Answers, other.Answers, func(a, b moving.Answer) bool {
				return a.Text.Key == b.Text.Key && a.Address == nil && b.Address == nil
			})
			if other.Ask.Key == q.Ask.Key && same {
				list = append(list, [2]int{k, n})
			}
		}
	}
	return list
}

// contents says what comes with item i, and what becomes of the secrets of the
// one that it replaces.
func (d *detail) contents(i int, it moving.Item) []fyne.CanvasObject {
	tr, p := d.v.im.d.Tr, it.Profile
	about := []string{"MQTT " + p.Version.String()}
	if p.User != "" {
		about = append(about, tr.S("import.user", "User", p.User))
	}
	if p.ClientID != "" {
		about = append(about, tr.S("import.client_id", "ID", p.ClientID))
	}
	about = append(about, amounts(tr, len(p.Subscriptions), len(p.Templates), 0)...)
	if p.Will != nil {
		about = append(about, tr.S("import.will"))
	}
	rows := parts.Column(-2, wrapped(strings.Join(about, " · "), theme.ColorMuted))
	d.goes = d.destinations(i)
	for n, s := range it.Secrets {
		rows.Add(wrapped(tr.S("import.keeps", "Secret", s.Kind.Text(), "Place", d.goes[n].Text()), ""))
	}
	d.v.im.d.Names.Set("import.unlock_vault", nil)
	if slices.Contains(d.goes, desk.ToLockedVault) {
		rows.Add(parts.Inset(parts.Row(0, d.v.im.button("import.unlock_vault", "moving.unlock_vault", widget.MediumImportance, d.v.im.desk.UnlockVault)), 0, 6, 0, 4))
	}
	if d.v.decisions[i].Choice == moving.Replace {
		stay, forgotten := it.Fates()
		if len(stay) > 0 {
			rows.Add(wrapped(tr.S("import.stays", "Secrets", kindsIn(tr, stay)), ""))
		}
		if len(forgotten) > 0 {
			rows.Add(wrapped(tr.S("import.forgets", "Secrets", kindsIn(tr, forgotten)), ftheme.ColorNameWarning))
		}
	}
	return []fyne.CanvasObject{rows}
}

// destinations returns where each secret of item i would be kept now.
func (d *detail) destinations(i int) []desk.Destination {
	list := make([]desk.Destination, len(d.v.p.Items[i].Secrets))
	for n := range list {
		list[n] = d.v.im.desk.Keeps(i, n)
	}
	return list
}

// sync follows the vault, which a person may have unlocked.
func (d *detail) sync() {
	i := d.v.list.Selected()
	if i >= 0 && i < len(d.v.p.Items) && !slices.Equal(d.goes, d.destinations(i)) {
		d.show(i)
	}
}

// missing names the files that the connection needs and that are not here.
func (d *detail) missing(it moving.Item) []fyne.CanvasObject {
	if len(it.Missing) == 0 {
		return nil
	}
	tr := d.v.im.d.Tr
	rows := parts.Column(1, wrapped(tr.S("import.missing", "N", len(it.Missing)), ftheme.ColorNameWarning))
	for _, path := range it.Missing {
		rows.Add(kit.NewTipped(kit.NewText(path, kit.TextLook{Mono: true, Size: ftheme.SizeNameCaptionText, Cut: true}), path))
	}
	rows.Add(parts.Inset(kit.NewHint(tr.S("import.missing.do")), -4, 0, -4, 0))
	return []fyne.CanvasObject{rows}
}

// findings says what does not come, or comes changed, and why.
func (d *detail) findings(it moving.Item) []fyne.CanvasObject {
	if len(it.Unmapped) == 0 {
		return nil
	}
	tr := d.v.im.d.Tr
	rows := []fyne.CanvasObject{kit.NewCaption(tr.S("import.unmapped", "N", len(it.Unmapped)))}
	shown := it.Unmapped[:min(len(it.Unmapped), maxFindings)]
	for _, f := range shown {
		field := kit.NewText(f.Field, kit.TextLook{Mono: true, Size: ftheme.SizeNameCaptionText, Cut: true})
		rows = append(rows, parts.Column(-4, field, parts.Inset(kit.NewHint(tr.Say(f.Why)), -4, 0, -4, 0)))
	}
	if more := len(it.Unmapped) - len(shown); more > 0 {
		rows = append(rows, kit.NewCaption(tr.S("import.more", "N", more)))
	}
	return rows
}

// maxFindings bounds the findings shown of one item: a hostile file could have
// a thousand.
const maxFindings = 60

// wrapped is text that is broken into lines, "" in the colour of text.
func wrapped(s string, ink fyne.ThemeColorName) fyne.CanvasObject {
	t := widget.NewRichText(kit.NewSegments(s, widget.RichTextStyle{ColorName: ink})...)
	t.Wrapping = fyne.TextWrapWord
	return parts.Inset(t, -4.5, -2, -4.5, -2)
}
