package desk_test

import (
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/moving"
)

const token = "access_token=geheim"

func overWeb(path string) func(*app.Profile) {
	return func(p *app.Profile) { p.Link.Transport, p.Link.Path = app.TransportWS, path }
}

// path returns what the newest attempt to connect asked for.
func (h *house) path() string {
	h.Helper()
	a := h.broker.Attempts()
	if len(a) == 0 {
		h.Fatalf("no attempt, asked %+v", h.Question())
	}
	return a[len(a)-1].Link.Path
}

func TestTheQueryOfAnAddressReachesNoFile(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(overWeb("/mqtt?" + token))
		for where, p := range map[string]app.Profile{"file": must(h.files.get(id)), "profile": must(h.Profile(id))} {
			if p.Link.Path != "/mqtt" || !p.Link.SecretQuery {
				t.Errorf("%s: %+v", where, p.Link)
			}
		}
		form := must(h.Profile(id))
		form.Notes = "changed"
		h.SaveProfile(form, nil)
		h.Connect(id)
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token || h.kept(id, app.SecretQuery) != token {
			t.Errorf("asked for %s", got)
		}
		copied := h.Duplicate(id)
		h.Connect(copied)
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token || len(h.broker.Attempts()) != 2 {
			t.Errorf("the copy asked for %s", got)
		}
		form.Link.SecretQuery = false
		h.SaveProfile(form, nil)
		synctest.Wait()
		if h.kept(id, app.SecretQuery) != "" {
			t.Error("a query that the address has no more is kept")
		}
	})
}

func TestAQueryThatIsNotKeptIsAskedFor(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { overWeb("/mqtt")(p); p.Link.SecretQuery = true })
		h.Connect(id)
		synctest.Wait()
		if q := h.Question(); q == nil || q.Kind != app.SecretQuery || len(h.broker.Attempts()) != 0 {
			t.Fatalf("asked %+v", q)
		}
		h.Answer(id, "?"+token, true)
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token {
			t.Errorf("asked for %s", got)
		}
	})
}

// inClear leaves the file of an older program, with a token in it.
func inClear(h *house) {
	p := app.DefaultProfile()
	p.ID, p.Name, p.Host = "old", "Old", "broker"
	overWeb("/mqtt?" + token)(&p)
	h.files.files[p.ID] = p
}

func (h *house) clean() bool { return must(h.files.get("old")).Link.Path == "/mqtt" }

func TestAQueryInClearGoesToTheKeyring(t *testing.T) {
	inHouse(t, func(h *house) {
		if !h.clean() || h.kept("old", app.SecretQuery) != token {
			t.Errorf("the file has %+v", must(h.files.get("old")).Link)
		}
		h.Connect("old")
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token {
			t.Errorf("asked for %s", got)
		}
	}, inClear)
}

// As long as the keyring has not taken it, the file is the only place of the
// query, whatever else is saved.
func TestAQueryInClearIsNotLostOnItsWay(t *testing.T) {
	var unlock func()
	inHouse(t, func(h *house) {
		p := must(h.Profile("old"))
		p.Notes = "changed"
		h.SaveProfile(p, nil)
		synctest.Wait()
		if h.clean() {
			t.Error("the token is nowhere")
		}
		unlock()
		synctest.Wait()
		if got := must(h.files.get("old")); !h.clean() || got.Notes != "changed" || h.kept("old", app.SecretQuery) != token {
			t.Errorf("the file has %+v", got)
		}
	}, inClear, func(h *house) { unlock = h.keys.lock() })
}

// Where nothing keeps it, the file stays until it is saved; then the vault is
// offered.
func TestAQueryInClearStaysWhereNothingKeepsIt(t *testing.T) {
	inHouse(t, func(h *house) {
		h.Connect("old")
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token || h.clean() || h.VaultPrompt() != nil {
			t.Errorf("asked for %s, the file is clean: %t", got, h.clean())
		}
		p := must(h.Profile("old"))
		p.Notes = "changed"
		h.SaveProfile(p, nil)
		h.prompted(desk.VaultCreate, "secrets.vault.why_keep")
		if !h.clean() {
			t.Error("the token is still in the file")
		}
		h.give("", "sesame")
		synctest.Wait()
		if h.vault.inside[app.SecretRef{Profile: "old", Kind: app.SecretQuery}] != token {
			t.Error("the vault has it not")
		}
	}, vaulted, inClear)
}

// A token in the address is all that is secret of some connections: it is
// copied as a password is, when a person wants it.
func TestAQueryIsCopiedWhenItIsWanted(t *testing.T) {
	atMoving(t, nil, func(h *house, m *desk.Moving, _ *fakeMover) {
		id := h.add(overWeb("/mqtt?" + token))
		text := func(with bool) string {
			s, err := m.Snippet(id, moving.SnippetURL, with)
			if err != nil {
				t.Error(err)
			}
			return s.Text
		}
		m.FetchSecrets(id)
		synctest.Wait()
		if with, without := text(true), text(false); with != "test "+token || without != "test " || !m.Copying().Kept {
			t.Errorf("with %q, without %q", with, without)
		}
	})
}
