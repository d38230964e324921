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

const (
	certPEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
	keyPEM  = "-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n"
)

// inHand is what people write into a file of a connection, or older programs
// did: a profile with it, the secret, and whether a file is rid of it.
var inHand = map[string]struct {
	kind   app.SecretKind
	write  func(*app.Profile)
	secret app.Secret
	clean  func(app.Profile) bool
}{
	"the query of an address": {
		app.SecretQuery, overWeb("/mqtt?" + token), token,
		func(p app.Profile) bool { return p.Link.Path == "/mqtt" && p.Link.SecretQuery },
	},
	"a secret header": {
		app.SecretHeaders, func(p *app.Profile) {
			overWeb("/")(p)
			p.Link.Headers = []app.Header{{Name: "X-A", Value: "a"}, {Name: "Authorization", Value: "geheim", Secret: true}}
		}, `[{"name":"Authorization","value":"geheim"}]`,
		func(p app.Profile) bool { return p.Link.Headers[0].Value == "a" && p.Link.Headers[1].Value == "" },
	},
	"a key beside its certificate": {
		app.SecretKey, func(p *app.Profile) { p.TLS = true; p.Security.Certificate.PEM = certPEM + keyPEM }, keyPEM,
		func(p app.Profile) bool { return p.Security.Certificate.PEM == certPEM && p.Security.Key.PEM == "" },
	},
	"a key": {
		app.SecretKey, func(p *app.Profile) { p.TLS = true; p.Security.Key.PEM = keyPEM }, keyPEM,
		func(p app.Profile) bool { return p.Security.Key.PEM == "" },
	},
}

// eachInHand runs f for each of them, with a file that holds it.
func eachInHand(t *testing.T, f func(h *house, kind app.SecretKind, secret app.Secret, clean func() bool), prepare ...func(*house)) {
	t.Helper()
	for name, c := range inHand {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				f(h, c.kind, c.secret, func() bool { return c.clean(must(h.files.get("old"))) })
			}, append(prepare, func(h *house) {
				p := app.DefaultProfile()
				p.ID, p.Name, p.Host = "old", "Old", "broker"
				c.write(&p)
				h.files.files[p.ID] = p
			})...)
		})
	}
}

// note saves the profile as its form does when something else has changed.
func (h *house) note(text string) {
	p := must(h.Profile("old"))
	p.Notes = text
	h.SaveProfile(p, nil)
	synctest.Wait()
	if got := must(h.files.get("old")).Notes; got != text {
		h.Errorf("the note is %q: nothing is saved any more", got)
	}
}

func TestWhatAFileHasInClearGoesToTheKeyring(t *testing.T) {
	eachInHand(t, func(h *house, kind app.SecretKind, secret app.Secret, clean func() bool) {
		if !clean() || h.kept("old", kind) != secret || len(h.Notices()) > 0 {
			h.Errorf("the file has %+v, kept is %q, told %v", must(h.files.get("old")), h.kept("old", kind).Reveal(), h.Notices())
		}
		if _, ok := h.Profile("old"); !ok {
			h.Error("the profile is lost")
		}
		h.note("changed")
	})
}

func TestAQueryInClearIsSent(t *testing.T) {
	inHouse(t, func(h *house) {
		h.Connect("old")
		synctest.Wait()
		if got := h.path(); got != "/mqtt?"+token {
			t.Errorf("asked for %s", got)
		}
	}, func(h *house) {
		p := app.DefaultProfile()
		p.ID, p.Name, p.Host = "old", "Old", "broker"
		overWeb("/mqtt?" + token)(&p)
		h.files.files[p.ID] = p
	})
}

// As long as the keyring has not taken it, the file is the only place of a
// secret, whatever else is saved.
func TestWhatAFileHasInClearIsNotLostOnItsWay(t *testing.T) {
	var unlock func()
	eachInHand(t, func(h *house, kind app.SecretKind, secret app.Secret, clean func() bool) {
		h.note("changed")
		if clean() {
			h.Error("the secret is nowhere")
		}
		unlock()
		synctest.Wait()
		if got := must(h.files.get("old")); !clean() || got.Notes != "changed" || h.kept("old", kind) != secret {
			h.Errorf("the file has %+v", got)
		}
	}, func(h *house) { unlock = h.keys.lock() })
}

// Where nothing keeps it, it stays in the file, the person is told at once, and
// one click on what is said mends it.
func TestWhatAFileHasInClearStaysUntilThereIsAVault(t *testing.T) {
	eachInHand(t, func(h *house, kind app.SecretKind, secret app.Secret, clean func() bool) {
		told := h.Notices()
		if len(told) != 1 || told[0].Err.What.Key != "secrets.in_clear" || told[0].Vault != desk.VaultCreate || h.VaultPrompt() != nil {
			h.Fatalf("told %+v, asked %+v", told, h.VaultPrompt())
		}
		h.note("changed")
		if clean() {
			h.Error("the secret is in memory only")
		}
		h.AskVault(told[0].Vault)
		h.give("", "sesame")
		synctest.Wait()
		ref := app.SecretRef{Profile: "old", Kind: kind}
		if !clean() || h.vault.inside[ref] != secret || len(h.Notices()) > 0 {
			h.Errorf("the file has %+v, told %v", must(h.files.get("old")), h.Notices())
		}
		h.note("again")
		if !clean() {
			h.Error("it came back")
		}
	}, vaulted)
}

// What a person writes into the form goes before what the file held.
func TestTheFormDecidesAboutWhatWasInClear(t *testing.T) {
	eachInHand(t, func(h *house, kind app.SecretKind, _ app.Secret, clean func() bool) {
		h.SaveProfile(must(h.Profile("old")), []desk.SecretChange{{Kind: kind, Value: "", Remember: kind != app.SecretHeaders}})
		synctest.Wait()
		if !clean() || len(h.Notices()) > 0 {
			h.Errorf("the file has %+v, told %v", must(h.files.get("old")), h.Notices())
		}
	}, vaulted)
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
