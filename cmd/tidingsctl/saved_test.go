package main

import (
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
	"tidings/profiles"
	"tidings/profiles/home"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

// window opens a home, as the window has it, with a connection of ana's.
func window(t *testing.T, host string, port int) (dir string, h *home.Home) {
	t.Helper()
	dir = t.TempDir()
	h, err := home.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	store, err := profiles.Open(h.Profiles(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host, p.Port, p.User = "lab1", "The Lab", host, port, "ana"
	if err := store.Save(p); err != nil {
		t.Fatal(err)
	}
	return dir, h
}

// vaulted is a window whose vault, under the passphrase "kettle", keeps ana's
// password "sesame".
func vaulted(t *testing.T, host string, port int) (dir string) {
	t.Helper()
	dir, h := window(t, host, port)
	quiet := slog.New(slog.DiscardHandler)
	vault, problem := secrets.OpenVault(h.Vault(), quiet)
	if problem != nil {
		t.Fatal(problem)
	}
	none := secretstest.NewFake()
	none.Break(true)
	router := secrets.NewRouter(secrets.Params{Keyring: none, Vault: vault, Index: h.Secrets(), Log: quiet})
	if err := router.CreateVault(t.Context(), "kettle"); err != nil {
		t.Fatal(err)
	}
	if place, err := router.Set(t.Context(), app.SecretRef{Profile: "lab1", Kind: app.SecretPassword}, "sesame"); err != nil || place != app.PlaceVault {
		t.Fatalf("at %d, %v", place, err)
	}
	return dir
}

const kettle = "TIDINGS_VAULT_PASSPHRASE=kettle"

// What the window keeps in its vault serves the command line too.
func TestAProfileWithItsPasswordInTheVault(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	pub := []string{"pub", "--home", vaulted(t, server.Host, server.Port), "--profile", "lab1", "-t", "x", "-m", "x", "-q", "1"}
	start(t, "", []string{kettle}, program, pub...).want(0, "")
	for name, env := range map[string][]string{"wrong": {"TIDINGS_VAULT_PASSPHRASE=pan"}, "no terminal": nil} {
		code, _, errs := start(t, "", env, program, pub...).end()
		if code == 0 || !strings.Contains(errs, "vault") || strings.Contains(errs, "pan") {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
	}
}

// What cannot be read is said by the diagnosis, which goes without.
func TestTheDoctorSaysWhatItLacks(t *testing.T) {
	server := brokertest.Run(t, brokertest.WithUser("ana", "sesame"))
	args := []string{"doctor", "--home", vaulted(t, server.Host, server.Port), "--profile", "lab1"}
	for name, tt := range map[string]struct {
		env  []string
		code int
		says string
	}{
		"no passphrase":    {nil, 1, "[warning] Settings\n    Cannot be read now, so the diagnosis goes without: password. The vault is locked.\n    → Set TIDINGS_VAULT_PASSPHRASE"},
		"wrong passphrase": {[]string{"TIDINGS_VAULT_PASSPHRASE=pan"}, 1, "[warning] Settings\n    Cannot be read now, so the diagnosis goes without: password."},
		"all is there":     {[]string{kettle}, 0, "[ok] Settings\n    The settings are complete."},
	} {
		code, out, errs := start(t, "", tt.env, program, args...).end()
		if code != tt.code || !strings.Contains(out, tt.says) || errs != "" {
			t.Errorf("%s: exit %d, %s%s", name, code, errs, out)
		}
	}
}

// A kept password is shown to the broker for the user whose it is, and for
// nobody else.
func TestAKeptPasswordIsOfItsUser(t *testing.T) {
	heard := make(chan string, 8)
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		b := make([]byte, 4<<10)
		n, err := c.Read(b) // all of a CONNECT, which is written at once
		if err != nil {
			return // the doctor only looked whether somebody is here
		}
		heard <- string(b[:n])
		_, _ = io.WriteString(c, "\x20\x03\x00\x87\x00")
	})
	dir := vaulted(t, host, port)
	for user, theirs := range map[string]bool{"ana": true, "bob": false} {
		for _, command := range [][]string{{"pub", "-t", "x", "-m", "x"}, {"doctor"}} {
			start(t, "", []string{kettle}, program, append(command, "--home", dir, "--profile", "lab1", "-u", user)...).end()
			if connect := <-heard; !strings.Contains(connect, user) || strings.Contains(connect, "sesame") != theirs {
				t.Errorf("%s as %s: %q", command[0], user, connect)
			}
		}
	}
}
