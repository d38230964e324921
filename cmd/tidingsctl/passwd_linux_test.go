package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"tidings/brokerlocal/engine/auth"
)

// terminal returns both ends of a pseudo terminal: what a program reads, and
// the keyboard and screen of the person.
func terminal(t *testing.T) (program, person *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close(); person.Close() })
	return program, person
}

// typist answers every prompt with the next line.
type typist struct {
	keyboard *os.File
	lines    []string
	screen   strings.Builder
}

// Write implements io.Writer for what the program says.
func (p *typist) Write(b []byte) (int, error) {
	if text := string(b); strings.HasSuffix(text, ": ") && len(p.lines) > 0 {
		if _, err := p.keyboard.WriteString(p.lines[0] + "\n"); err != nil {
			return 0, err
		}
		p.lines = p.lines[1:]
	}
	return p.screen.Write(b)
}

func TestPasswdOnATerminalAsksTwiceUnseen(t *testing.T) {
	for _, tt := range []struct {
		name  string
		typed []string
		code  int
		says  string
	}{
		{"the same twice", []string{"sesame", "sesame"}, 0, "New password for ana: \nThe same again: \n"},
		{"two different ones", []string{"sesame", "sesam"}, 1, "not the same twice"},
		{"nothing", []string{""}, 1, "an empty password"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tty, person := terminal(t)
			p := &typist{keyboard: person, lines: tt.typed}
			file := filepath.Join(t.TempDir(), "users")
			c := console{in: tty, out: p, err: p, getenv: func(string) string { return "" }, words: english()}
			if code := run(context.Background(), c, []string{"passwd", file, "ana"}); code != tt.code || !strings.Contains(p.screen.String(), tt.says) {
				t.Errorf("exit %d, it says %q", code, p.screen.String())
			}
			users, err := auth.LoadUsers(file)
			if tt.code == 0 && (err != nil || !users.CanSCRAM("ana")) || tt.code != 0 && err == nil {
				t.Errorf("the file: %v", err)
			}
			// What was typed would stand on the person's screen by now.
			if _, err := tty.WriteString("end"); err != nil {
				t.Fatal(err)
			}
			seen := make([]byte, len("end"))
			if _, err := io.ReadFull(person, seen); err != nil || string(seen) != "end" {
				t.Errorf("the terminal shows %q, %v", seen, err)
			}
		})
	}
}
