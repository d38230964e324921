package shell

import (
	"runtime"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// quietPage stands for a connection that is not open.
type quietPage struct {
	s       *Shell
	root    *fyne.Container
	id      string
	name    string
	address string
	connect *kit.Button
	edit    *kit.Button
}

func newQuietPage(s *Shell) *quietPage {
	p := &quietPage{s: s, root: container.NewStack()}
	p.connect = kit.NewButton(s.p.Tr.S("header.connect"), widget.HighImportance, func() { s.connect(p.id) })
	p.edit = kit.NewButton(s.p.Tr.S("page.edit"), widget.MediumImportance, func() { s.edit(p.id) })
	s.names.Set("page.connect", p.connect)
	s.names.Set("page.edit", p.edit)
	return p
}

func (p *quietPage) show(c desk.Connection) {
	address := c.Profile.URL() + " · MQTT " + c.Profile.Version.String()
	if p.id == c.Profile.ID && p.name == c.Profile.Name && p.address == address {
		return
	}
	p.id, p.name, p.address = c.Profile.ID, c.Profile.Name, address
	p.root.Objects = []fyne.CanvasObject{kit.NewEmptyState(p.name, address, p.connect, p.edit)}
	p.root.Refresh()
}

// openSheet shows a page of texts that is only read.
func (s *Shell) openSheet(title string, width float32, body fyne.CanvasObject, left ...fyne.CanvasObject) {
	if s.busy() {
		return
	}
	done := kit.NewButton(s.p.Tr.S("sheet.close"), widget.HighImportance, func() { s.sheet.Hide() })
	s.names.Set("sheet.close", done)
	s.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: s.p.Window.Canvas(), Title: title, Width: width, Body: body, Left: left, Right: []fyne.CanvasObject{done},
		Enter: func() { s.sheet.Hide() }, Escape: func() { s.sheet.Hide() },
	})
	s.sheet.Show(done)
}

// help lists what the keyboard does.
func (s *Shell) help() {
	tr := s.p.Tr
	mod := "Ctrl+"
	if runtime.GOOS == "darwin" {
		mod = "⌘"
	}
	var rows []fyne.CanvasObject
	for _, r := range [][2]string{
		{mod + "N", "help.new"},
		{mod + "O", "help.import"},
		{mod + "Shift+E", "help.export"},
		{mod + "Shift+C", "help.copy_as"},
		{mod + "1 … " + strconv.Itoa(len(s.tabNames)), "help.tabs"},
		{mod + "Enter", "help.publish"},
		{mod + "S", "help.template"},
		{mod + "L", "help.entry"},
		{tr.S("help.key.space"), "help.pause"},
		{tr.S("help.key.delete"), "help.delete"},
		{"Alt+↑↓←→", "help.sidebar.move"},
		{"F2", "help.sidebar.rename"},
		{"Shift+F10", "help.sidebar.menu"},
		{mod + "Z", "help.sidebar.undo"},
		{mod + "R", "help.reconnect"},
		{mod + "J", "help.log"},
		{mod + "I", "help.details"},
		{mod + "E", "help.edit"},
		{mod + "W", "help.close"},
		{mod + ",", "help.settings"},
		{mod + "=  " + mod + "-  " + mod + "0", "help.zoom"},
		{"F1", "help.help"},
		{mod + "Q", "help.quit"},
	} {
		rows = append(rows, kit.NewFormRow(r[0], parts.Fact(kit.NewText(tr.S(r[1]), kit.TextLook{Cut: true})), ""))
	}
	s.openSheet(tr.S("help.title"), 560, parts.Column(0, rows...))
}

// about says what this program is.
func (s *Shell) about() {
	tr := s.p.Tr
	s.openSheet("Tidings "+s.p.Version, 420, parts.Column(6,
		kit.NewHint(tr.S("about.what")), kit.NewHint(tr.S("about.licence")), kit.NewHint(tr.S("about.privacy")),
	))
}
