package desk_test

import (
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// A copy is the same user at the same broker: it connects as its original does.
func TestACopyHasTheSecretsOfItsOriginal(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
		h.keep(id, app.SecretKey, "pem")
		synctest.Wait()
		unlock := h.keys.lock() // the keyring waits for a person
		copied := h.Duplicate(id)
		h.Connect(copied)
		synctest.Wait()
		if !must(h.Profile(copied)).AskPassword || h.Question() != nil {
			t.Errorf("asked %+v before the copy has its password", h.Question())
		}
		unlock()
		synctest.Wait()
		if h.kept(copied, app.SecretPassword) != "lemon" || h.kept(copied, app.SecretKey) != "pem" || must(h.Profile(copied)).AskPassword {
			t.Errorf("kept %v", h.keys.kept)
		}
		if a := h.broker.Attempts(); len(a) != 1 || a[0].Password != "lemon" || h.kept(id, app.SecretPassword) != "lemon" {
			t.Errorf("attempts %+v, asked %+v", a, h.Question())
		}
	})
}

func TestACopyOfSecretsInALockedVaultAsksForIt(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase = "sesame"
		h.vault.inside = map[app.SecretRef]app.Secret{passwordOf(id): "lemon", keyOf(id): "pem"}
		first := h.Duplicate(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_copy")
		h.DeclineVault()
		if n := h.Notices(); len(n) != 2 || n[0].Err.What.Key != "secrets.not_copied" || !n[0].Calm {
			t.Errorf("notices %+v", n)
		}
		h.Connect(first)
		synctest.Wait()
		if q := h.Question(); q == nil || q.ProfileID != first {
			t.Errorf("asked %+v", q)
		}
		h.CancelQuestion(first)
		second := h.Duplicate(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_copy")
		h.give("", "sesame")
		synctest.Wait()
		if h.vault.inside[passwordOf(second)] != "lemon" || h.vault.inside[keyOf(second)] != "pem" || must(h.Profile(second)).AskPassword {
			t.Errorf("in the vault %v", h.vault.inside)
		}
		h.Connect(second)
		synctest.Wait()
		if h.state(second) != session.Connected {
			t.Errorf("%v, asked %+v", h.state(second), h.Question())
		}
	}, vaulted)
}

// A copy that is deleted while the vault is asked for gets no secrets, which
// nobody would forget.
func TestACopyThatIsGoneGetsNoSecrets(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase = "sesame"
		h.vault.inside[passwordOf(id)] = "lemon"
		copied := h.Duplicate(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_copy")
		h.DeleteProfile(copied)
		synctest.Wait()
		h.give("", "sesame")
		synctest.Wait()
		if len(h.vault.inside) != 1 {
			t.Errorf("in the vault %v", h.vault.inside)
		}
	}, vaulted)
}
