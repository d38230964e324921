package profiles

import (
	"os"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/certs"
)

const byHand = `name = 'By hand'
host = 'h.test'
[link]
transport = 'ws'
headers = [{name = 'Authorization', value = 'geheim', secret = true}, {name = 'X-A', value = 'a'}]
[security]
certificate = """-----BEGIN CERTIFICATE-----
AA==
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
geheim
-----END PRIVATE KEY-----
"""
later = 'kept'
`

// A secret that somebody wrote into a file by hand stays there as long as it has
// no other place, so that everything else can be saved. None comes anew.
func TestASecretComesIntoNoFile(t *testing.T) {
	s := open(t)
	if err := os.WriteFile(s.path("own"), []byte(byHand), 0o600); err != nil {
		t.Fatal(err)
	}
	was, err := s.Get("own")
	if err != nil {
		t.Fatal(err)
	}
	moved := was
	var keys app.Secret
	moved.Security, keys = certs.TakeKeys(was.Security)
	moved.Security.Key.PEM = keys.Reveal()
	for _, tt := range []struct {
		name   string
		p      app.Profile
		change func(*app.Profile)
		saved  bool
	}{
		{"as it is", was, func(*app.Profile) {}, true},
		{"with another note", was, func(p *app.Profile) { p.Notes = "changed" }, true},
		{"under another name of the same file", moved, func(*app.Profile) {}, true},
		{"another key", was, func(p *app.Profile) {
			p.Security.Key.PEM = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"
		}, false},
		{"another value", was, func(p *app.Profile) { p.Link.Headers = []app.Header{{Name: "Authorization", Value: "x", Secret: true}} }, false},
		{"a query", was, func(p *app.Profile) { p.Link.Path = "/?token=x" }, false},
		{"in another file", was, func(p *app.Profile) { p.ID = "other" }, false},
	} {
		tt.change(&tt.p)
		if err := s.Save(tt.p); (err == nil) != tt.saved {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	bare := was
	bare.Security, _ = certs.TakeKeys(was.Security)
	bare.Link.Headers, _ = app.TakeHeaders(was.Link.Headers)
	if err := s.Save(bare); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(s.path("own"))
	if text := string(data); err != nil || strings.Contains(text, "geheim") || !strings.Contains(text, "AA==") || !strings.Contains(text, "kept") {
		t.Errorf("%v:\n%s", err, text)
	}
	if err := s.Save(was); err == nil {
		t.Error("they came back into a file that was rid of them")
	}
}
