package auth

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
)

func newGuard(t testing.TB, c Config) *Guard {
	t.Helper()
	return New(c)
}

func TestWhoMayComeIn(t *testing.T) {
	users := withUsers(t, "ana")
	closed := newGuard(t, Config{Users: users})
	mixed := newGuard(t, Config{Users: users, Anonymous: true})
	open := newGuard(t, Config{Anonymous: true})
	shut := newGuard(t, Config{})
	empty := newGuard(t, Config{Users: NewUsers()})
	certs := newGuard(t, Config{Users: users, Certificates: true})
	login := func(user, password string) Login {
		return Login{Client: Client{User: user}, Password: app.Secret(password), HasPassword: password != ""}
	}
	with := func(l Login, certificate string) Login { l.Certificate = certificate; return l }
	tests := []struct {
		name  string
		guard *Guard
		login Login
		want  app.ReasonCode
		user  string
	}{
		{"right password", closed, login("ana", "right"), 0, "ana"},
		{"wrong password", closed, login("ana", "wrong"), 0x86, ""},
		{"no password", closed, login("ana", ""), 0x86, ""},
		{"empty password", closed, Login{Client: Client{User: "ana"}, HasPassword: true}, 0x86, ""},
		{"unknown user", closed, login("bob", "right"), 0x86, ""},
		{"imported hash", closed, login("imported", "right"), 0, "imported"},
		{"password without a user", closed, login("", "right"), 0x86, ""},
		{"anonymous", closed, login("", ""), 0x87, ""},
		{"anonymous where allowed", mixed, login("", ""), 0, ""},
		{"a wrong password is not anonymous", mixed, login("ana", "wrong"), 0x86, ""},
		{"an unknown user is not anonymous", mixed, login("bob", ""), 0x86, ""},
		{"without users a name is a claim", open, login("bob", "any"), 0, "bob"},
		{"without users, anonymous", open, login("", ""), 0, ""},
		{"nobody at all", shut, login("", ""), 0x87, ""},
		{"nobody at all, with a name", shut, login("ana", "right"), 0x87, ""},
		{"a file without users", empty, login("ana", "right"), 0x86, ""},
		{"a file without users, anonymous", empty, login("", ""), 0x87, ""},
		{"certificate", certs, with(login("", ""), "device 7"), 0, "device 7"},
		{"certificate goes before a claimed name", certs, with(login("ana", "wrong"), "device 7"), 0, "device 7"},
		{"certificate where it does not count", closed, with(login("", ""), "ana"), 0x87, ""},
		{"no certificate", certs, login("", ""), 0x87, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := tt.guard.Login(t.Context(), tt.login)
			if v.Code != tt.want || v.User != tt.user || v.OK() != (v.Cause == "") {
				t.Errorf("%+v", v)
			}
			if s := fmt.Sprintf("%+v %#v", v, tt.login); strings.Contains(s, "right") || strings.Contains(s, "wrong\"") {
				t.Errorf("a password is printed: %s", s)
			}
		})
	}
	if v := (AllowAll{}).Login(t.Context(), login("bob", "x")); !v.OK() || v.User != "bob" || (AllowAll{}).Begin(MethodSCRAM, Login{}) != nil {
		t.Errorf("AllowAll: %+v", v)
	}
}

// TestAttemptsAreLimited counts by passwords and by SCRAM together.
func TestAttemptsAreLimited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuard(t, Config{Users: withUsers(t, "ana")})
		l := Login{Client: Client{User: "ana", Address: netip.MustParseAddr("192.0.2.7")}, Password: "wrong", HasPassword: true}
		for i := range freeFailures {
			if i%2 == 0 {
				if v := g.Login(t.Context(), l); v.Code != app.ReasonBadUserPassword {
					t.Fatalf("%+v", v)
				}
				continue
			}
			e := g.Begin(MethodSCRAM, l)
			e.Step(t.Context(), []byte("n,,n=ana,r=abc"))
			e.Close() // given up: a failure, once
			e.Close()
		}
		l.Password = "right"
		if v := g.Login(t.Context(), l); v.Code != ReasonTooOften {
			t.Errorf("%+v", v)
		}
		if s := g.Begin(MethodSCRAM, l).Step(t.Context(), []byte("n,,n=ana,r=abc")); s.Code != ReasonTooOften {
			t.Errorf("%+v", s)
		}
		if got := g.Stats(); got != (Stats{Failed: freeFailures, Limited: 2}) {
			t.Errorf("%+v", got)
		}
		time.Sleep(firstLock)
		if v := g.Login(t.Context(), l); !v.OK() {
			t.Errorf("after the lock: %+v", v)
		}
		g.Begin(MethodSCRAM, l).Close() // never tried: no failure
		if v := g.Login(t.Context(), l); !v.OK() {
			t.Errorf("after an exchange without a step: %+v", v)
		}
	})
}

// TestHashingIsBounded: no more hashes at once than workers, no more waiting
// than the queue holds, and nobody waits for longer than their time.
func TestHashingIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns(2, 3)
		var at, most atomic.Int64
		results := make(chan error, 10)
		for range 6 {
			go func() {
				results <- turns.run(t.Context(), func() {
					most.Store(max(most.Load(), at.Add(1)))
					time.Sleep(time.Second)
					at.Add(-1)
				})
			}()
			synctest.Wait()
		}
		if err := <-results; !errors.Is(err, errBusy) {
			t.Errorf("the sixth: %v", err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if err := turns.run(short, func() { t.Error("ran") }); !errors.Is(err, errBusy) {
			t.Errorf("beyond the queue: %v", err)
		}
		for range 5 {
			if err := <-results; err != nil {
				t.Error(err)
			}
		}
		if most.Load() != 2 || turns.busy.Load() != 2 || turns.waiting.Load() != 0 {
			t.Errorf("%d at once, %d refused, %d waiting", most.Load(), turns.busy.Load(), turns.waiting.Load())
		}
	})
}

func TestLoginWhoseTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGuard(t, Config{Users: withUsers(t, "ana"), Workers: 1})
		l := Login{Client: Client{User: "ana", Address: netip.MustParseAddr("192.0.2.7")}, Password: "right", HasPassword: true}
		g.turns.slots <- struct{}{} // somebody else's hash goes on and on
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 2 * freeFailures { // and it is no failure of the peer
			if v := g.Login(ctx, l); v.Code != app.ReasonServerBusy {
				t.Fatalf("%+v", v)
			}
		}
		<-g.turns.slots
		if v := g.Login(t.Context(), l); !v.OK() {
			t.Errorf("%+v", v)
		}
		if got := g.Stats(); got != (Stats{Busy: 2 * freeFailures}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestReload(t *testing.T) {
	dir := t.TempDir()
	passwd, acl := filepath.Join(dir, "passwd"), filepath.Join(dir, "acl")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(passwd, string(withUsers(t, "ana").PasswordFile()))
	write(acl, "user ana\ntopic a/#\n")
	users, rules, err := Load(passwd, acl)
	if err != nil {
		t.Fatal(err)
	}
	g := newGuard(t, Config{Users: users, Rules: rules})
	ana := &Client{ID: "1", User: "ana"}
	before := g.Generation()
	hold := func(t *testing.T) {
		t.Helper()
		if g.Generation() != before || !g.Write(ana, "a/x") || g.Write(ana, "b/x") || !g.Known("ana") || g.Known("") {
			t.Error("not the old rules")
		}
	}
	for name, damage := range map[string]func(){
		"bad rules":          func() { write(acl, "user ana\ntopic #\ntopic oops here\n") },
		"bad users":          func() { write(acl, "user ana\ntopic #\n"); write(passwd, "ana:oops\n") },
		"missing users":      func() { _ = os.Remove(passwd) },
		"missing rules":      func() { _ = os.Remove(acl) },
		"a folder for users": func() { _ = os.Mkdir(filepath.Join(dir, "folder"), 0o700); passwd = filepath.Join(dir, "folder") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func(file string) { passwd = file }(passwd)
			write(passwd, string(users.PasswordFile()))
			write(acl, "user ana\ntopic #\n")
			damage()
			var file *FileError
			if err := g.Reload(passwd, acl); !errors.As(err, &file) {
				t.Errorf("error %v", err)
			}
			hold(t)
		})
	}
	t.Run("good", func(t *testing.T) {
		write(passwd, string(users.Without("ana").PasswordFile()))
		write(acl, "user ana\ntopic b/#\n")
		if err := g.Reload(passwd, acl); err != nil {
			t.Fatal(err)
		}
		if g.Generation() == before || g.Write(ana, "a/x") || !g.Write(ana, "b/x") || g.Known("ana") || !g.Known("imported") {
			t.Error("not the new rules")
		}
	})
	if err := g.Reload(filepath.Join(dir, "none"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

func TestTooLargeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "passwd")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, MaxFileBytes+1); err != nil { // takes no room on the disk
		t.Fatal(err)
	}
	want := path + ": larger than 16 MiB"
	if _, err := LoadUsers(path); err == nil || err.Error() != want {
		t.Errorf("users: %v", err)
	}
	if _, err := LoadRules(path); err == nil || err.Error() != want {
		t.Errorf("rules: %v", err)
	}
}
