package passphrase

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/desk"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

// left returns what stands apart at the foot: the way on for who has forgotten
// the passphrase that is asked for.
func (a *Asker) left() []fyne.CanvasObject {
	if a.forgot = nil; a.shown.Task == desk.VaultCreate || a.shown.Task == desk.VaultReplace {
		return nil
	}
	a.forgot = kit.NewButton(a.d.Tr.S("passphrase.forgot"), widget.LowImportance, func() {
		a.desk.AskVault(desk.VaultRetire)
		a.Sync()
	})
	a.d.Names.Set("passphrase.forgot", a.forgot)
	return []fyne.CanvasObject{a.forgot}
}

// openRetire asks whether to start with a new vault, and says what is lost.
// Enter is no yes: that is for the button alone.
func (a *Asker) openRetire(p desk.VaultPrompt) {
	tr := a.d.Tr
	about := "passphrase.about.retire"
	if p.Open {
		about = "passphrase.about.retire_open"
	}
	a.old, a.entry, a.again, a.meter, a.forgot = nil, nil, nil, nil, nil
	a.cancel = kit.NewButton(tr.S(a.cancelText()), widget.HighImportance, a.escape)
	a.ok = kit.NewButton(tr.S("passphrase.retire"), widget.DangerImportance, a.give)
	rows := []fyne.CanvasObject{parts.Inset(kit.NewHint(tr.S(about)), -4, 0, -4, 0)}
	if !p.Open {
		rows = append(rows, a.lost(p.Lost)...)
	}
	a.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: a.d.Window.Canvas(), Title: tr.S("passphrase.title.retire"), Width: 480,
		Body: parts.Column(8, rows...),
		Left: []fyne.CanvasObject{a.ok}, Right: []fyne.CanvasObject{a.cancel},
		Enter: a.escape, Escape: a.escape,
	})
	a.name()
	a.sheet.Show(a.cancel)
}

// lost lists what has to be entered again, by connection.
func (a *Asker) lost(list []desk.Lost) []fyne.CanvasObject {
	tr := a.d.Tr
	if len(list) == 0 {
		return []fyne.CanvasObject{kit.NewMuted(tr.S("passphrase.lost.nothing"))}
	}
	rows := []fyne.CanvasObject{kit.NewMuted(tr.S("passphrase.lost"))}
	for _, l := range list {
		name := l.Name
		if name == "" {
			name = tr.S("secretspage.gone")
		}
		kinds := make([]string, len(l.Kinds))
		for i, k := range l.Kinds {
			kinds[i] = tr.Say(k.Text())
		}
		rows = append(rows, kit.NewFormRow(name, kit.NewHint(strings.Join(kinds, ", ")), ""))
	}
	return rows
}
