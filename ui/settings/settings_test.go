package settings_test

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"tidings/app/i18n"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
	"tidings/ui/settings"
	"tidings/ui/theme"
)

type fake struct {
	v    settings.Values
	sets int
}

func (f *fake) Values() settings.Values { return f.v }
func (f *fake) Set(v settings.Values)   { f.v = v; f.sets++ }

func open(t *testing.T, v settings.Values) (*settings.Dialog, *fake, kit.Deps, *int) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Dark, 1))
	w := test.NewTempWindow(t, widget.NewLabel(""))
	w.Resize(fyne.NewSize(800, 500))
	d := kit.Deps{Tr: i18n.New("en"), Names: &kit.Names{}, Window: w}
	f, changed := &fake{v: v}, new(int)
	dialog := settings.New(d, f, func() { *changed++ }, func() {})
	dialog.Show()
	return dialog, f, d, changed
}

func TestThemeHoldsAtOnce(t *testing.T) {
	_, f, d, changed := open(t, settings.Values{Look: theme.System, MemoryMB: 512, Zoom: 1})
	look, _ := d.Names.Get("settings.theme").(*kit.Segmented)
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	look.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if f.v.Look != theme.Dark || *changed != 2 || f.v.MemoryMB != 512 || f.v.Zoom != 1 {
		t.Errorf("values %+v after %d changes", f.v, *changed)
	}
}

func TestLanguagesAreThoseOfTheProgram(t *testing.T) {
	for i, l := range i18n.Languages() {
		_, f, d, _ := open(t, settings.Values{MemoryMB: 512})
		picker, _ := d.Names.Get("settings.language").(*kit.Picker)
		test.Tap(picker.Button())
		var menu *widget.Menu
		for _, o := range test.LaidOutObjects(d.Window.Canvas().Overlays().Top()) {
			if m, ok := o.(*widget.Menu); ok {
				menu = m
			}
		}
		if menu == nil || len(menu.Items) != 1+len(i18n.Languages()) {
			t.Fatal("no menu of languages")
		}
		item, _ := menu.Items[i+1].(fyne.Tappable)
		item.Tapped(nil)
		if f.v.Language != l.Tag {
			t.Errorf("picked %s, got %q", l.NativeName, f.v.Language)
		}
	}
}

func TestDialogShowsThePresentLanguage(t *testing.T) {
	for tag, want := range map[string]string{"": i18n.New("en").S("settings.language.system"), "ru": "Русский", "xx": i18n.New("en").S("settings.language.system")} {
		_, _, d, _ := open(t, settings.Values{Language: tag, MemoryMB: 512})
		if picker, _ := d.Names.Get("settings.language").(*kit.Picker); picker.Button().Text() != want {
			t.Errorf("language %q is shown as %q", tag, picker.Button().Text())
		}
	}
}

func TestMemoryIsTakenOverWhenItIsLeft(t *testing.T) {
	for _, c := range []struct {
		typed string
		want  int
		wrong bool
	}{
		{"256", 256, false},
		{" 1024 ", 1024, false},
		{"16", 16, false},
		{"15", 512, true},
		{"65536", 65536, false},
		{"65537", 512, true},
		{"much", 512, true},
		{"", 512, true},
	} {
		t.Run(c.typed, func(t *testing.T) {
			dialog, f, d, _ := open(t, settings.Values{MemoryMB: 512, Zoom: 1})
			entry, _ := d.Names.Get("settings.memory").(*parts.Field)
			entry.SetText(c.typed)
			if f.sets != 0 {
				t.Error("a number half typed was taken over")
			}
			wrong := false
			for _, o := range test.LaidOutObjects(d.Window.Canvas().Overlays().Top()) {
				if r, ok := o.(*kit.FormRow); ok && r.Error() != "" {
					wrong = true
				}
			}
			entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			if f.v.MemoryMB != c.want || wrong != c.wrong || dialog.Visible() {
				t.Errorf("memory %d, complained %v, open %v", f.v.MemoryMB, wrong, dialog.Visible())
			}
		})
	}
}

func TestRestoringHoldsAtOnce(t *testing.T) {
	_, f, d, _ := open(t, settings.Values{MemoryMB: 512, Zoom: 1})
	box, _ := d.Names.Get("settings.restore").(*parts.Check)
	test.Tap(box)
	if !f.v.Restore || f.v.MemoryMB != 512 {
		t.Errorf("values %+v", f.v)
	}
}
