package desk_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/session"
)

// A fresh identifier is nobody else's and looks like the old one; taking it
// once more does not make it longer.
func TestFreshClientID(t *testing.T) {
	for _, c := range []struct{ name, id, base string }{
		{"plain", "greenhouse", "greenhouse-"},
		{"refreshed before", "greenhouse-ab12cd", "greenhouse-"},
		{"a hyphen of its own", "lab-3", "lab-3-"},
		{"none", "", "tidings"},
	} {
		p := app.Profile{ClientID: c.id}
		one, two := p.FreshClientID(), p.FreshClientID()
		if one == two || one == c.id || !strings.HasPrefix(one, c.base) || c.id != "" && len(one) != len(c.base)+app.SuffixLength-1 {
			t.Errorf("%s: %q and %q", c.name, one, two)
		}
	}
}

// A new identifier is saved and connected with, and the subscriptions come
// along.
func TestANewClientIDIsSavedAndUsed(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.ClientID = "greenhouse" })
		h.Connect(id)
		synctest.Wait()
		if err := h.Workspace(id).Subscribe(app.Subscription{Filter: "lab/#", QoS: app.QoS1}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		h.UseClientID(id, "greenhouse-2", app.ClientIDFixed)
		synctest.Wait()
		if p, _ := h.files.get(id); p.ClientID != "greenhouse-2" || len(p.Subscriptions) != 1 {
			t.Errorf("saved %+v", p)
		}
		if s := h.Workspace(id).Snapshot().Session; s.State != session.Connected || s.Options.ClientID != "greenhouse-2" {
			t.Errorf("%v as %q", s.State, s.Options.ClientID)
		}
		if subs := h.broker.Subscriptions("greenhouse-2"); len(subs) != 1 {
			t.Errorf("subscriptions %v", subs)
		}
	})
}

// Two connections of one window that throw each other out know each other.
func TestARivalOfThisWindowHasAName(t *testing.T) {
	inHouse(t, func(h *house) {
		one := h.add(func(p *app.Profile) { p.Name, p.ClientID = "one", "greenhouse" })
		two := h.add(func(p *app.Profile) { p.Name, p.ClientID = "Secure lab", "greenhouse" })
		h.Connect(one)
		synctest.Wait()
		h.broker.Disconnect(app.ReasonSessionTakenOver, "")
		synctest.Wait()
		if c, _ := h.Connection(one); c.Rival != "" || c.Workspace.Session.State != session.Failed {
			t.Errorf("%v, thrown out by %q", c.Workspace.Session.State, c.Rival)
		}
		h.Connect(two)
		synctest.Wait()
		if c, _ := h.Connection(one); c.Rival != "Secure lab" {
			t.Errorf("thrown out by %q", c.Rival)
		}
		if c, _ := h.Connection(two); c.Rival != "" {
			t.Errorf("what is well has the rival %q", c.Rival)
		}
		h.UseClientID(two, "another", app.ClientIDFixed)
		synctest.Wait()
		if c, _ := h.Connection(one); c.Rival != "" {
			t.Errorf("%q has another identifier", c.Rival)
		}
	})
}
