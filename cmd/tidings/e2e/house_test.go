//go:build e2e && linux

package e2e

import (
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/moving"
	"tidings/app/outline"
	"tidings/profiles"
	"tidings/profiles/transfer"
)

// furnished is a connection with something in every place.
func furnished() app.Profile {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Folder, p.Color, p.Notes = app.NewID(), "Лаборатория 3", "Lab/Room 3", "#34c388", "Rack 7\nask Ana"
	p.Host, p.Port, p.TLS, p.ClientID, p.IDMode, p.User, p.AskPassword = "broker.lab.test", 8084, true, "lab", app.ClientIDSuffix, "ana", true
	p.Clean, p.SessionExpiry, p.KeepAlive = false, 3600, 20*time.Second
	p.Will = &app.Will{Topic: "lab/state", Payload: []byte("off"), QoS: 1, Retain: true, Delay: 5}
	p.Link = app.LinkOptions{Transport: app.TransportWS, Path: "/mqtt", Proxy: app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy.test", Port: 1080, User: "u"}, Family: app.Family4}
	p.Security.Pinned, p.Security.ALPN = strings.Repeat("ab", 32), []string{"mqtt"}
	p.Session.User = []app.UserProperty{{Name: "room", Value: "3"}}
	p.Subscriptions = []app.Subscription{{Filter: "lab/#", QoS: 2, NoLocal: true}, {Filter: "$SYS/#"}}
	p.Templates = []app.Template{{Name: "Lamp on", Message: app.Publish{Topic: "lab/lamp", Payload: []byte{0, 1, 0xff}, QoS: 1, Retain: true}}, {Name: "Empty", Message: app.Publish{Topic: "lab/x"}}}
	return p
}

// export exports everything with the keyboard and the mouse; with a passphrase,
// the secrets too.
func (p *program) export(path, passphrase string) {
	p.t.Helper()
	kind := sealedOr(passphrase)
	p.key("ctrl+shift+e")
	p.fill("export.path", path)
	if passphrase != "" {
		p.click("export.secrets")
		p.fill("export.passphrase", passphrase)
		p.fill("export.again", passphrase)
	}
	p.shot("house-export" + kind)
	p.click("export.ok")
	p.place("export.close")
	p.shot("house-exported" + kind)
	p.key("Return")
}

// sealedOr is the end of a picture's name: the name of a file shows no secret.
func sealedOr(passphrase string) string {
	if passphrase == "" {
		return ""
	}
	return "-sealed"
}

// move imports a file; with a passphrase, its secrets too.
func (p *program) move(path, passphrase string) {
	p.t.Helper()
	p.key("ctrl+o")
	p.place("import.path")
	p.write(path)
	p.key("Return")
	p.place("import.take")
	p.shot("house-preview" + sealedOr(passphrase))
	if passphrase != "" {
		p.fill("import.passphrase", passphrase)
		p.key("Return")
		p.wait("the secrets", func(s State) bool { return s.Controls["import.passphrase"].W == 0 && s.Controls["import.take"].W > 0 })
		p.shot("house-unlocked")
	}
	p.click("import.take")
}

// What is exported in one home arrives whole in another: without secrets, and
// with them under a passphrase.
func TestHouseMovesWhole(t *testing.T) {
	const password, passphrase = "pa55 of ana", "four words make passphrases"
	first, folder := t.TempDir(), t.TempDir()
	want := furnished()
	files, err := profiles.Open(filepath.Join(first, "profiles"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ordered := []string{"gamma", "alpha", "beta"} // as a person arranged them
	save := []app.Profile{want}
	for i, name := range ordered {
		p := app.DefaultProfile()
		p.ID, p.Name, p.Host, p.Folder, p.Position = app.NewID(), name, name+".test", "Lab", 1024*(i+1)
		save = append(save, p)
	}
	for _, p := range save {
		if err := files.Save(p); err != nil {
			t.Fatal(err)
		}
	}
	secret := filepath.Join(folder, "line.txt")
	if err := os.WriteFile(secret, []byte("mosquitto_sub -h other.test -t x -u ana -P '"+password+"'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bare, sealed, again := filepath.Join(folder, "bare.toml"), filepath.Join(folder, "sealed.toml"), filepath.Join(folder, "again.toml")

	p := start(t, first)
	p.move(secret, "")
	p.place("passphrase.ok")
	p.key("Escape")
	p.wait("the connection with a password", func(s State) bool { return slices.Contains(s.Profiles, "other.test") })
	p.export(bare, "")
	p.export(sealed, passphrase)
	p.end()
	for _, path := range []string{bare, sealed} {
		if data, err := os.ReadFile(path); err != nil || strings.Contains(string(data), password) || strings.Contains(string(data), passphrase) {
			t.Errorf("%s: %v, or a secret stands in it", path, err)
		}
	}

	for _, c := range []struct{ path, passphrase string }{{bare, ""}, {sealed, passphrase}} {
		home := t.TempDir()
		p := start(t, home)
		p.move(c.path, c.passphrase)
		if c.passphrase != "" {
			p.place("passphrase.ok")
			p.key("Escape")
		}
		p.wait("all connections", func(s State) bool { return len(s.Profiles) == len(save)+1 })
		p.shot("house-arrived" + sealedOr(c.passphrase))
		if c.passphrase != "" {
			p.export(again, passphrase)
		}
		p.end()
		list, err := profiles.Read(filepath.Join(home, "profiles"))
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(list, func(p app.Profile) bool { return p.ID == want.ID })
		if i < 0 {
			t.Fatalf("it did not arrive: %+v", list)
		}
		if got := list[i]; !reflect.DeepEqual(table(t, got), table(t, want)) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		outline.Sort(list)
		var arrived []string
		for _, p := range list {
			if p.Folder == "Lab" {
				arrived = append(arrived, p.Name)
			}
		}
		if !slices.Equal(arrived, ordered) {
			t.Errorf("got the order %v, want %v", arrived, ordered)
		}
	}
	data, err := os.ReadFile(again)
	if err != nil {
		t.Fatal(err)
	}
	var kept []moving.Secret
	for _, it := range transfer.Read(t.Context(), "again.toml", data, passphrase).Items {
		kept = append(kept, it.Secrets...)
	}
	if len(kept) != 1 || kept[0] != (moving.Secret{Kind: app.SecretPassword, Value: password}) {
		t.Errorf("%d secrets came through two homes", len(kept))
	}
}

// table is the file of a profile but for its position, which is another one
// where others lie.
func table(t *testing.T, p app.Profile) map[string]any {
	t.Helper()
	p.Position = 0
	out, err := profiles.Table(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
