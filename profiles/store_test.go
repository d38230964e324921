package profiles

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tidings/app"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(filepath.Join(t.TempDir(), "profiles"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func full() app.Profile {
	return app.Profile{
		ID: "full", Name: "Дом «№1» 🏠\nsecond line", Host: "::1", Port: 8883, TLS: true, Version: app.V311,
		ClientID: "client", User: "ana", AskPassword: true, Clean: false, SessionExpiry: 4294967295,
		KeepAlive: 0, LocalBroker: true,
		Will: &app.Will{Topic: "a/b", Payload: []byte("offline\x00\r\n"), QoS: 2, Retain: true},
		Subscriptions: []app.Subscription{
			{Filter: "a/#", QoS: 1, NoLocal: true, RetainAsPublished: true, RetainHandling: 2},
			{Filter: "$SYS/+"},
		},
	}
}

func save(t *testing.T, s *Store, list ...app.Profile) {
	t.Helper()
	for _, p := range list {
		if err := s.Save(p); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSaveAndGet(t *testing.T) {
	binary := full()
	binary.ID, binary.Will.Payload = "binary", []byte{0xff, 0, 0xfe}
	empty := app.DefaultProfile()
	empty.ID, empty.Will = "empty", &app.Will{Payload: []byte{}}
	for _, p := range []app.Profile{full(), binary, empty} {
		t.Run(p.ID, func(t *testing.T) {
			s := open(t)
			save(t, s, p)
			got, err := s.Get(p.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, p) {
				t.Errorf("got  %#v\nwant %#v", got, p)
			}
		})
	}
}

func TestTheFileIsForPeople(t *testing.T) {
	s := open(t)
	p := full()
	p.Name = "Lab"
	save(t, s, p)
	got, err := os.ReadFile(s.path("full"))
	if err != nil {
		t.Fatal(err)
	}
	want := `# A connection of Tidings. The name of this file is the connection's ID.
# It holds no password: that is in the system's keyring or in the vault, or
# is asked for.
# Edit it while Tidings is closed; keys that Tidings does not know are kept,
# comments are not.

version = 1
name = 'Lab'
host = '::1'
port = 8883
tls = true
mqtt = '3.1.1'
client_id = 'client'
user = 'ana'
ask_password = true
clean = false
session_expiry = 4294967295
keep_alive = 0
local_broker = true

[will]
payload = "offline\u0000\r\n"
qos = 2
retain = true
topic = 'a/b'

[[subscriptions]]
filter = 'a/#'
no_local = true
qos = 1
retain_as_published = true
retain_handling = 2

[[subscriptions]]
filter = '$SYS/+'
no_local = false
qos = 0
retain_as_published = false
retain_handling = 0
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	save(t, s, p)
	if again, _ := os.ReadFile(s.path("full")); !bytes.Equal(again, got) {
		t.Error("saving the same again changed the file")
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits: the user's own folder protects the files")
	}
	s := open(t)
	save(t, s, full())
	for path, want := range map[string]os.FileMode{s.dir: 0o700, s.path("full"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", path, info.Mode().Perm(), err, want)
		}
	}
}

func TestNewerKeysSurvive(t *testing.T) {
	s := open(t)
	text := `version = 3
name = "Lab"
host = "h"
websocket_path = "/mqtt"
colors = ["red", "blue"]
since = 2031-01-02T03:04:05Z
[will]
topic = "t"
payload_base64 = "/wA="
delay = 30
[[subscriptions]]
filter = "b"
alias = "bee"
[[subscriptions]]
filter = "a"
[tls_options]
ca = "x.pem"
[tls_options.deep]
n = 1
`
	if err := os.WriteFile(s.path("p"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := s.Get("p")
	if err != nil {
		t.Fatal(err)
	}
	if p.Port != 1883 || p.Version != app.V5 || !p.Clean || p.KeepAlive != time.Minute {
		t.Errorf("missing keys did not take their defaults: %+v", p)
	}
	if !bytes.Equal(p.Will.Payload, []byte{0xff, 0}) {
		t.Errorf("will payload %x", p.Will.Payload)
	}
	p.Name, p.Will.Payload = "New name", []byte("now text")
	p.Subscriptions[0], p.Subscriptions[1] = p.Subscriptions[1], p.Subscriptions[0]
	save(t, s, p)
	data, _ := os.ReadFile(s.path("p"))
	for _, want := range []string{
		"version = 3\n", "name = 'New name'\n", "websocket_path = '/mqtt'\n", "colors = ['red', 'blue']\n",
		"since = 2031-01-02T03:04:05Z\n", "delay = 30\n", "payload = 'now text'\n", "alias = 'bee'\nfilter = 'b'\n",
		"[tls_options]\nca = 'x.pem'\n", "[tls_options.deep]\nn = 1\n",
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%q is lost from\n%s", want, data)
		}
	}
	if strings.Contains(string(data), "payload_base64") {
		t.Error("the old payload came back")
	}
	if again, err := s.Get("p"); err != nil || !reflect.DeepEqual(again, p) {
		t.Errorf("got %+v, %v; want %+v", again, err, p)
	}
}

func TestBrokenFilesAreSetAside(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"no TOML", "\x00\x01 garbage"},
		{"cut short", "version = 1\nname = \"La"},
		{"wrong type", "name = 'x'\nport = 'many'"},
		{"qos", "name = 'x'\n[will]\ntopic = 't'\nqos = 3"},
		{"qos beyond a byte", "name = 'x'\n[will]\nqos = 700"},
		{"subscription qos", "name = 'x'\n[[subscriptions]]\nfilter = 'a'\nqos = 3"},
		{"retain handling", "name = 'x'\n[[subscriptions]]\nfilter = 'a'\nretain_handling = 3"},
		{"mqtt version", "name = 'x'\nmqtt = '4'"},
		{"keep alive", "name = 'x'\nkeep_alive = -1"},
		{"keep alive overflow", "name = 'x'\nkeep_alive = 9223372036854775807"},
		{"session expiry", "name = 'x'\nsession_expiry = 4294967296"},
		{"base64", "name = 'x'\n[will]\npayload_base64 = '***'"},
		{"version", "name = 'x'\nversion = 0"},
		{"not UTF-8", "name = '\xff'"},
		{"too large", "name = 'x'\n" + strings.Repeat("#\n", 4<<20)},
		{"empty", ""},
		{"something else", "version = 1\ntheme = 'dark'\n"},
		{"subscriptions beyond all", "name = 'x'\n" + strings.Repeat("[[subscriptions]]\nfilter = 'a'\n", 10_001)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := open(t)
			save(t, s, full())
			if err := os.WriteFile(s.path("bad"), []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			list, failed := s.List()
			if len(list) != 1 || list[0].ID != "full" {
				t.Errorf("the good profile is gone: %v", list)
			}
			if len(failed) != 1 || failed[0].What.Key != "profile.broken" || failed[0].Cause == nil ||
				failed[0].What.Args["Aside"] != "bad.toml.broken-1" {
				t.Fatalf("errors %+v", failed)
			}
			if data, _ := os.ReadFile(s.path("bad") + ".broken-1"); string(data) != tc.text {
				t.Errorf("content changed")
			}
			if _, failed = s.List(); failed != nil {
				t.Errorf("told again: %v", failed)
			}
		})
	}
}

func TestAFileOfANewerVersionStaysInPlace(t *testing.T) {
	s := open(t)
	text := "version = 2\nmqtt = '6'\n"
	if err := os.WriteFile(s.path("p"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, failed := s.List(); len(failed) != 1 || failed[0].What.Key != "profile.newer" {
			t.Fatalf("errors %+v", failed)
		}
	}
	p := full()
	p.ID = "p"
	save(t, s, p) // whoever insists gets it, but not at the price of the file
	if data, _ := os.ReadFile(s.path("p") + ".broken-1"); string(data) != text {
		t.Error("the save destroyed the newer file")
	}
}

func TestListSortsAndIgnores(t *testing.T) {
	s := open(t)
	for id, name := range map[string]string{"c": "beta", "b": "Beta", "a2": "alpha", "a1": "alpha"} {
		p := app.DefaultProfile()
		p.ID, p.Name = id, name
		save(t, s, p)
	}
	for _, name := range []string{"note.txt", "x.toml.broken-1", ".tidings-1.tmp"} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte("?"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(s.dir, "folder.toml"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, "My Lab.toml"), []byte("version = 1"), 0o600); err != nil {
		t.Fatal(err)
	}
	list, failed := s.List()
	var ids []string
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	if want := []string{"a1", "a2", "b", "c"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("order %v, want %v", ids, want)
	}
	if len(failed) != 1 || failed[0].What.Key != "profile.file_name" {
		t.Errorf("errors %+v", failed)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "My Lab.toml")); err != nil {
		t.Error("a file with a strange name was moved")
	}
}

func TestDeleteAndUndo(t *testing.T) {
	s := open(t)
	save(t, s, full())
	before, _ := os.ReadFile(s.path("full"))
	undo, err := s.Delete("full")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get("full"); !errors.Is(err, ErrNotFound) {
		t.Errorf("get after delete: %v", err)
	}
	if _, err := s.Delete("full"); !errors.Is(err, ErrNotFound) {
		t.Errorf("delete twice: %v", err)
	}
	if err := undo(); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(s.path("full")); !bytes.Equal(before, after) {
		t.Error("undo restored another file")
	}
	if err := undo(); err == nil {
		t.Error("undo over an existing profile: no error")
	}
}

func TestSaveRefusesWhatTheFileCannotHold(t *testing.T) {
	s := open(t)
	for name, change := range map[string]func(*app.Profile){
		"name":            func(p *app.Profile) { p.Name = "\xff" },
		"user":            func(p *app.Profile) { p.User = "\xff" },
		"will topic":      func(p *app.Profile) { p.Will.Topic = "\xff" },
		"will QoS":        func(p *app.Profile) { p.Will.QoS = 3 },
		"filter":          func(p *app.Profile) { p.Subscriptions[0].Filter = "\xff" },
		"QoS":             func(p *app.Profile) { p.Subscriptions[0].QoS = 3 },
		"retain handling": func(p *app.Profile) { p.Subscriptions[0].RetainHandling = 3 },
		"size":            func(p *app.Profile) { p.Name = strings.Repeat("x", 5<<20) },
		"subscriptions":   func(p *app.Profile) { p.Subscriptions = make([]app.Subscription, 10_001) },
		"version":         func(p *app.Profile) { p.Version = 7 },
		"keep alive":      func(p *app.Profile) { p.KeepAlive = time.Millisecond },
	} {
		p := full()
		change(&p)
		var known *app.Error
		if err := s.Save(p); !errors.As(err, &known) || known.What.Key != "profile.not_saved" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if list, failed := s.List(); list != nil || failed != nil {
		t.Errorf("something was written: %v %v", list, failed)
	}
}

func TestOpenRemovesUnfinishedFilesAndSaysWhyNot(t *testing.T) {
	s := open(t)
	rubbish := filepath.Join(s.dir, ".tidings-1.tmp")
	if err := os.WriteFile(rubbish, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(s.dir, s.log); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(rubbish); err == nil {
		t.Error("an unfinished file was left")
	}
	save(t, s, full())
	_, err := Open(s.path("full"), s.log) // a file, no folder
	var known *app.Error
	if !errors.As(err, &known) || known.What.Key != "profile.folder" {
		t.Errorf("open a file: %v", err)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 10 {
				if err := s.Save(full()); err != nil {
					t.Error(err)
				}
				if _, failed := s.List(); failed != nil {
					t.Error(failed)
				}
				if p, err := s.Get("full"); err != nil || p.User != "ana" {
					t.Error(p, err)
				}
			}
		})
	}
	wg.Wait()
}
