package desk

import (
	"testing"

	"tidings/app"
)

func TestConnectionsOfOneHostAreToldApart(t *testing.T) {
	at := func(id, name string, port int, user, folder string) app.Profile {
		return app.Profile{ID: id, Name: name, Host: "broker.test", Port: port, User: user, Folder: folder}
	}
	socket := app.Profile{ID: "s", Name: "/run/m.sock", Link: app.LinkOptions{Transport: app.TransportUnix, Path: "/run/m.sock"}}
	six := app.Profile{ID: "x", Name: "::1", Host: "::1", Port: 18883}
	odd := func(id string, port int) app.Profile {
		return app.Profile{ID: id, Name: "localhost", Host: "localhost", Port: port}
	}
	others := []app.Profile{
		odd("y", 18830), {Name: "localhost:18883", Host: "localhost", Port: 18883}, {Name: "::1", Host: "::1", Port: 1883},
		at("a", "broker.test", 1883, "ana", ""), at("b", "Lab", 1883, "", "Home"), at("c", "Lab (2)", 1883, "", "Home"), socket,
	}
	another := socket
	another.ID = "t"
	for _, c := range []struct {
		name    string
		p       app.Profile
		created string
		added   string
	}{
		{"another port", at("x", "broker.test", 8883, "ana", ""), "broker.test:8883", "broker.test:8883"},
		{"another user", at("x", "broker.test", 1883, "rui", ""), "rui@broker.test", "rui@broker.test"},
		{"the same again", at("x", "broker.test", 1883, "ana", ""), "broker.test (2)", "broker.test (2)"},
		{"nobody", at("x", "broker.test", 1883, "", ""), "broker.test (2)", "broker.test (2)"},
		{"another folder", at("x", "broker.test", 1883, "ana", "Home"), "broker.test (2)", "broker.test (2)"},
		{"itself", at("a", "broker.test", 1883, "ana", ""), "broker.test", "broker.test"},
		{"a name of its own", at("x", "Lab", 1883, "", ""), "Lab", "Lab"},
		{"a name of its own, in the folder", at("x", "Lab", 1883, "", "Home"), "Lab", "Lab (3)"},
		{"the same unusual port", odd("x", 18830), "localhost:18830", "localhost:18830"},
		{"the same unusual port again", odd("x", 18883), "localhost:18883 (2)", "localhost:18883 (2)"},
		{"an address with colons", six, "[::1]:18883", "[::1]:18883"},
		{"a socket", another, "/run/m.sock (2)", "/run/m.sock (2)"},
	} {
		if got := usual(c.p, others); got != c.created {
			t.Errorf("%s: created as %q", c.name, got)
		}
		if got := beside(c.p, others); got != c.added {
			t.Errorf("%s: added as %q", c.name, got)
		}
	}
}
