package app_test

import (
	"testing"

	"tidings/app"
)

// TestSchemesGoBothWays: what a connection is called is read as what it is.
func TestSchemesGoBothWays(t *testing.T) {
	for _, p := range []app.Profile{
		{}, {TLS: true}, {Link: app.LinkOptions{Transport: app.TransportUnix}},
		{Link: app.LinkOptions{Transport: app.TransportWS}}, {TLS: true, Link: app.LinkOptions{Transport: app.TransportWS}},
	} {
		if s, known := app.SchemeOf(p.Scheme()); !known || s.TLS != p.TLS || s.Transport != p.Link.Transport {
			t.Errorf("%s is %+v, %t", p.Scheme(), s, known)
		}
	}
	if s, known := app.SchemeOf("http"); known {
		t.Errorf("http is %+v", s)
	}
}

func TestSocketOf(t *testing.T) {
	for raw, want := range map[string]string{
		"unix:/run/a.sock": "/run/a.sock", "UNIX:///run/a%20b": "/run/a b", "unix:": "", "unix:/a%00b": "", "unix:/a%zz": "",
	} {
		if path, unix := app.SocketOf(raw); path != want || !unix {
			t.Errorf("%s: %q, %t", raw, path, unix)
		}
	}
	for _, raw := range []string{"unix", "mqtt://unix:1", "/unix:/a", ""} {
		if _, unix := app.SocketOf(raw); unix {
			t.Errorf("%q is taken for a socket", raw)
		}
	}
}
