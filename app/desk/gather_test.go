package desk_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// elaborate is a profile that needs a secret of every kind.
func elaborate(p *app.Profile) {
	p.User, p.TLS = "ana", true
	p.Security.Certificate.PEM = "-----BEGIN CERTIFICATE-----"
	p.Link.Transport = app.TransportWS
	p.Link.Proxy = app.Proxy{Kind: app.ProxySOCKS5, Host: "proxy", Port: 1080, User: "bob"}
	p.Link.Headers = []app.Header{{Name: "X-Plain", Value: "open"}, {Name: "X-Key", Secret: true}, {Name: "X-Token", Secret: true}}
}

func (h *house) keep(id string, kind app.SecretKind, value app.Secret) {
	h.Helper()
	if _, err := h.keys.Set(h.Context(), app.SecretRef{Profile: id, Kind: kind}, value); err != nil {
		h.Fatal(err)
	}
}

// kept returns what the store holds.
func (h *house) kept(id string, kind app.SecretKind) app.Secret {
	return h.keys.of(app.SecretRef{Profile: id, Kind: kind})
}

func (h *house) values() []string {
	var list []string
	a := h.broker.Attempts()
	for _, header := range a[len(a)-1].Link.Headers {
		list = append(list, header.Value)
	}
	return list
}

func TestAConnectionGetsEverySecretItNeeds(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(elaborate)
		for _, kind := range app.SecretKinds() {
			h.keep(id, kind, app.Secret("geheim "+kind.Text().Key))
		}
		_, values := app.TakeHeaders([]app.Header{{Name: "X-Key", Value: "1", Secret: true}, {Name: "X-Token", Value: "2", Secret: true}})
		h.keep(id, app.SecretHeaders, values)
		h.Connect(id)
		synctest.Wait()
		a := h.broker.Attempts()
		if len(a) != 1 {
			t.Fatalf("%d attempts, asked %+v", len(a), h.Question())
		}
		if a[0].Password != "geheim secrets.of.password" || a[0].ClientKey != "geheim secrets.of.key" ||
			a[0].KeyPassphrase != "geheim secrets.of.key_passphrase" || a[0].ProxyPassword != "geheim secrets.of.proxy_password" {
			t.Errorf("options %s %s", a[0].Password.Reveal(), a[0].ClientKey.Reveal())
		}
		if !reflect.DeepEqual(h.values(), []string{"open", "1", "2"}) {
			t.Errorf("headers %q", h.values())
		}
	})
}

func TestAConnectionThatNeedsNoSecretAsksNobody(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.Link.Headers = []app.Header{{Name: "X", Secret: true}} }) // of no WebSocket
		defer h.keys.lock()()
		h.Connect(id)
		synctest.Wait()
		if s := h.state(id); s != session.Connected {
			t.Errorf("%v, want connected", s)
		}
	})
}

func TestWhatIsMissingIsAskedForOneByOne(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { elaborate(p); p.TLS = false; p.AskPassword = true })
		h.Connect(id)
		for _, step := range []struct {
			kind         app.SecretKind
			user, header string
			answer       app.Secret
			remember     bool
		}{
			{app.SecretPassword, "ana", "", "lemon", false},
			{app.SecretProxyPassword, "bob", "", "melon", true},
			{app.SecretHeaders, "ana", "X-Key", "1", true},
			{app.SecretHeaders, "ana", "X-Token", "2", true},
		} {
			synctest.Wait()
			q := h.Question()
			if q == nil || q.Kind != step.kind || q.User != step.user || q.Header != step.header || q.Why.IsZero() {
				t.Fatalf("asked %+v, want %+v", q, step)
			}
			if (q.Proxy == "socks5://proxy:1080") != (q.Kind == app.SecretProxyPassword) {
				t.Errorf("the question about the %s names the proxy %q", q.Kind.Text().Key, q.Proxy)
			}
			if len(h.broker.Attempts()) != 0 {
				t.Fatal("connected before everything was there")
			}
			h.Answer(id, step.answer, step.remember)
		}
		synctest.Wait()
		a := h.broker.Attempts()
		if len(a) != 1 || a[0].Password != "lemon" || a[0].ProxyPassword != "melon" || !reflect.DeepEqual(h.values(), []string{"open", "1", "2"}) {
			t.Fatalf("attempts %+v", a)
		}
		if h.kept(id, app.SecretPassword) != "" || h.kept(id, app.SecretProxyPassword) != "melon" {
			t.Error("kept the wrong ones")
		}
		h.CloseWorkspace(id)
		h.Connect(id)
		synctest.Wait()
		if q := h.Question(); q == nil || q.Kind != app.SecretPassword {
			t.Fatalf("asked %+v", q)
		}
		h.Answer(id, "lemon", false)
		synctest.Wait()
		if !reflect.DeepEqual(h.values(), []string{"open", "1", "2"}) {
			t.Errorf("remembered %q", h.values())
		}
	})
}

func TestAHeaderWithoutAnAnswerIsAskedForOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) {
			p.Link.Transport, p.Link.Headers = app.TransportWS, []app.Header{{Name: "X", Secret: true}}
		})
		h.Connect(id)
		synctest.Wait()
		h.Answer(id, "", false)
		synctest.Wait()
		if s := h.state(id); s != session.Connected || h.Question() != nil {
			t.Errorf("%v, asked %+v", s, h.Question())
		}
	})
}

// An encrypted key in an old form (RFC 1421): reading it needs the passphrase.
const encryptedKey = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-128-CBC,00000000000000000000000000000000

AAAAAAAAAAAAAAAAAAAAAA==
-----END RSA PRIVATE KEY-----
`

func TestAnEncryptedKeyAsksForItsPassphrase(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.TLS = true })
		h.keep(id, app.SecretKey, encryptedKey)
		h.Connect(id)
		synctest.Wait()
		if q := h.Question(); q == nil || q.Kind != app.SecretKeyPassphrase {
			t.Fatalf("asked %+v", q)
		}
		h.Answer(id, "open", true)
		synctest.Wait()
		if a := h.broker.Attempts(); len(a) != 1 || a[0].KeyPassphrase != "open" || h.kept(id, app.SecretKeyPassphrase) != "open" {
			t.Errorf("attempts %+v", a)
		}
	})
}

// A keyring that cannot be read is no reason to ask for the passphrase of a key
// that is not there.
func TestNoKeyNeedsNoPassphrase(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.TLS, p.Security.Certificate.File = true, "../certs/testdata/ec.crt" })
		h.Connect(id)
		synctest.Wait()
		if q := h.Question(); q != nil || len(h.broker.Attempts()) != 1 {
			t.Errorf("asked %+v", q)
		}
	}, vaulted, func(h *house) { h.vault.lost = app.SecretKeyPassphrase })
}

// What a person gives without letting it be remembered serves for this run.
func TestAPasswordForThisRunIsUsed(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon"}})
		h.Connect(id)
		synctest.Wait()
		if a := h.broker.Attempts(); len(a) != 1 || a[0].Password != "lemon" {
			t.Errorf("attempts %+v, asked %+v", a, h.Question())
		}
		if !must(h.Profile(id)).AskPassword {
			t.Error("the next run will not ask for it")
		}
	})
}

func TestTheValuesOfSecretHeadersReachNoFile(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) {
			p.Link.Headers = []app.Header{{Name: "A", Value: "geheim1", Secret: true}, {Name: "B", Value: "geheim2", Secret: true}}
		})
		in := func(where string, headers []app.Header) {
			for _, header := range headers {
				if header.Value != "" {
					t.Errorf("%s: %s has its value", where, header.Name)
				}
			}
		}
		in("file", must(h.files.get(id)).Link.Headers)
		in("profile", must(h.Profile(id)).Link.Headers)
		form := must(h.Profile(id))
		form.Link.Headers = []app.Header{{Name: "B", Secret: true}, {Name: "C", Value: "geheim3", Secret: true}}
		h.SaveProfile(form, nil)
		synctest.Wait()
		in("changed file", must(h.files.get(id)).Link.Headers)
		kept := h.kept(id, app.SecretHeaders)
		if full, missing := app.FillHeaders(form.Link.Headers, kept); missing >= 0 || full[0].Value != "geheim2" || full[1].Value != "geheim3" {
			t.Errorf("kept %s", kept.Reveal())
		}
		if strings.Contains(kept.Reveal(), "geheim1") {
			t.Error("the value of a header that is gone is kept")
		}
		form.Link.Headers = nil
		h.SaveProfile(form, nil)
		synctest.Wait()
		if h.kept(id, app.SecretHeaders) != "" {
			t.Error("the values outlive their headers")
		}
	})
}

// The values of secret headers go to nobody whom they were not given for: they
// are forgotten when the profile goes elsewhere, and asked for.
func TestSecretHeadersDoNotStray(t *testing.T) {
	elsewhere := func(p *app.Profile) { p.Host = "elsewhere" }
	for _, tt := range []struct {
		name   string
		change func(*app.Profile)
		kept   string
	}{
		{"nothing", func(*app.Profile) {}, "geheim 42"},
		{"another port", func(p *app.Profile) { p.Port++ }, "geheim 42"},
		{"another host", elsewhere, " "},
		{"another user", withUser, " "},
		{"no TLS", func(p *app.Profile) { p.TLS = false }, " "},
		{"any certificate", func(p *app.Profile) { p.Security.SkipVerify = true }, " "},
		{"over TCP meanwhile", func(p *app.Profile) { elsewhere(p); p.Link.Transport = app.TransportTCP }, " "},
		{"one typed again", func(p *app.Profile) { elsewhere(p); p.Link.Headers[0].Value = "new" }, "new "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(func(p *app.Profile) {
					p.TLS, p.Link.Transport = true, app.TransportWS
					p.Link.Headers = []app.Header{{Name: "Authorization", Value: "geheim", Secret: true}, {Name: "X-Key", Value: "42", Secret: true}}
				})
				p := must(h.Profile(id))
				p.Link.Headers = slices.Clone(p.Link.Headers)
				tt.change(&p)
				h.SaveProfile(p, nil)
				h.Connect(id)
				synctest.Wait()
				full, missing := app.FillHeaders(must(h.Profile(id)).Link.Headers, h.kept(id, app.SecretHeaders))
				if got := full[0].Value + " " + full[1].Value; got != tt.kept {
					t.Errorf("kept %q, want %q", got, tt.kept)
				}
				asks := missing >= 0 && p.Link.Transport == app.TransportWS
				if q := h.Question(); (q != nil && q.Kind == app.SecretHeaders) != asks || len(h.broker.Attempts()) > 0 == asks {
					t.Errorf("asked %+v, %d attempts", q, len(h.broker.Attempts()))
				}
			})
		})
	}
}

// What the secret store hands out late goes to nobody whom a person has named
// since.
func TestSecretsThatComeLateDoNotStray(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.keep(id, app.SecretPassword, "lemon")
		unlock := h.keys.lock()
		h.Connect(id)
		synctest.Wait()
		p := must(h.Profile(id))
		p.Host = "elsewhere"
		h.SaveProfile(p, []desk.SecretChange{{Kind: app.SecretPassword}}) // as the form says
		unlock()
		synctest.Wait()
		if q := h.Question(); q == nil || q.Kind != app.SecretPassword || len(h.broker.Attempts()) > 0 {
			t.Fatalf("asked %+v, attempts %+v", q, h.broker.Attempts())
		}
		h.Answer(id, "melon", false)
		synctest.Wait()
		if a := h.broker.Attempts(); len(a) != 1 || a[0].Host != "elsewhere" || a[0].Password != "melon" {
			t.Errorf("attempts %+v", a)
		}
	})
}

func TestChangesOfSecrets(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(plain)
		p := must(h.Profile(id))
		h.SaveProfile(p, []desk.SecretChange{
			{Kind: app.SecretPassword, Value: "1", Remember: true}, {Kind: app.SecretKey, Value: "2", Remember: true},
			{Kind: app.SecretKeyPassphrase, Value: "3", Remember: true},
		})
		synctest.Wait()
		h.SaveProfile(p, []desk.SecretChange{{Kind: app.SecretKey}, {Kind: app.SecretPassword}})
		synctest.Wait()
		if h.kept(id, app.SecretPassword) != "" || h.kept(id, app.SecretKey) != "" || h.kept(id, app.SecretKeyPassphrase) != "3" {
			t.Error("the wrong ones were forgotten")
		}
		if h.SecretPlace(app.SecretRef{Profile: id, Kind: app.SecretKeyPassphrase}) != app.PlaceKeyring ||
			h.SecretPlace(app.SecretRef{Profile: id, Kind: app.SecretKey}) != app.PlaceNone {
			t.Error("the places are wrong")
		}
		h.DeleteProfile(id)
		synctest.Wait()
		h.ForgetDeleted()
		synctest.Wait()
		if h.kept(id, app.SecretKeyPassphrase) != "" {
			t.Error("a secret outlives its profile")
		}
	})
}
