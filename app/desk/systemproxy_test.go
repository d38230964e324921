package desk_test

import (
	"testing"
	"testing/synctest"

	"tidings/app"
)

// TestSystemProxy: what a form shows is what a connection would use.
func TestSystemProxy(t *testing.T) {
	for value, want := range map[string]string{
		"socks5://ana:secret@proxy": "socks5://proxy:1080",
		"proxy:port":                "connect.proxy.named",
	} {
		t.Setenv("HTTPS_PROXY", value)
		t.Setenv("https_proxy", "")
		t.Setenv("NO_PROXY", "near.example")
		t.Setenv("no_proxy", "")
		inHouse(t, func(h *house) {
			for host, want := range map[string]string{"far.example": want, "near.example": "none"} {
				answer := h.SystemProxy(app.Profile{Host: host, Port: 1883})
				synctest.Wait()
				p, err, done := answer()
				got := "none"
				switch {
				case !done:
					t.Fatal("no answer")
				case err != nil:
					got = err.What.Key
				case p != nil:
					got = p.URL()
				}
				if got != want {
					t.Errorf("%s, %s: %s, want %s", value, host, got, want)
				}
			}
		})
	}
}
