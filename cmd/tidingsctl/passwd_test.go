package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tidings/app/session/sessiontest"
)

func TestPasswdMakesUsersWhoCanDoSCRAM(t *testing.T) {
	file, port := filepath.Join(t.TempDir(), "users"), sessiontest.FreePort(t)
	set := func(name, password string) {
		t.Helper()
		start(t, password+"\nnot this\n", nil, program, "passwd", file, name).want(0, "")
	}
	set("ana", "sesame")
	set("bob", "wisdom")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	b := startBroker(t, port, "--users", file)
	enters := func(name, password string, more ...string) bool {
		args := append([]string{"sub", strings.Replace(at(port), "//", "//"+name+"@", 1), "-t", "a", "-E"}, more...)
		code, _, _ := start(t, "", []string{"TIDINGS_PASSWORD=" + password}, program, args...).end()
		return code == 0
	}
	if !enters("ana", "sesame") || !enters("ana", "sesame", "--scram") || enters("ana", "wrong") || enters("ana", "wrong", "--scram") {
		t.Error("the password does not count, or another one does")
	}
	set("ana", "other")
	start(t, "", nil, program, "passwd", "--delete", file, "bob").want(0, "")
	b.signal(syscall.SIGHUP)
	b.sees("were read again")
	if enters("ana", "sesame", "--scram") || !enters("ana", "other", "--scram") || enters("bob", "wisdom") {
		t.Error("the new passwords are not in force")
	}
}

func TestPasswdLeavesABadFileAlone(t *testing.T) {
	file := write(t, filepath.Join(t.TempDir(), "users"), "ana:sesame\n")
	for _, args := range [][]string{{"passwd", file, "bob"}, {"passwd", "--delete", file, "ana"}} {
		code, _, errs := start(t, "wisdom\n", nil, program, args...).end()
		if code != 1 || !strings.Contains(errs, file+":1: the password is not hashed") || strings.Count(errs, "\n") != 1 || strings.Contains(errs, "sesame") {
			t.Errorf("exit %d, %q", code, errs)
		}
	}
	if b, err := os.ReadFile(file); err != nil || string(b) != "ana:sesame\n" {
		t.Errorf("it is %q now, %v", b, err)
	}
	missing := filepath.Join(t.TempDir(), "users")
	if code, _, errs := ctl(t, "passwd", "--delete", missing, "ana"); code != 1 || !strings.Contains(errs, missing) {
		t.Errorf("exit %d, %q", code, errs)
	}
	if _, err := os.Stat(missing); err == nil {
		t.Error("--delete made a file")
	}
}
