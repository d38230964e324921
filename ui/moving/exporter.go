package moving

import (
	"path"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	ftheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Exporter is the dialog of the export. UI goroutine only.
type Exporter struct {
	d     kit.Deps
	desk  ExportDesk
	state desk.ExportState
	sheet *parts.Sheet // nil: closed

	tree     *tree
	local    bool  // the local broker's is not in it
	room     *tall // of the tree
	path     *parts.Field
	pathRow  *kit.FormRow
	secrets  *parts.Check
	files    *fyne.Container // shows when files of this machine are named
	pass     *parts.Field
	again    *parts.Field
	passRow  *kit.FormRow
	againRow *kit.FormRow
	fault    *kit.Banner
	busy     *widget.ProgressBarInfinite
	count    *kit.Text
	all, ok  *kit.Button
}

// NewExporter returns a closed dialog.
func NewExporter(d kit.Deps, dk ExportDesk) *Exporter {
	return &Exporter{d: d, desk: dk}
}

// Visible reports whether the dialog is open.
func (x *Exporter) Visible() bool { return x.sheet != nil }

// Show opens the dialog over all connections, with those in chosen ticked;
// an empty chosen ticks all. The local broker's is left out: it means nothing
// elsewhere.
func (x *Exporter) Show(all []app.Profile, chosen []string) {
	var list []app.Profile
	for _, p := range all {
		if !p.LocalBroker {
			list = append(list, p)
		}
	}
	wanted := map[string]bool{}
	for _, id := range chosen {
		wanted[id] = true
	}
	x.local = len(list) < len(all)
	x.desk.OpenExport()
	x.build(list, func(p app.Profile) bool { return len(wanted) == 0 || wanted[p.ID] })
	x.state = x.desk.Exporting()
	x.counted()
	x.sheet.Show(x.tree.list)
	x.tree.list.Select(0)
}

func (x *Exporter) build(list []app.Profile, ticked func(app.Profile) bool) {
	tr := x.d.Tr
	x.tree = newTree(list, ticked, x.counted)
	x.tree.list.SetEmpty(tr.S("export.none"), tr.S("export.none.hint"))
	x.count = kit.NewMuted("")
	x.all = kit.NewButton("", widget.LowImportance, func() { x.tree.tickAll() })
	x.path, x.pass, x.again = parts.NewField(), parts.NewPassword(), parts.NewPassword()
	x.path.SetText(x.desk.ExportPath())
	x.path.OnChanged = func(string) { x.pathRow.SetError(""); x.relayout() }
	folder := kit.NewIconButton(ftheme.FolderOpenIcon(), tr.S("export.choose"), func() { parts.ChooseFolder(x.d, tr.S("export.choose"), x.toFolder) })
	x.pathRow = kit.NewFormRow(tr.S("export.file"), parts.Stretch(0, 4, x.path, folder), "")
	x.secrets = parts.NewCheck(tr.S("export.secrets"), func(bool) { x.shown() })
	x.pass.OnChanged = func(string) { x.judge() }
	x.again.OnChanged = func(string) { x.againRow.SetError(""); x.relayout() }
	x.passRow = kit.NewFormRow(tr.S("export.passphrase"), x.pass, "")
	x.againRow = kit.NewFormRow(tr.S("export.again"), x.again, tr.S("export.lost"))
	x.fault = kit.NewBanner(kit.BannerLabels{Details: tr.S("banner.details"), Close: tr.S("banner.close")})
	x.busy = widget.NewProgressBarInfinite()
	x.busy.Stop()
	x.busy.Hide()
	cancel := kit.NewButton(tr.S("import.cancel"), widget.MediumImportance, x.close)
	x.ok = kit.NewButton("", widget.HighImportance, x.submit)
	x.room = &tall{}
	x.files = parts.Inset(kit.NewHint(tr.S("export.paths")), -4, -8, -4, 0)
	body := parts.Column(8,
		parts.Stretch(0, 8, x.count, x.all),
		parts.On(parts.NewCard("background"), container.New(x.room, parts.Pad(x.tree.list, 1, 1))),
		x.pathRow, kit.NewFormRow("", x.secrets, ""), x.passRow, x.againRow,
		parts.Inset(kit.NewHint(tr.S("export.without")), -4, 0, -4, 0), x.files,
		x.fault, parts.Thin(x.busy))
	x.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: x.d.Window.Canvas(), Title: tr.S("export.title"), Width: 620, Body: body,
		Right: []fyne.CanvasObject{cancel, x.ok}, Enter: x.submit, Escape: x.close,
	})
	x.name(map[string]fyne.CanvasObject{
		"export.list": x.tree.list, "export.path": x.path, "export.choose": folder, "export.secrets": x.secrets,
		"export.passphrase": x.pass, "export.again": x.again, "export.paths": x.files, "export.ok": x.ok, "export.cancel": cancel, "export.all": x.all,
	})
	x.shown()
	x.judge()
}

func (x *Exporter) name(names map[string]fyne.CanvasObject) {
	for name, o := range names {
		x.d.Names.Set(name, o)
	}
}

func (x *Exporter) relayout() {
	if x.sheet != nil {
		x.sheet.Relayout()
	}
}

// toFolder puts the file into another folder.
func (x *Exporter) toFolder(folder string) {
	name := path.Base(strings.ReplaceAll(x.path.Text, `\`, "/"))
	x.path.SetText(strings.TrimSuffix(folder, "/") + "/" + name)
}

// shown shows the entries for the passphrase when secrets are to go along.
func (x *Exporter) shown() {
	kit.SetShown(x.passRow, x.secrets.Checked)
	kit.SetShown(x.againRow, x.secrets.Checked)
	rest := float32(345) // all but the tree
	if x.secrets.Checked {
		rest += 125
	}
	if x.files.Visible() {
		rest += 20
	}
	x.room.height = max(102, min(300, x.d.Window.Canvas().Size().Height/theme.Zoom()-rest))
	x.relayout()
}

// judge says how strong the passphrase is.
func (x *Exporter) judge() {
	_, hint := x.desk.Strength(app.Secret(x.pass.Text))
	x.passRow.SetError("")
	x.passRow.SetHint(x.d.Tr.Say(hint))
	x.relayout()
}

// counted says how many connections go into the file.
func (x *Exporter) counted() {
	tr, n := x.d.Tr, len(x.tree.chosen())
	count := capital(tr.S("import.of", "N", n, "All", len(x.tree.all)))
	if x.local {
		count += " · " + tr.S("export.not_local")
	}
	x.count.SetText(count)
	x.ok.SetText(tr.S("export.ok", "N", n))
	x.ok.SetEnabled(n > 0 && !x.state.Busy, tr.S("import.take.none"))
	key := "import.all"
	if n == len(x.tree.all) {
		key = "import.none"
	}
	x.all.SetText(tr.S(key))
	kit.SetShown(x.all, len(x.tree.all) > 0)
	kit.SetShown(x.count, len(x.tree.all) > 0)
	kit.SetShown(x.files, x.tree.namesFiles())
	x.shown() // buttons with other texts have other widths
}

func (x *Exporter) submit() { x.export(false) }

func (x *Exporter) export(replace bool) {
	tr := x.d.Tr
	file, focus := parts.PathOf(x.path.Text), fyne.Focusable(nil)
	switch {
	case x.state.Busy || len(x.tree.chosen()) == 0:
		return
	case file == "":
		x.pathRow.SetError(tr.S("export.no_file"))
		focus = x.path
	case x.secrets.Checked && x.pass.Text == "":
		x.passRow.SetError(tr.S("export.no_passphrase"))
		focus = x.pass
	case x.secrets.Checked && x.pass.Text != x.again.Text:
		x.againRow.SetError(tr.S("export.differ"))
		focus = x.again
	}
	if focus != nil {
		x.relayout()
		x.d.Window.Canvas().Focus(focus)
		return
	}
	r := desk.ExportRequest{IDs: x.tree.chosen(), Path: file, Replace: replace}
	if x.secrets.Checked {
		r.Passphrase = app.Secret(x.pass.Text)
	}
	x.desk.Export(r)
	x.Sync()
}

// Sync shows the present state.
func (x *Exporter) Sync() {
	if x.sheet == nil {
		return
	}
	before := x.state
	x.state = x.desk.Exporting()
	if x.state.Busy == before.Busy && x.state.Exists == before.Exists && x.state.Err == before.Err && x.state.Written == before.Written {
		return
	}
	tr := x.d.Tr
	if x.state.Busy {
		x.busy.Show()
		x.busy.Start()
	} else {
		x.busy.Stop()
		x.busy.Hide()
	}
	x.counted()
	switch {
	case x.state.Written != "":
		x.done()
		return
	case x.state.Exists:
		replace := kit.NewButton(tr.S("export.replace"), widget.DangerImportance, func() { x.export(true) })
		x.d.Names.Set("export.replace", replace)
		x.fault.Say(kit.Notice{Kind: kit.Warning, Text: tr.S("export.exists"), Actions: []fyne.CanvasObject{replace}})
	case x.state.Err != nil:
		what, do, technical := tr.Error(x.state.Err)
		n := kit.Notice{Kind: kit.Error, Text: what, Advice: do, Detail: technical}
		if x.state.Locked {
			unlock := kit.NewButton(tr.S("moving.unlock_vault"), widget.MediumImportance, x.desk.UnlockVault)
			x.d.Names.Set("export.unlock", unlock)
			n.Actions = []fyne.CanvasObject{unlock}
		}
		x.fault.Say(n)
	default:
		x.fault.Hide()
	}
	x.relayout()
	x.sheet.Reveal(x.fault)
}

// done says where the file is, how many secrets are in it, and what was left
// out of it.
func (x *Exporter) done() {
	tr, s := x.d.Tr, x.state
	n := len(x.tree.chosen())
	x.hide()
	rows := []fyne.CanvasObject{
		wrapped(tr.S("export.written", "N", n), ""),
		kit.NewText(s.Written, kit.TextLook{Mono: true, Cut: true}),
		wrapped(x.holds(), ""),
	}
	if len(s.Left) > 0 {
		rows = append(rows, kit.NewCaption(tr.S("export.left")))
		for _, l := range s.Left[:min(len(s.Left), maxFindings)] {
			rows = append(rows, wrapped(tr.S("export.left.of", "Name", l.Profile, "Fields", fieldsIn(tr, fieldNames(l.Findings))), ""))
		}
		rows = append(rows, parts.Inset(kit.NewHint(tr.S("export.left.hint")), -4, 0, -4, 0))
	}
	shut := kit.NewButton(tr.S("import.close"), widget.HighImportance, x.close)
	x.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: x.d.Window.Canvas(), Title: tr.S("export.title"), Width: 520, Body: parts.Column(6, rows...),
		Right: []fyne.CanvasObject{shut}, Enter: x.close, Escape: x.close,
	})
	x.d.Names.Set("export.close", shut)
	x.sheet.Show(nil)
}

// holds says whether secrets are in the file, and how many.
func (x *Exporter) holds() string {
	tr, s := x.d.Tr, x.state
	switch {
	case s.Secrets > 0:
		return tr.S("export.holds", "N", s.Secrets)
	case s.Sealed:
		return tr.S("export.holds.none_kept")
	}
	return tr.S("export.holds.none")
}

func fieldNames(list []moving.Finding) (names []string) {
	for _, f := range list {
		names = append(names, f.Field)
	}
	return names
}

// hide takes the sheet away, and the passphrase out of its widgets.
func (x *Exporter) hide() {
	x.pass.SetText("")
	x.again.SetText("")
	x.busy.Stop()
	if x.sheet != nil {
		x.sheet.Hide()
		x.sheet = nil
	}
	for _, name := range []string{"list", "path", "choose", "secrets", "passphrase", "again", "ok", "cancel", "all", "replace", "unlock", "close"} {
		x.d.Names.Set("export."+name, nil)
	}
}

func (x *Exporter) close() {
	x.hide()
	x.desk.CloseExport()
	x.state = desk.ExportState{}
}
