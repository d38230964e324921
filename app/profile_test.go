package app_test

import (
	"strings"
	"testing"

	"tidings/app"
)

// TestURLHidesTokens: what a person reads holds no value of a query.
func TestURLHidesTokens(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{"", "/"},
		{"mqtt", "/mqtt"},
		{"/mqtt?", "/mqtt?"},
		{"/mqtt?token=s3cret", "/mqtt?token=•••"},
		{"/mqtt?a=s3cret&s3cret&b=&c=s3cret=s3cret", "/mqtt?a=•••&•••&b=•••&c=•••"},
		{"/?s3cret?s3cret", "/?•••"},
	} {
		p := app.Profile{Host: "h", Port: 80, Link: app.LinkOptions{Transport: app.TransportWS, Path: tt.path}}
		if got, want := p.URL(), "ws://h:80"+tt.want; got != want || strings.Contains(got, "s3cret") {
			t.Errorf("%q: %s, want %s", tt.path, got, want)
		}
		if got, want := p.FullURL(), "ws://h:80"+app.RequestPath(tt.path); got != want {
			t.Errorf("%q: %s, want %s", tt.path, got, want)
		}
	}
	kept := app.Profile{Host: "h", Port: 80, Link: app.LinkOptions{Transport: app.TransportWS, Path: "mqtt", SecretQuery: true}}
	if got := kept.URL(); got != "ws://h:80/mqtt?•••" {
		t.Error(got)
	}
	p := app.Profile{Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/run/a?b=c"}}
	if got := p.URL(); got != "unix:/run/a%3Fb=c" {
		t.Error(got)
	}
}

// TestWhoMayHaveTheSameID: only an identifier that stands in the profile.
func TestWhoMayHaveTheSameID(t *testing.T) {
	for _, tt := range []struct {
		id   string
		mode app.ClientIDMode
		own  bool
	}{
		{"dev1", app.ClientIDFixed, false},
		{"", app.ClientIDFixed, true},
		{"dev1", app.ClientIDRandom, true},
		{"dev1", app.ClientIDSuffix, true},
	} {
		o := app.Profile{ClientID: tt.id, IDMode: tt.mode}.Options(nil)
		if o.OwnID != tt.own || (o.ClientID == tt.id) == tt.own {
			t.Errorf("%q, mode %d: %q, own: %v", tt.id, tt.mode, o.ClientID, o.OwnID)
		}
	}
}
