package desk_test

import (
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// asking is a connection whose password nothing keeps, and which was connected
// with one typed.
func asking(h *house) string {
	h.Helper()
	id := h.add(func(p *app.Profile) { p.User, p.AskPassword = "ana", true })
	h.Connect(id)
	synctest.Wait()
	h.Answer(id, "lemon", false)
	synctest.Wait()
	if s := h.state(id); s != session.Connected {
		h.Fatalf("%v, want connected", s)
	}
	return id
}

// again connects once more and returns what the person is asked for, or the
// password that went to the broker.
func (h *house) again(id string) string {
	before := len(h.broker.Attempts())
	h.Connect(id)
	synctest.Wait()
	a := h.broker.Attempts()
	switch {
	case h.Question() != nil:
		return "asked"
	case len(a) == before:
		return "nothing"
	}
	return a[len(a)-1].Password.Reveal()
}

func TestATypedPasswordServesUntilTheConnectionIsClosed(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*house, string)
		want string
	}{
		{"connected anew", func(*house, string) {}, "lemon"},
		{"after a disconnect", func(h *house, id string) { h.Disconnect(id) }, "lemon"},
		{"after the network failed", func(h *house, id string) {
			h.broker.Refuse(&app.RefusedError{Reason: app.ReasonServerMoved})
			h.again(id)
			h.broker.Refuse(nil)
		}, "lemon"},
		{"for another name of the connection", func(h *house, id string) { h.Rename(id, "lab") }, "lemon"},
		{"refused", func(h *house, id string) {
			h.broker.Refuse(&app.RefusedError{Reason: app.ReasonBadUserPassword})
			h.again(id)
			h.broker.Refuse(nil)
		}, "asked"},
		{"closed", func(h *house, id string) { h.CloseWorkspace(id) }, "asked"},
		{"forgotten", func(h *house, id string) { h.ForgetSecret(app.SecretRef{Profile: id, Kind: app.SecretPassword}) }, "asked"},
		{"for another host", func(h *house, id string) {
			p := must(h.Profile(id))
			p.Host = "elsewhere"
			h.SaveProfile(p, nil)
		}, "asked"},
		{"another one in the form", func(h *house, id string) {
			h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "melon", Remember: true}})
		}, "melon"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := asking(h)
				tt.do(h, id)
				synctest.Wait()
				if got := h.again(id); got != tt.want {
					t.Errorf("%s, want %s", got, tt.want)
				}
			})
		})
	}
}

// After a refusal the new answer is the one that serves.
func TestAnAnswerAfterARefusalTakesThePlaceOfTheOther(t *testing.T) {
	inHouse(t, func(h *house) {
		id := asking(h)
		h.broker.RequireUser("ana", "melon")
		if got := h.again(id); got != "lemon" {
			t.Fatalf("%s, want the one that was typed", got)
		}
		if got := h.again(id); got != "asked" {
			t.Fatalf("%s, want a question", got)
		}
		h.Answer(id, "melon", false)
		synctest.Wait()
		h.Disconnect(id)
		synctest.Wait()
		if got := h.again(id); got != "melon" {
			t.Errorf("%s, want the new one", got)
		}
	})
}

// No user needs no password, and who gives none is not asked again and again.
func TestAnEmptyAnswerServesTooUntilTheConnectionIsClosed(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.User, p.AskPassword = "ana", true })
		h.Connect(id)
		synctest.Wait()
		h.Answer(id, "", false)
		synctest.Wait()
		if got := h.again(id); got != "" || len(h.SecretStatus().Held) != 0 {
			t.Errorf("%q, held %v", got, h.SecretStatus().Held)
		}
	})
}

// What is in memory is said, as long as it is there.
func TestATypedPasswordIsListedAsInMemory(t *testing.T) {
	inHouse(t, func(h *house) {
		id := asking(h)
		want := app.HeldSecret{Ref: app.SecretRef{Profile: id, Kind: app.SecretPassword}, Place: app.PlaceOpen}
		if held := h.SecretStatus().Held; len(held) != 1 || held[0] != want {
			t.Errorf("held %v, want %v", held, want)
		}
		if p := h.SecretPlace(want.Ref); p != app.PlaceNone {
			t.Errorf("kept %v, want nowhere", p)
		}
		h.CloseWorkspace(id)
		synctest.Wait()
		if held := h.SecretStatus().Held; len(held) != 0 {
			t.Errorf("held %v after it was closed", held)
		}
	})
}

// What was to be kept and could not be is typed once too.
func TestAPasswordThatCouldNotBeKeptServesUntilTheConnectionIsClosed(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.User, p.AskPassword = "ana", true })
		h.keys.refused = map[app.SecretKind]error{app.SecretPassword: &app.Error{What: app.Say("secrets.unavailable")}}
		h.Connect(id)
		synctest.Wait()
		h.Answer(id, "lemon", true)
		synctest.Wait()
		if got := h.again(id); got != "lemon" {
			t.Errorf("%s, want the one that was typed", got)
		}
	})
}
