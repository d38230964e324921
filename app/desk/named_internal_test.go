package desk

import (
	"testing"

	"tidings/app"
)

func TestProfileWithoutANameIsCalledAsItsHost(t *testing.T) {
	socket := app.Profile{Host: "h", Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/run/a.sock"}}
	list := named([]app.Profile{{Name: "Lab", Host: "h"}, {Host: "h"}, socket, {}})
	for i, want := range []string{"Lab", "h", "/run/a.sock", ""} {
		if list[i].Name != want {
			t.Errorf("profile %d is called %q, want %q", i, list[i].Name, want)
		}
	}
}
