package main

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
	"tidings/app/store"
	"tidings/brokerlocal/brokertest"
	"tidings/profiles"
	"tidings/profiles/home"
)

// secretDesk is the program's desk over its own secrets, without a window.
func secretDesk(t *testing.T, dir string) (d *desk.Desk, end func()) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	h, err := home.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := profiles.Open(h.Profiles(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	kept, problem := openSecrets(h, quiet)
	if problem != nil {
		t.Fatal(problem)
	}
	d = desk.New(desk.Params{
		Profiles: files, Secrets: kept, Broker: noBroker{},
		NewClient: func(v app.Version) (app.Client, error) { return newClient(v, quiet) },
		Budget:    store.NewBudget(8 << 20), Log: quiet, Touch: func() {},
	})
	return d, func() {
		t.Helper()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if err := kept.close(t.Context()); err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// eventually looks until something holds: the keyring and the vault answer in
// their own time.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for range 6000 { // two minutes and more
		if holds() {
			return
		}
		<-again.C
	}
	t.Fatalf("never: %s", what)
}

// TestSecretsOfTheProgram saves a connection with a password and one more kind
// of secret, starts anew and connects with both: against the Secret Service of
// the session when there is one, and otherwise with the vault.
func TestSecretsOfTheProgram(t *testing.T) {
	service := os.Getenv("TIDINGS_TEST_SECRET_SERVICE") == "1"
	if !service {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	}
	server := brokertest.Run(t, brokertest.WithUser("ana", "lemon"))
	dir := t.TempDir()
	d, end := secretDesk(t, dir)
	eventually(t, "the keyring was asked", func() bool { return d.Secrets().Checked })
	p := app.DefaultProfile()
	p.Name, p.Host, p.Port, p.User = "test", server.Host, server.Port, "ana"
	id := d.SaveProfile(p, []desk.SecretChange{
		{Kind: app.SecretPassword, Value: "lemon", Remember: true}, {Kind: app.SecretProxyPassword, Value: "melon", Remember: true},
	})
	want := app.PlaceKeyring
	if !service {
		want = app.PlaceVault
		eventually(t, "asked for a vault", func() bool { return d.VaultPrompt() != nil })
		d.GivePassphrase("", "kettle")
	}
	at := func(kind app.SecretKind) app.SecretPlace {
		return d.SecretPlace(app.SecretRef{Profile: id, Kind: kind})
	}
	eventually(t, "both are kept", func() bool { return at(app.SecretPassword) == want && at(app.SecretProxyPassword) == want })
	eventually(t, "nothing is left to ask", func() bool { p, _ := d.Profile(id); return !p.AskPassword && d.VaultPrompt() == nil })
	end()

	d, end = secretDesk(t, dir)
	d.Connect(id)
	if !service {
		eventually(t, "asked to unlock", func() bool { return d.VaultPrompt() != nil })
		d.GivePassphrase("", "kettle")
	}
	eventually(t, "connected", func() bool {
		w := d.Workspace(id)
		return w != nil && w.Snapshot().Session.State == session.Connected
	})
	d.DeleteProfile(id)
	eventually(t, "deleted", func() bool { _, ok := d.Deleted(); return ok })
	if at(app.SecretPassword) != want {
		t.Error("forgotten while the deletion can be undone")
	}
	end()
	d, end = secretDesk(t, dir)
	if held := d.SecretStatus().Held; len(held) != 0 {
		t.Errorf("secrets outlive their profile: %+v", held)
	}
	end()
}
