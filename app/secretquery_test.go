package app_test

import (
	"fmt"
	"testing"

	"tidings/app"
)

func TestAQueryLeavesThePathAndComesBack(t *testing.T) {
	for _, tt := range []struct {
		transport         app.Transport
		path, bare, query string
	}{
		{app.TransportWS, "/mqtt?token=1", "/mqtt", "token=1"},
		{app.TransportWS, "?a=b?c", "", "a=b?c"},
		{app.TransportWS, "/mqtt", "/mqtt", ""},
		{app.TransportUnix, "/run/a?b=c", "/run/a?b=c", ""},
	} {
		o := app.LinkOptions{Transport: tt.transport, Path: tt.path}
		bare, query := app.TakeQuery(o)
		if bare.Path != tt.bare || query.Reveal() != tt.query || bare.SecretQuery != (tt.query != "") {
			t.Errorf("%s: %+v and %q", tt.path, bare, query.Reveal())
		}
		if again, none := app.TakeQuery(bare); fmt.Sprint(again) != fmt.Sprint(bare) || none != "" {
			t.Errorf("%s: taken twice: %+v and %q", tt.path, again, none.Reveal())
		}
		p := app.Profile{Link: bare}
		for _, kept := range []app.Secret{query, "?" + query} {
			if got := p.Options(app.Secrets{app.SecretQuery: kept}).Link.Path; got != tt.path {
				t.Errorf("%s: back came %s", tt.path, got)
			}
		}
		if wants := p.Wants(app.SecretQuery, nil); wants != (tt.query != "") {
			t.Errorf("%s: wants its query: %t", tt.path, wants)
		}
	}
}

// Only a WebSocket sends a query, and one that stands in the path counts.
func TestAQueryGoesWhereItBelongs(t *testing.T) {
	for name, o := range map[string]app.LinkOptions{
		"none":          {Transport: app.TransportWS, Path: "/a"},
		"TCP":           {Path: "/a", SecretQuery: true},
		"a socket":      {Transport: app.TransportUnix, Path: "/a", SecretQuery: true},
		"there already": {Transport: app.TransportWS, Path: "/a?x=1", SecretQuery: true},
	} {
		if got := app.FillQuery(o, "token=1"); got.Path != o.Path || (app.Profile{Link: o}).Wants(app.SecretQuery, nil) {
			t.Errorf("%s: %s", name, got.Path)
		}
	}
}
