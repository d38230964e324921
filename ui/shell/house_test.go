package shell_test

import (
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
	"tidings/ui/kit/parts"
)

func (w *window) key(name fyne.KeyName) {
	if f := w.win.Canvas().Focused(); f != nil {
		f.TypedKey(&fyne.KeyEvent{Name: name})
		if f = w.win.Canvas().Focused(); name == fyne.KeySpace && f != nil {
			f.TypedRune(' ') // of the same press
		}
		return
	}
	w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

func (w *window) field(t *testing.T, name string) *parts.Field {
	t.Helper()
	f, ok := w.object(name).(*parts.Field)
	if !ok {
		t.Fatalf("no field %q", name)
	}
	return f
}

// tabTo presses Tab until a control has the keyboard.
func (w *window) tabTo(t *testing.T, name string) {
	t.Helper()
	want := w.object(name)
	for range 30 {
		if o, ok := w.win.Canvas().Focused().(fyne.CanvasObject); ok && o == want {
			return
		}
		w.win.Canvas().FocusNext()
	}
	t.Fatalf("Tab does not reach %q", name)
}

func TestImportWithTheKeyboardAlone(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.import").Action() // Ctrl+O
	test.Type(w.win.Canvas().Focused(), "/home/ana/export.json")
	w.key(fyne.KeyReturn)
	if !slices.Contains(w.moving.calls, "read /home/ana/export.json") {
		t.Fatalf("calls %v", w.moving.calls)
	}
	p := mixed()
	p.Sealed = false
	w.moving.imp = preview(p)
	w.Sync()
	if w.win.Canvas().Focused() != w.object("import.list").(fyne.Focusable) {
		t.Fatal("the list has not the keyboard")
	}
	w.key(fyne.KeySpace) // not the first
	w.key(fyne.KeyDown)
	w.key(fyne.KeySpace) // the changed one, which nobody would overwrite unasked
	w.tabTo(t, "import.folder")
	test.Type(w.win.Canvas().Focused(), " Team/ ")
	w.tabTo(t, "import.take")
	w.key(fyne.KeySpace)
	var got []moving.Choice
	for _, d := range w.moving.took {
		got = append(got, d.Choice)
	}
	want := []moving.Choice{moving.Skip, moving.Replace, moving.Skip, moving.Add, moving.Add, moving.Add}
	if !slices.Equal(got, want) || !slices.Contains(w.moving.calls, "take into Team") {
		t.Errorf("decided %v, want %v; calls %v", got, want, w.moving.calls)
	}
	w.Sync()
	if w.shows("import.list") || !w.shows("shell.undo_import") {
		t.Error("the dialog is still open, or nothing offers to undo")
	}
	w.tap(t, "shell.undo_import")
	if !slices.Contains(w.moving.calls, "undo") || w.shows("shell.undo_import") {
		t.Errorf("calls %v", w.moving.calls)
	}
}

// Files of the computer that the source comes from are named before anything is
// imported.
func TestThePreviewSaysWhichFilesAreNotHere(t *testing.T) {
	w := open(t, twoOpen(t))
	w.moving.imp = preview(mixed())
	w.Sync()
	heading := w.tr.S("import.missing", "N", 2)
	if slices.Contains(w.texts(), heading) {
		t.Error("a connection without files lacks some")
	}
	w.object("import.list").(*kit.RowList).Select(4)
	for _, want := range []string{heading, "/etc/mosquitto/certs/ca.pem", `C:\Users\ana\certs\client.pem`} {
		if !slices.Contains(w.texts(), want) {
			t.Errorf("%q is not said", want)
		}
	}
}

// Where secrets would go is said as it is now, and the vault can be unlocked
// on the spot.
func TestThePreviewOffersToUnlockTheVault(t *testing.T) {
	w := open(t, twoOpen(t))
	w.moving.keeps, w.moving.imp = desk.ToLockedVault, preview(mixed())
	w.Sync()
	said := func(to desk.Destination) bool {
		return strings.Contains(strings.Join(w.texts(), "\n"), w.tr.S("import.keeps", "Secret", app.SecretKey.Text(), "Place", to.Text()))
	}
	if !said(desk.ToLockedVault) {
		t.Errorf("it says\n%s", strings.Join(w.texts(), "\n"))
	}
	w.tap(t, "import.unlock_vault")
	w.moving.keeps = desk.ToVault
	w.Sync()
	if !slices.Contains(w.moving.calls, "unlock vault") || !said(desk.ToVault) || w.object("import.unlock_vault") != nil {
		t.Errorf("calls %v; with the vault open it says\n%s", w.moving.calls, strings.Join(w.texts(), "\n"))
	}
}

// In the list Space ticks and Enter does what the dialog is for.
func TestEnterInThePreviewImports(t *testing.T) {
	w := open(t, twoOpen(t))
	p := mixed()
	p.Sealed = false
	w.moving.imp = preview(p)
	w.Sync()
	w.key(fyne.KeyReturn)
	if len(w.moving.took) == 0 || w.moving.took[0].Choice != moving.Add {
		t.Errorf("Enter decided %+v", w.moving.took)
	}
}

func TestAnswersToQuestionsGoAlong(t *testing.T) {
	w := open(t, twoOpen(t))
	w.moving.imp = preview(mixed())
	w.Sync()
	same := w.tr.S("import.same", "N", 2)
	for _, o := range test.LaidOutObjects(w.win.Canvas().Overlays().Top()) {
		if p, ok := o.(*kit.Picker); ok && p.Selected() == 0 {
			p.Select(1) // with TLS
			break
		}
	}
	for _, o := range test.LaidOutObjects(w.win.Canvas().Overlays().Top()) {
		if b, ok := o.(*kit.Button); ok && b.Text() == same {
			test.Tap(b)
		}
	}
	w.tap(t, "import.take")
	if a, b := w.moving.took[0].Answers, w.moving.took[5].Answers; !slices.Equal(a, []int{1, 1}) || !slices.Equal(b, []int{1}) {
		t.Errorf("answers %v and %v", a, b)
	}
}

func TestWhatIsPastedAsAPathAndIsNoneIsRead(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.import").Action()
	clip := fyne.CurrentApp().Clipboard()
	clip.SetContent("mosquitto_sub -h h.test -t 'a/#'")
	w.field(t, "import.path").TypedShortcut(&fyne.ShortcutPaste{Clipboard: clip})
	if got := w.field(t, "import.text").Text; !strings.HasPrefix(got, "mosquitto_sub") {
		t.Fatalf("the text is %q", got)
	}
	w.tap(t, "import.go")
	if !slices.Contains(w.moving.calls, "text mosquitto_sub -h h.test -t 'a/#'") {
		t.Errorf("calls %v", w.moving.calls)
	}
}

// A button that does nothing says why, in words beside it.
func TestAnImportOfNothingSaysWhyItDoesNotGo(t *testing.T) {
	w := open(t, twoOpen(t))
	w.moving.imp = preview(moving.Preview{Format: moving.FormatTidings, Items: mixed().Items[:1]})
	w.Sync()
	if w.shows("import.take.why") {
		t.Error("it complains although something is ticked")
	}
	w.object("import.list").(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if !w.shows("import.take.why") || !slices.Contains(w.texts(), "Tick at least one connection.") {
		t.Errorf("nothing says why it cannot go on: %q", w.texts())
	}
}

func TestImportShowsWhyItCannotRead(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.import").Action()
	w.moving.imp.Problem = &app.Error{What: app.Say("moving.nothing"), Do: app.Say("moving.nothing.do")}
	w.Sync()
	if !slices.ContainsFunc(overlayBanners(w), func(n kit.Notice) bool { return n.Text == w.tr.S("moving.nothing") }) {
		t.Error("nothing says what is wrong")
	}
	w.key(fyne.KeyEscape)
	if w.shows("import.path") {
		t.Error("Escape does not close the dialog")
	}
}

func overlayBanners(w *window) (list []kit.Notice) {
	for _, o := range test.LaidOutObjects(w.win.Canvas().Overlays().Top()) {
		if b, ok := o.(*kit.Banner); ok && b.Visible() {
			list = append(list, b.Notice())
		}
	}
	return list
}

func TestExportWantsThePassphraseTwice(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.export").Action() // Ctrl+Shift+E
	w.tap(t, "export.ok")
	if len(w.moving.calls) != 1 {
		t.Fatalf("without secrets: calls %v", w.moving.calls)
	}
	w.tap(t, "export.secrets")
	w.tap(t, "export.ok")
	w.field(t, "export.passphrase").SetText("one")
	w.field(t, "export.again").SetText("two")
	w.tap(t, "export.ok")
	if len(w.moving.calls) != 1 {
		t.Error("it exported under a passphrase that was not confirmed")
	}
	w.field(t, "export.again").SetText("one")
	w.key(fyne.KeyReturn)
	if len(w.moving.calls) != 2 {
		t.Errorf("calls %v", w.moving.calls)
	}
	w.moving.exp = desk.ExportState{Open: true, Exists: true}
	w.Sync()
	w.tap(t, "export.replace")
	if len(w.moving.calls) != 3 {
		t.Errorf("it does not replace when asked to: %v", w.moving.calls)
	}
}

func TestExportSaysThatTheLocalBrokerStays(t *testing.T) {
	for _, local := range []bool{false, true} {
		d := twoOpen(t)
		d.conns[1].Profile.LocalBroker = local
		w := open(t, d)
		w.menuItem(t, "menu.export").Action()
		said := slices.ContainsFunc(w.texts(), func(s string) bool { return strings.HasSuffix(s, w.tr.S("export.not_local")) })
		if said != local {
			t.Errorf("left out: %t, said: %t", local, said)
		}
	}
}

func TestFinishedExportSaysWhetherSecretsAreInTheFile(t *testing.T) {
	for _, c := range []struct {
		name    string
		secrets int
		sealed  bool
		key     string
	}{
		{"without a passphrase", 0, false, "export.holds.none"},
		{"none is kept", 0, true, "export.holds.none_kept"},
		{"three", 3, true, "export.holds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t, twoOpen(t))
			w.menuItem(t, "menu.export").Action()
			w.moving.exp = desk.ExportState{Open: true, Written: "/x.toml", Sealed: c.sealed, Secrets: c.secrets}
			w.Sync()
			if want := w.tr.S(c.key, "N", c.secrets); !slices.Contains(w.texts(), want) {
				t.Errorf("%q is not among %q", want, w.texts())
			}
		})
	}
}

func TestFoldersTickWhatIsInThem(t *testing.T) {
	d := twoOpen(t)
	for i := range d.conns {
		d.conns[i].Profile.Folder = "Lab"
	}
	w := open(t, d)
	w.menuItem(t, "menu.export").Action()
	w.key(fyne.KeySpace) // on the folder
	b, ok := w.object("export.ok").(*kit.Button)
	if !ok {
		t.Fatalf("%v", w.names())
	}
	if !b.Disabled() {
		t.Error("without a connection there is nothing to export")
	}
	w.key(fyne.KeyLeft)
	if list, _ := w.object("export.list").(*kit.RowList); list.AccessibilityLabel() != "Lab" {
		t.Errorf("selected is %q", list.AccessibilityLabel())
	}
	w.key(fyne.KeySpace)
	w.tap(t, "export.ok")
	if len(w.moving.calls) != 1 {
		t.Errorf("calls %v", w.moving.calls)
	}
}

// TestCtrlEnterReadsWhatWasPasted: Enter belongs to the text.
func TestCtrlEnterReadsWhatWasPasted(t *testing.T) {
	w := open(t, busyDesk(t))
	w.menuItem(t, "menu.import").Action()
	w.press(t, fyne.KeyReturn)
	mode, ok := w.object("import.mode").(*kit.Segmented)
	if !ok || len(w.moving.calls) != 0 {
		t.Fatalf("calls %v", w.moving.calls)
	}
	mode.Choose(1)
	w.typed(t, "import.text", "mosquitto_sub -h a -t b")
	w.press(t, fyne.KeyReturn)
	if !slices.Equal(w.moving.calls, []string{"text mosquitto_sub -h a -t b"}) {
		t.Errorf("calls %v", w.moving.calls)
	}
}

// TestNothingJumpsWhenTheKindChanges: what stands beside the kind and the
// button keeps its place.
func TestNothingJumpsWhenTheKindChanges(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.copy_as").Action()
	kind, ok := w.object("copyas.kind").(*kit.Button)
	if !ok {
		t.Fatal("no kind")
	}
	at := func() (places []fyne.Position) {
		room := w.win.Canvas().Size()
		w.win.Resize(room.AddWidthHeight(2, 0)) // everything is laid out again
		w.win.Resize(room)
		for _, name := range []string{"copyas.password", "copyas.close", "copyas.copy"} {
			places = append(places, fyne.CurrentApp().Driver().AbsolutePositionForObject(w.object(name)))
		}
		return places
	}
	before := at()
	for i := range moving.SnippetKinds()[1:] {
		test.Tap(kind)
		w.key(fyne.KeyDown)
		w.key(fyne.KeyReturn)
		if i%2 == 0 {
			w.tap(t, "copyas.copy") // it says that it has copied
		}
		if now := at(); !slices.Equal(now, before) {
			t.Errorf("with the kind %d at %v, before at %v", i, now, before)
		}
	}
}

func TestFileDroppedOnTheWindowIsRead(t *testing.T) {
	w := open(t, twoOpen(t))
	w.Dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/home/ana/a b.json")})
	if !slices.Equal(w.moving.calls, []string{"read /home/ana/a b.json"}) {
		t.Errorf("calls %v", w.moving.calls)
	}
	w.key(fyne.KeyEscape)
	w.menuItem(t, "menu.settings").Action()
	w.Dropped(fyne.Position{}, []fyne.URI{storage.NewFileURI("/home/ana/other.json")})
	if len(w.moving.calls) != 1 {
		t.Error("a file dropped on another dialog is read")
	}
}

func TestExportOfALockedVaultOffersToUnlockIt(t *testing.T) {
	w := open(t, twoOpen(t))
	w.menuItem(t, "menu.export").Action()
	w.moving.exp = desk.ExportState{Open: true, Locked: true, Err: &app.Error{What: app.Say("moving.secret_unread", "Name", "A")}}
	w.Sync()
	w.tap(t, "export.unlock")
	if !slices.Contains(w.moving.calls, "unlock vault") {
		t.Errorf("calls %v", w.moving.calls)
	}
}

func TestEscapeClosesTheDialogForFilesAlone(t *testing.T) {
	for item, controls := range map[string][2]string{"menu.import": {"import.choose", "import.path"}, "menu.export": {"export.choose", "export.path"}} {
		w := open(t, twoOpen(t))
		w.menuItem(t, item).Action()
		w.tap(t, controls[0])
		if n := len(w.win.Canvas().Overlays().List()); n != 2 {
			t.Fatalf("%s: %d dialogs are open, want 2", item, n)
		}
		w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if n := len(w.win.Canvas().Overlays().List()); n != 1 || !w.shows(controls[1]) {
			t.Errorf("%s: after Escape %d dialogs are open", item, n)
		}
		w.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
		if w.shows(controls[1]) {
			t.Errorf("%s: the sheet has lost its keys", item)
		}
	}
}
