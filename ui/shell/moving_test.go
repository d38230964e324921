package shell_test

import (
	"errors"
	"testing"

	"fyne.io/fyne/v2"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/ui/kit"
)

// fakeMoving is a desk's moving whose state a test writes by hand.
type fakeMoving struct {
	imp   desk.ImportState
	exp   desk.ExportState
	copy  desk.CopyState
	took  []desk.Decision
	calls []string
	keeps desk.Destination
	came  desk.Imported
	file  string
}

func (f *fakeMoving) note(call string)                { f.calls = append(f.calls, call) }
func (f *fakeMoving) Import() desk.ImportState        { return f.imp }
func (f *fakeMoving) OpenImport()                     { f.imp.Stage = desk.ImportSource }
func (f *fakeMoving) CloseImport()                    { f.imp = desk.ImportState{Number: f.imp.Number} }
func (f *fakeMoving) Back()                           { f.imp.Stage = desk.ImportSource }
func (f *fakeMoving) Cancel()                         { f.note("cancel") }
func (f *fakeMoving) ReadFile(path string)            { f.note("read " + path); f.imp.File = path }
func (f *fakeMoving) ReadText(text string)            { f.note("text " + text) }
func (f *fakeMoving) Unlock(s app.Secret)             { f.note("unlock " + s.Reveal()) }
func (f *fakeMoving) StopUndo()                       { f.note("stop undo") }
func (f *fakeMoving) UndoImport()                     { f.note("undo"); f.came = desk.Imported{} }
func (f *fakeMoving) Imported() desk.Imported         { return f.came }
func (f *fakeMoving) ForgetImport()                   { f.came = desk.Imported{} }
func (f *fakeMoving) Keeps(i, n int) desk.Destination { return f.keeps }
func (f *fakeMoving) Exporting() desk.ExportState     { return f.exp }
func (f *fakeMoving) OpenExport()                     { f.exp = desk.ExportState{Open: true} }
func (f *fakeMoving) CloseExport()                    { f.exp = desk.ExportState{} }
func (f *fakeMoving) ExportPath() string              { return "/home/ana/tidings-connections.toml" }
func (f *fakeMoving) Export(r desk.ExportRequest)     { f.file = r.Path; f.note("export") }
func (f *fakeMoving) Strength(app.Secret) (level int, t app.Text) {
	return 1, app.Say("secrets.strength.weak")
}
func (f *fakeMoving) Copying() desk.CopyState { return f.copy }
func (f *fakeMoving) FetchSecrets(string) {
	f.copy = desk.CopyState{Read: true, Kept: true, Number: f.copy.Number + 1}
}
func (f *fakeMoving) UnlockVault()   { f.note("unlock vault") }
func (f *fakeMoving) ForgetSecrets() { f.copy = desk.CopyState{Number: f.copy.Number + 1} }

func (f *fakeMoving) Take(_ int, decisions []desk.Decision, folder string) {
	f.took = decisions
	f.note("take into " + folder)
	f.imp = desk.ImportState{Number: f.imp.Number}
	f.came.N = len(decisions)
}

func (f *fakeMoving) Snippet(_ string, k moving.SnippetKind, with bool) (moving.Snippet, error) {
	if k == moving.SnippetArduino {
		return moving.Snippet{}, &app.Error{What: app.Say("snippet.tcp_only")}
	}
	text := "mosquitto_sub -h broker.example -p 8883 \\\n  -u ana -P \"$MQTT_PASSWORD\" \\\n  -i 'my client' \\\n  -t 'lab/#' -q 1"
	if with {
		text = "mosquitto_sub -h broker.example -u ana -P hunter2"
	}
	return moving.Snippet{Text: text, Missing: []string{"Link.Headers", "Security.Pinned"}, ClientID: "greenhouse-sub", Variable: "MQTT_PASSWORD"}, nil
}

// mixed is a preview with a bit of everything.
func mixed() moving.Preview {
	q := moving.Question{Ask: app.Say("moving.ask.tls"), Answers: []moving.Answer{{Text: app.Say("moving.ask.tls.off")}, {Text: app.Say("moving.ask.tls.on")}}}
	item := func(name, folder string, change func(*moving.Item)) moving.Item {
		it := moving.Item{Profile: profile("i"+name, name)}
		it.Profile.Folder, it.Profile.User = folder, "ana"
		it.Profile.Subscriptions = []app.Subscription{{Filter: "lab/#"}, {Filter: "x"}}
		if change != nil {
			change(&it)
		}
		return it
	}
	here := profile("iHall", "Hall")
	return moving.Preview{Format: moving.FormatTidings, Sealed: true, Items: []moving.Item{
		item("Greenhouse with a rather long name that does not fit", "Lab/Room 3", func(it *moving.Item) {
			it.Secrets = []moving.Secret{{Kind: app.SecretPassword}, {Kind: app.SecretKey}}
			it.Questions = []moving.Question{q, {Ask: app.Say("moving.ask.verify"), Answers: []moving.Answer{{Text: app.Say("moving.ask.verify.check")}, {Text: app.Say("moving.ask.verify.skip")}}, Chosen: 1}}
			it.Unmapped = []moving.Finding{
				{Field: "connectionOptions/cleanSession", Why: app.Say("moving.why.clean_without_id")},
				{Field: "caFile", Why: app.Say("moving.why.keystore")},
				{Field: "parentId", Why: app.Say("moving.why.group_missing")},
			}
			it.Profile.Will, it.Profile.ClientID = &app.Will{Topic: "w"}, "greenhouse-1"
		}),
		item("Hall", "", func(it *moving.Item) {
			it.State, it.Here, it.Differs = moving.StateChanged, &here, []string{"Host", "Subscriptions", "Secret.password"}
			it.Held, it.Profile.Link.Proxy.Host = app.SecretKinds()[:4], "proxy.test"
		}),
		item("Home Assistant", "Home", func(it *moving.Item) { it.State, it.Here = moving.StateUnchanged, &here }),
		item("Other", "", func(it *moving.Item) {
			it.State, it.Here, it.Differs = moving.StateConflict, &here, []string{"Name", "Host"}
		}),
		item("Zigbee2MQTT", "Home", func(it *moving.Item) {
			it.Unmapped = []moving.Finding{{Field: "reconnectPeriod", Why: app.Say("moving.why.reconnects")}}
			it.Missing = []string{"/etc/mosquitto/certs/ca.pem", `C:\Users\ana\certs\client.pem`}
		}),
		item("Лаборатория", "", func(it *moving.Item) { it.Questions = []moving.Question{q} }),
	}}
}

func preview(p moving.Preview) desk.ImportState {
	return desk.ImportState{Stage: desk.ImportPreview, Number: 1, File: "/home/ana/team.toml", Preview: p}
}

// movingScenes are the pictures of connections that move house.
func movingScenes() []scene {
	imported := func(s desk.ImportState) func(t *testing.T, w *window) {
		return func(_ *testing.T, w *window) { w.moving.imp = s; w.Sync() }
	}
	export := func(t *testing.T, w *window) {
		for i, folder := range []string{"Lab/Room 3", "", "Home", "Home", "Lab"} {
			w.desk.conns[i].Profile.Folder = folder
		}
		w.menuItem(t, "menu.export").Action()
	}
	return []scene{
		{"import", busyDesk, func(t *testing.T, w *window) {
			w.menuItem(t, "menu.import").Action()
			w.moving.imp.Found = []moving.Source{
				{Format: moving.FormatExplorer, Path: "/home/ana/.config/MQTT-Explorer/settings.json"},
				{Format: moving.FormatMosquittoClient, Path: "/home/ana/.config/mosquitto_sub"},
			}
		}},
		{"import-text", busyDesk, func(t *testing.T, w *window) {
			w.menuItem(t, "menu.import").Action()
			w.object("import.mode").(*kit.Segmented).Select(1)
			w.object("import.mode").(*kit.Segmented).Select(0)
			w.moving.imp.Problem = &app.Error{What: app.Say("moving.unknown"), Do: app.Say("moving.unknown.do"), Cause: errors.New("line 1")}
		}},
		{"import-reading", busyDesk, imported(desk.ImportState{Stage: desk.ImportReading, File: "/home/ana/export.json"})},
		{"import-saving", busyDesk, imported(desk.ImportState{Stage: desk.ImportSaving, Done: 3, Total: 12})},
		{"import-preview", busyDesk, imported(preview(mixed()))},
		{"import-changed", busyDesk, func(t *testing.T, w *window) {
			p := mixed()
			p.NotRead = []moving.Finding{{Field: "version", Why: app.Say("moving.why.newer")}}
			p.Problems = []*app.Error{{What: app.Say("secrets.file_wrong"), Do: app.Say("secrets.file_wrong.do")}}
			imported(preview(p))(t, w)
			list := w.object("import.list").(*kit.RowList)
			list.Select(1)
			list.OnMark(1)
		}},
		{"import-missing", busyDesk, func(t *testing.T, w *window) {
			imported(preview(mixed()))(t, w)
			w.object("import.list").(*kit.RowList).Select(4)
		}},
		{"import-nothing", busyDesk, func(t *testing.T, w *window) {
			imported(preview(moving.Preview{Format: moving.FormatTidings, Items: mixed().Items[:1]}))(t, w)
			w.object("import.list").(fyne.Focusable).TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
		}},
		{"import-report", busyDesk, imported(desk.ImportState{Stage: desk.ImportDone, Report: desk.ImportReport{
			Came: []string{"Greenhouse", "Hall"}, Stopped: true,
			Failed: []desk.ImportFailure{
				{Name: "Hall", Saved: true, Err: &app.Error{What: app.Say("moving.secret_lost", "Secret", app.SecretKey.Text()), Do: app.Say("moving.secret_lost.do"), Cause: errors.New("locked")}},
				{Name: "Other", Err: &app.Error{What: app.Say("moving.open"), Do: app.Say("moving.open.do")}},
			},
		}})},
		{"import-undo", busyDesk, func(_ *testing.T, w *window) { w.moving.came.N = 3 }},
		{"import-undoing", busyDesk, func(_ *testing.T, w *window) {
			w.moving.came = desk.Imported{N: 12, Undoing: true, Done: 3}
			w.desk.notices = []desk.Notice{{ID: 1, Err: &app.Error{What: app.Say("moving.undo_kept", "N", 2, "Names", "Hall, Greenhouse"), Do: app.Say("moving.undo_kept.do")}}}
		}},
		{"export", busyDesk, export},
		{"export-secrets", busyDesk, func(t *testing.T, w *window) {
			export(t, w)
			w.tap(t, "export.secrets")
			w.moving.exp.Exists = true
		}},
		{"export-done", busyDesk, func(t *testing.T, w *window) {
			export(t, w)
			w.moving.exp = desk.ExportState{Open: true, Written: "/home/ana/tidings-connections.toml", Left: []moving.Left{{Profile: "Greenhouse", Findings: []moving.Finding{{Field: "Secret.password"}, {Field: "Secret.key"}}}}}
		}},
		{"export-done-secrets", busyDesk, func(t *testing.T, w *window) {
			export(t, w)
			w.moving.exp = desk.ExportState{Open: true, Written: "/home/ana/tidings-connections.toml", Sealed: true, Secrets: 3}
		}},
		{"copy-as-query", busyDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile.User, w.desk.conns[0].Profile.Link = "ana", fullProfile().Link
			w.row(t, 0)
			w.menuItem(t, "menu.copy_as").Action()
		}},
		{"copy-as", busyDesk, func(t *testing.T, w *window) {
			w.desk.conns[0].Profile.User = "ana"
			w.row(t, 0)
			w.menuItem(t, "menu.copy_as").Action()
		}},
	}
}
