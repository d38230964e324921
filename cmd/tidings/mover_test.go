package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
	"tidings/app/store"
	"tidings/profiles"
	"tidings/profiles/secrets"
	"tidings/profiles/transfer"
)

// noKeyring is a computer without a keyring: all secrets go to the vault.
type noKeyring struct{}

func (noKeyring) err() error                                        { return secrets.ErrUnavailable }
func (k noKeyring) Probe(context.Context) error                     { return k.err() }
func (k noKeyring) Get(context.Context, string) (app.Secret, error) { return "", k.err() }
func (k noKeyring) Set(context.Context, string, app.Secret) error   { return k.err() }
func (k noKeyring) Delete(context.Context, string) error            { return k.err() }
func (noKeyring) Place() app.SecretPlace                            { return app.PlaceKeyring }
func (noKeyring) Max() int                                          { return secrets.MaxKeyring }

// noBroker is a local broker that is not asked for.
type noBroker struct{}

func (noBroker) Start(context.Context) error { return errors.New("not in this test") }
func (noBroker) Stop(context.Context) error  { return nil }
func (noBroker) State() desk.BrokerState     { return desk.BrokerState{} }

// home is a home folder with the real stores, a real desk and its moving.
type homeDesk struct {
	*desk.Desk
	*desk.Moving
	t      *testing.T
	dir    string
	router *secrets.Router
}

// newHomeDesk lets prepare put something into the folder of profiles before.
func newHomeDesk(t *testing.T, prepare ...func(folder string)) *homeDesk {
	t.Helper()
	h := &homeDesk{t: t, dir: t.TempDir()}
	log := slog.New(slog.DiscardHandler)
	files, err := profiles.Open(filepath.Join(h.dir, "profiles"), log)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range prepare {
		f(filepath.Join(h.dir, "profiles"))
	}
	vault, problem := secrets.OpenVault(filepath.Join(h.dir, "vault"), log)
	if problem != nil {
		t.Fatal(problem)
	}
	if err := vault.Create(t.Context(), "four words of passphrase"); err != nil {
		t.Fatal(err)
	}
	h.router = secrets.NewRouter(secrets.Params{Keyring: noKeyring{}, Vault: vault, Index: filepath.Join(h.dir, "secrets.toml"), Log: log})
	h.Desk = desk.New(desk.Params{
		Profiles: files, Secrets: h.router, Broker: noBroker{}, Budget: store.NewBudget(1 << 20), Log: log,
		NewClient: func(app.Version) (app.Client, error) { return nil, errors.New("not in this test") },
		Touch:     func() {},
	})
	h.Moving = desk.NewMoving(h.Desk, mover{files})
	t.Cleanup(func() {
		if err := errors.Join(h.Desk.Close(), vault.Close(context.Background())); err != nil {
			t.Error(err)
		}
	})
	return h
}

// until waits for a condition on the desk or its files, which are written after
// the desk has said so.
func (h *homeDesk) until(what string, ok func() bool) {
	h.t.Helper()
	eventually(h.t, what, ok)
}

// show reads a file up to its preview.
func (h *homeDesk) show(path string) moving.Preview {
	h.t.Helper()
	h.OpenImport()
	h.Moving.ReadFile(path)
	h.until("preview of "+path, func() bool { return h.Import().Stage != desk.ImportReading })
	if s := h.Import(); s.Stage != desk.ImportPreview {
		h.t.Fatalf("%s: %v", path, s.Problem)
	}
	return h.Import().Preview
}

// take imports with one choice for everything.
func (h *homeDesk) take(choice func(moving.Item) moving.Choice, folder string) desk.ImportState {
	h.t.Helper()
	s := h.Import()
	var decisions []desk.Decision
	for _, it := range s.Preview.Items {
		decisions = append(decisions, desk.Decision{Choice: choice(it)})
	}
	h.Take(s.Number, decisions, folder)
	h.until("the import", func() bool { return h.Import().Stage != desk.ImportSaving })
	return h.Import()
}

// undo takes the last import back and waits for the end of that: files and
// secrets come back one after the other.
func (h *homeDesk) undo() {
	h.t.Helper()
	h.UndoImport()
	h.until("the end of the undo", func() bool { return h.Imported() == desk.Imported{} })
}

// same reports whether two profiles would be the same file.
func same(t *testing.T, a, b app.Profile) bool {
	t.Helper()
	one, err := profiles.Table(a, nil)
	two, err2 := profiles.Table(b, nil)
	if err := errors.Join(err, err2); err != nil {
		t.Error(err)
	}
	return a.ID == b.ID && reflect.DeepEqual(one, two)
}

func add(moving.Item) moving.Choice { return moving.Add }

// saved reads the profiles from the disk, as the next start would.
func (h *homeDesk) saved() map[string]app.Profile {
	h.t.Helper()
	list, err := profiles.Read(filepath.Join(h.dir, "profiles"))
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[string]app.Profile{}
	for _, p := range list {
		out[p.ID] = p
	}
	return out
}

// nowhere fails for each of the texts that stands in a file of the home.
func (h *homeDesk) nowhere(texts ...string) {
	h.t.Helper()
	err := filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, text := range texts {
			if len(text) >= 6 && strings.Contains(string(data), text) {
				h.t.Errorf("the secret %q stands in %s", text, path)
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// What other programs write arrives as a saved profile with the same values;
// its secrets arrive in the secret store, and in no file.
func TestImportOfEachFormat(t *testing.T) {
	const samples = "../../profiles/transfer"
	h := newHomeDesk(t)
	for _, c := range []struct{ file, name, url, user, password string }{
		{"mqttx/testdata/export.json", "Sala 3", "mqtts://broker.escola.test:8883", "ana", "senha-secreta"},
		{"mqttx/testdata/export.yaml", "Bancada", "ws://192.168.0.20:8083/mqtt", "rui", "12345"},
		{"explorer/testdata/settings.json", "Lab", "wss://10.0.0.5:9001/mqtt", "ana", `pa"ss`},
		{"mqttfx/testdata/mqttfx-config.xml", "Лаборатория", "mqtt://10.0.0.5:1883", "ana", " x<y "},
		{"mqttspy/testdata/mqtt-spy-configuration.xml", "Oficina", "mqtts://broker.oficina.test:8884", "luis", "contraseña"},
		{"mosquitto/testdata/mosquitto.conf", "cloud", "mqtts://broker.test:8883", "ana", "duas senhas"},
		{"mosquitto/testdata/mosquitto_sub", "broker.test", "mqtts://broker.test:8883", "ana", "pass word"},
		{"cmdline/testdata/lines.txt", "broker.escola.test", "mqtt://broker.escola.test:1883", "ana", "senha$1"},
	} {
		t.Run(c.file, func(t *testing.T) {
			h.t = t
			path := filepath.Join(samples, filepath.FromSlash(c.file))
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			source := transfer.Read(t.Context(), filepath.Base(path), data, "")
			preview := h.show(path)
			if s := h.take(add, "From elsewhere"); s.Stage != desk.ImportClosed {
				t.Fatalf("not all came: %+v", s.Report)
			}
			files, first := h.saved(), app.Profile{}
			var all []string
			for i, it := range preview.Items {
				want, _ := it.Resolve(moving.Add)
				want.Profile.Folder = strings.Trim("From elsewhere/"+want.Profile.Folder, "/")
				want.Profile.Position = files[it.Profile.ID].Position // its place here
				if got := files[it.Profile.ID]; !same(t, got, want.Profile) {
					t.Errorf("saved %+v\nwant  %+v", got, want.Profile)
				}
				for n, s := range source.Items[i].Secrets {
					if it.Secrets[n].Value != "" {
						t.Error("the window was handed a secret")
					}
					got, found, err := h.router.Get(t.Context(), app.SecretRef{Profile: it.Profile.ID, Kind: s.Kind})
					if err != nil || !found || got != s.Value {
						t.Errorf("%s: secret %d is not kept: %v", it.Profile.Name, s.Kind, err)
					}
					all = append(all, s.Value.Reveal())
				}
				if it.Profile.Name == c.name && first.ID == "" {
					first = files[it.Profile.ID]
				}
			}
			password, _, _ := h.router.Get(t.Context(), app.SecretRef{Profile: first.ID, Kind: app.SecretPassword})
			if first.URL() != c.url || first.User != c.user || password.Reveal() != c.password {
				t.Errorf("%q is %s for %q with %d bytes of password, want %s for %q", c.name, first.URL(), first.User, len(password), c.url, c.user)
			}
			h.nowhere(all...)
			h.undo()
			h.until("nothing left", func() bool { return len(h.Connections()) == 0 && len(h.router.Status().Held) == 0 })
			if left := h.saved(); len(left) > 0 {
				t.Errorf("after the undo: %v", left)
			}
		})
	}
}

// A team's file comes to another computer and back.
func TestExportAndMerge(t *testing.T) {
	const passphrase = "correct horse battery staple"
	one, other := newHomeDesk(t), newHomeDesk(t)
	one.show("../../profiles/transfer/mqttx/testdata/export.json")
	one.take(add, "")
	var ids []string
	for _, c := range one.Connections() {
		ids = append(ids, c.Profile.ID)
		if c.Profile.Name == "Sala 3" { // the one with a password
			ids[0], ids[len(ids)-1] = ids[len(ids)-1], ids[0]
		}
	}
	path := filepath.Join(t.TempDir(), "team.toml")
	export := func(pass app.Secret, replace bool) desk.ExportState {
		one.OpenExport()
		one.Export(desk.ExportRequest{IDs: ids, Path: path, Passphrase: pass, Replace: replace})
		one.until("the export", func() bool { return !one.Exporting().Busy })
		return one.Exporting()
	}
	if s := export("", false); s.Written != path || len(s.Left) == 0 {
		t.Fatalf("without secrets: %+v", s)
	}
	if s := export(passphrase, false); !s.Exists || s.Written != "" {
		t.Errorf("written over a file unasked: %+v", s)
	}
	if s := export(passphrase, true); s.Written != path || s.Secrets == 0 {
		t.Fatalf("with secrets: %+v", s)
	}
	if data, _ := os.ReadFile(path); strings.Contains(string(data), "senha-secreta") || strings.Contains(string(data), passphrase) {
		t.Error("a secret stands in the file")
	}

	if p := other.show(path); !p.Sealed || len(p.Items) != len(ids) {
		t.Fatalf("%+v", p)
	}
	unlock := func(pass app.Secret) desk.ImportState {
		other.Unlock(pass)
		other.until("unlocking", func() bool { return other.Import().Stage != desk.ImportReading })
		return other.Import()
	}
	if s := unlock("wrong"); !s.Preview.Sealed || len(s.Preview.Problems) != 1 {
		t.Errorf("a wrong passphrase: %+v", s.Preview.Problems)
	}
	if s := unlock(passphrase); s.Preview.Sealed || len(s.Preview.Problems) > 0 {
		t.Fatalf("the right passphrase: %+v", s.Preview.Problems)
	}
	if s := other.take(add, ""); s.Stage != desk.ImportClosed {
		t.Fatalf("%+v", s.Report)
	}
	for id, p := range one.saved() {
		if got := other.saved()[id]; !same(t, got, p) {
			t.Errorf("one  %+v\nother %+v", p, got)
		}
	}

	// The same file again changes nothing; after a change it says what differs.
	for _, it := range other.show(path).Items {
		if it.State != moving.StateUnchanged {
			t.Errorf("%s differs in %v", it.Profile.Name, it.Differs)
		}
	}
	other.CloseImport()
	mine, _ := other.Desk.Profile(ids[0])
	theirs := mine
	mine.Host = "elsewhere.test"
	other.SaveProfile(mine, nil)
	other.until("saved", func() bool { return other.saved()[ids[0]].Host == "elsewhere.test" })
	p := other.show(path)
	replace := func(it moving.Item) moving.Choice {
		if it.State == moving.StateChanged {
			return moving.Replace
		}
		return moving.Skip
	}
	if s := other.take(replace, "ignored"); s.Stage != desk.ImportClosed {
		t.Fatalf("%+v of %+v", s.Report, p.Items)
	}
	if got := other.saved()[ids[0]]; got.Host != theirs.Host || got.Folder != theirs.Folder || len(other.saved()) != len(ids) {
		t.Errorf("not replaced: %+v", got)
	}
	other.undo()
	if host := other.saved()[ids[0]].Host; host != "elsewhere.test" {
		t.Errorf("after the undo it goes to %s", host)
	}
	if secret, found, err := other.router.Get(t.Context(), app.SecretRef{Profile: ids[0], Kind: app.SecretPassword}); !found || err != nil || secret == "" {
		t.Errorf("the undo lost the password: %v", err)
	}
}

// With the vault locked, secrets that come wait in memory and the vault is
// offered; those that are in it cannot be exported until it is open.
func TestMovingWithALockedVault(t *testing.T) {
	const passphrase = "four words of passphrase"
	h := newHomeDesk(t)
	h.LockVault()
	h.until("the lock", func() bool { return h.SecretStatus().Vault == app.VaultLocked })
	h.show("../../profiles/transfer/mqttx/testdata/export.yaml")
	if s := h.take(add, ""); s.Stage != desk.ImportClosed {
		t.Fatalf("%+v", s.Report)
	}
	ref := app.SecretRef{Profile: h.Connections()[0].Profile.ID, Kind: app.SecretPassword}
	h.until("the offer", func() bool { return h.VaultPrompt() != nil })
	if place := h.SecretPlace(ref); place != app.PlaceSession {
		t.Errorf("the password is kept in place %d", place)
	}
	h.GivePassphrase("", passphrase)
	h.until("the password to move", func() bool { return h.SecretPlace(ref) == app.PlaceVault })

	h.LockVault()
	h.until("the lock", func() bool { return h.SecretStatus().Vault == app.VaultLocked })
	h.OpenExport()
	h.Export(desk.ExportRequest{IDs: []string{ref.Profile}, Path: filepath.Join(t.TempDir(), "x.toml"), Passphrase: "p"})
	h.until("the export", func() bool { return !h.Exporting().Busy })
	if s := h.Exporting(); !s.Locked || s.Err == nil || s.Written != "" {
		t.Errorf("%+v", s)
	}
}
