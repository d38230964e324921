package desk_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// A person who has forgotten the passphrase hears what is lost, can go back,
// and gets on with a new vault; what was lost is asked for.
func TestAForgottenPassphraseIsNoDeadEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase = "sesame"
		h.vault.inside = map[app.SecretRef]app.Secret{passwordOf(id): "lemon", keyOf(id): "pem", keyOf("deleted"): "pem"}
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.AskVault(desk.VaultRetire)
		h.prompted(desk.VaultRetire, "secrets.vault.why_connect")
		lost := h.VaultPrompt().Lost
		if len(lost) != 2 || !slices.ContainsFunc(lost, func(l desk.Lost) bool { return l.Name == "" }) ||
			!slices.ContainsFunc(lost, func(l desk.Lost) bool { return l.Name == must(h.Profile(id)).Name && len(l.Kinds) == 2 }) {
			t.Errorf("lost %+v", lost)
		}
		h.DeclineVault()
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.AskVault(desk.VaultRetire)
		h.give("", "")
		h.prompted(desk.VaultReplace, "secrets.vault.why_connect")
		h.give("", "anew")
		if !must(h.Profile(id)).AskPassword {
			t.Error("a password that is lost is not asked for")
		}
		if q := h.Question(); q == nil || q.Kind != app.SecretPassword {
			t.Fatalf("asked %+v", q)
		}
		h.Answer(id, "lemon", true)
		synctest.Wait()
		if h.state(id) != session.Connected || h.SecretPlace(passwordOf(id)) != app.PlaceVault || must(h.Profile(id)).AskPassword {
			t.Errorf("%v, the password is at %d", h.state(id), h.SecretPlace(passwordOf(id)))
		}
	}, vaulted)
}

// Of a vault that is open, nothing is lost.
func TestAnOpenVaultIsReplacedWithoutLoss(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase, h.vault.open = "sesame", true
		h.vault.inside[passwordOf(id)] = "lemon"
		h.AskVault(desk.VaultChange)
		h.AskVault(desk.VaultRetire)
		if p := h.VaultPrompt(); !p.Open || len(p.Lost) != 0 {
			t.Errorf("prompt %+v", p)
		}
		h.give("", "")
		h.give("", "anew")
		if h.SecretPlace(passwordOf(id)) != app.PlaceVault || must(h.Profile(id)).AskPassword || h.VaultPrompt() != nil || h.vault.passphrase != "anew" {
			t.Errorf("the password is at %d, asked %+v", h.SecretPlace(passwordOf(id)), h.VaultPrompt())
		}
	}, vaulted)
}

// Who agrees to a new vault and then gives it no passphrase keeps the old one,
// with all that is in it.
func TestAVaultStaysUntilTheNextHasItsPassphrase(t *testing.T) {
	for name, from := range map[string]desk.VaultTask{"from the change of the passphrase": desk.VaultChange, "from the page of secrets": 0} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				id := h.add(withUser)
				h.vault.passphrase, h.vault.open = "sesame", true
				h.vault.inside[passwordOf(id)] = "lemon"
				if from != 0 {
					h.AskVault(from)
				}
				h.AskVault(desk.VaultRetire)
				h.give("", "")
				h.prompted(desk.VaultReplace, "")
				h.GivePassphrase("", "anew")
				h.StopPassphrase()
				synctest.Wait()
				h.DeclineVault()
				synctest.Wait()
				if p := h.VaultPrompt(); from == 0 && p != nil || from != 0 && (p == nil || p.Task != from) {
					t.Errorf("asked %+v", p)
				}
				if h.vault.passphrase != "sesame" || h.SecretPlace(passwordOf(id)) != app.PlaceVault || len(h.vault.memory) != 0 || len(h.Notices()) != 0 {
					t.Errorf("the password is at %d, notices %+v", h.SecretPlace(passwordOf(id)), h.Notices())
				}
			}, vaulted)
		})
	}
}

// A vault that turns out to be damaged has been set aside: no passphrase opens
// it, so the next thing to do is to make one.
func TestADamagedVaultLeadsToANewOne(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase, h.vault.damaged = "sesame", true
		h.vault.inside[passwordOf(id)] = "lemon"
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.give("", "sesame")
		h.prompted(desk.VaultCreate, "secrets.vault.why_anew")
		if p := h.VaultPrompt(); p.Err == nil || p.Err.What.Key != "secrets.vault.damaged" {
			t.Errorf("prompt %+v", p)
		}
		h.give("", "anew")
		if q := h.Question(); q == nil || q.Kind != app.SecretPassword {
			t.Errorf("asked %+v, connected %v without the password", q, h.state(id))
		}
	}, vaulted)
}
