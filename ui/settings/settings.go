package settings

import (
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/theme"
)

// Values are the choices of a person.
type Values struct {
	Language string        // tag of a language; "": the system's
	Look     theme.Variant // system, light or dark
	MemoryMB int           // for the messages of all connections
	Zoom     float32       // 1 is 100 %
	// Folded are the folders of the sidebar that are folded, one on each
	// line, so that values can be compared.
	Folded  string
	Restore bool // open at launch what was open
}

// Settings keeps the choices. Set must not block: it writes in its own time.
type Settings interface {
	Values() Values
	Set(Values)
}

// The bounds of the memory for messages, in MB.
const (
	MinMemoryMB = 16
	MaxMemoryMB = 64 * 1024
)

// Dialog is the dialog of the settings.
type Dialog struct {
	d        kit.Deps
	settings Settings
	changed  func()
	sheet    *parts.Sheet
	memory   *parts.Field
	row      *kit.FormRow
	restore  *parts.Check
	language *kit.Picker
	look     *kit.Segmented
}

// New returns the dialog; changed is called after each change that the
// window has to follow, secrets opens the page about secrets.
func New(d kit.Deps, s Settings, changed, secrets func()) *Dialog {
	w := &Dialog{d: d, settings: s, changed: changed}
	tr, now := d.Tr, s.Values()
	w.language = kit.NewPicker(append([]string{tr.S("settings.language.system")}, languageNames()...), w.setLanguage)
	w.language.Select(1 + slices.Index(languageTags(), now.Language))
	w.look = kit.NewSegmented([]string{tr.S("settings.theme.system"), tr.S("settings.theme.light"), tr.S("settings.theme.dark")}, w.setLook)
	w.look.Select(int(now.Look))
	w.restore = parts.NewCheck(tr.S("settings.restore.check"), func(on bool) { w.set(func(v *Values) { v.Restore = on }) })
	w.restore.Put(now.Restore)
	w.memory = parts.NewField()
	w.memory.Whole = true
	w.memory.SetText(strconv.Itoa(now.MemoryMB))
	w.memory.OnChanged = func(string) { w.check() }
	w.memory.Left = w.setMemory
	w.row = kit.NewFormRow(tr.S("settings.memory"),
		parts.Row(8, parts.Sized(w.memory, 92, 0), kit.NewText(tr.S("unit.megabyte"), kit.TextLook{Color: theme.ColorMuted})), tr.S("settings.memory.hint"))
	places := kit.NewButton(tr.S("settings.secrets.show"), widget.MediumImportance, func() {
		w.Hide()
		secrets()
	})
	done := kit.NewButton(tr.S("settings.close"), widget.HighImportance, w.Hide)
	body := parts.Column(10,
		kit.NewFormRow(tr.S("settings.language"), parts.Row(0, w.language), ""),
		kit.NewFormRow(tr.S("settings.theme"), parts.Row(0, w.look), ""),
		w.row,
		kit.NewFormRow(tr.S("settings.restore"), w.restore, tr.S("settings.restore.hint")),
		kit.NewFormRow(tr.S("settings.secrets"), parts.Row(0, places), ""),
	)
	w.sheet = parts.NewSheet(parts.SheetParams{
		Canvas: d.Window.Canvas(), Title: tr.S("settings.title"), Width: 460, Body: body,
		Right: []fyne.CanvasObject{done}, Enter: w.Hide, Escape: w.Hide,
	})
	for name, o := range map[string]fyne.CanvasObject{
		"settings.language": w.language, "settings.theme": w.look, "settings.memory": w.memory, "settings.secrets": places, "settings.close": done,
		"settings.restore": w.restore,
	} {
		d.Names.Set(name, o)
	}
	return w
}

func languageTags() []string {
	var tags []string
	for _, l := range i18n.Languages() {
		tags = append(tags, l.Tag)
	}
	return tags
}

func languageNames() []string {
	var names []string
	for _, l := range i18n.Languages() {
		names = append(names, l.NativeName)
	}
	return names
}

// Show opens the dialog.
func (w *Dialog) Show() { w.sheet.Show(w.memory) }

// Hide takes a typed number over and closes the dialog.
func (w *Dialog) Hide() {
	if w.sheet.Visible() {
		w.setMemory()
		w.sheet.Hide()
	}
}

// Visible reports whether the dialog is open.
func (w *Dialog) Visible() bool { return w.sheet.Visible() }

// set changes the choices and tells the window.
func (w *Dialog) set(change func(*Values)) {
	v := w.settings.Values()
	before := v
	change(&v)
	if v != before {
		w.settings.Set(v)
		w.changed()
	}
}

func (w *Dialog) setLanguage(i int) {
	tag := ""
	if i > 0 {
		tag = languageTags()[i-1]
	}
	w.set(func(v *Values) { v.Language = tag })
}

func (w *Dialog) setLook(i int) { w.set(func(v *Values) { v.Look = theme.Variant(i) }) }

// check says beside the field what is wrong with the number typed.
func (w *Dialog) check() (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(w.memory.Text))
	if err != nil || n < MinMemoryMB || n > MaxMemoryMB {
		w.row.SetError(w.d.Tr.S("settings.memory.wrong", "Min", MinMemoryMB, "Max", MaxMemoryMB))
		return 0, false
	}
	w.row.SetError("")
	return n, true
}

// setMemory takes the number over when it is left; a wrong one changes
// nothing.
func (w *Dialog) setMemory() {
	if n, ok := w.check(); ok {
		w.set(func(v *Values) { v.MemoryMB = n })
	}
}
