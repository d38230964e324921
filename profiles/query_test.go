package profiles

import (
	"os"
	"strings"
	"testing"

	"tidings/app"
)

// An older program wrote the query of an address into the file, where a token
// stands in clear. It is read, and may stay there, and comes into no other file.
func TestNoQueryInAFile(t *testing.T) {
	s := open(t)
	const old = "name = 'Old'\nhost = 'h.test'\n[link]\ntransport = 'ws'\npath = '/mqtt?token=geheim'\nlater = 'kept'\n"
	if err := os.WriteFile(s.path("old"), []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := s.Get("old")
	if err != nil || p.Link.Path != "/mqtt?token=geheim" {
		t.Fatalf("%v: path %q", err, p.Link.Path)
	}
	other := p
	other.ID = "other"
	if err := s.Save(other); err == nil {
		t.Error("the token was written into another file")
	}
	bare, query := app.TakeQuery(p.Link)
	p.Link = bare
	if err := s.Save(p); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(s.path("old"))
	if text := string(data); err != nil || strings.Contains(text, "token") || !strings.Contains(text, "kept") {
		t.Errorf("%v:\n%s", err, text)
	}
	if back, err := s.Get("old"); err != nil || app.FillQuery(back.Link, query).Path != "/mqtt?token=geheim" {
		t.Errorf("%v: %+v", err, back.Link)
	}
}
