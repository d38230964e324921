package desk_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tidings/app"
	"tidings/app/desk"
	"tidings/app/session"
)

// vaultStore is a secret store without a keyring: what it keeps lies in a
// vault, or in memory while that is not open.
type vaultStore struct {
	*slowKeyring
	lock       sync.Mutex
	passphrase app.Secret
	inside     map[app.SecretRef]app.Secret
	memory     map[app.SecretRef]app.Secret
	open       bool
	damaged    bool
	tries      int
	lost       app.SecretKind // of which nobody knows where it is: the keyring would have to say
}

var errLocked = errors.New("locked")

// scryptTime is what a passphrase takes to be tried.
const scryptTime = time.Second

func vaulted(h *house) {
	h.vault = &vaultStore{
		slowKeyring: h.keys, inside: map[app.SecretRef]app.Secret{}, memory: map[app.SecretRef]app.Secret{},
	}
	h.keys.broken = errors.New("no keyring")
}

func (v *vaultStore) Get(_ context.Context, ref app.SecretRef) (app.Secret, bool, error) {
	v.lock.Lock()
	defer v.lock.Unlock()
	if s, ok := v.memory[ref]; ok {
		return s, true, nil
	}
	s, ok := v.inside[ref]
	if ok && !v.open {
		return "", false, errLocked
	}
	if !ok && ref.Kind == v.lost {
		return "", false, v.broken
	}
	return s, ok, nil
}

func (v *vaultStore) Set(_ context.Context, ref app.SecretRef, s app.Secret) (app.SecretPlace, error) {
	v.lock.Lock()
	defer v.lock.Unlock()
	if v.open {
		v.inside[ref] = s
		return app.PlaceVault, nil
	}
	v.memory[ref] = s
	return app.PlaceSession, nil
}

func (v *vaultStore) Status() (s app.SecretStatus) {
	v.lock.Lock()
	defer v.lock.Unlock()
	s.KeyringAsked, s.KeyringError = true, &app.Error{What: app.Say("secrets.unavailable")}
	switch {
	case v.open:
		s.Vault = app.VaultUnlocked
	case v.passphrase != "":
		s.Vault = app.VaultLocked
	}
	for ref := range v.inside {
		s.Held = append(s.Held, app.HeldSecret{Ref: ref, Place: app.PlaceVault})
	}
	for ref := range v.memory {
		s.Held = append(s.Held, app.HeldSecret{Ref: ref, Place: app.PlaceSession})
	}
	return s
}

// try takes its time, as scrypt does.
func (v *vaultStore) try(ctx context.Context, right bool, then func()) error {
	select {
	case <-time.After(scryptTime):
	case <-ctx.Done():
		return ctx.Err()
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	if v.tries++; v.damaged {
		v.damaged, v.passphrase = false, ""
		clear(v.inside)
		return &app.Error{What: app.Say("secrets.vault.damaged", "File", "vault", "Aside", "vault.broken-1")}
	}
	if !right {
		return &app.Error{What: app.Say("secrets.passphrase.wrong")}
	}
	then()
	v.open = true
	maps.Copy(v.inside, v.memory)
	clear(v.memory)
	return nil
}

func (v *vaultStore) CreateVault(ctx context.Context, p app.Secret) error {
	return v.try(ctx, true, func() { v.passphrase = p })
}

func (v *vaultStore) UnlockVault(ctx context.Context, p app.Secret) error {
	return v.try(ctx, p == v.passphrase, func() {})
}

func (v *vaultStore) ChangePassphrase(ctx context.Context, old, p app.Secret) error {
	return v.try(ctx, old == v.passphrase, func() { v.passphrase = p })
}

func (v *vaultStore) ReplaceVault(ctx context.Context, p app.Secret) error {
	return v.try(ctx, true, func() {
		if v.passphrase = p; !v.open {
			clear(v.inside)
		}
	})
}

func (v *vaultStore) LockVault() {
	v.lock.Lock()
	defer v.lock.Unlock()
	v.open = false
}

// give answers the prompt and waits until it has been tried.
func (h *house) give(old, passphrase app.Secret) {
	h.GivePassphrase(old, passphrase)
	time.Sleep(2 * scryptTime)
	synctest.Wait()
}

// prompted checks what the desk asks about the vault.
func (h *house) prompted(task desk.VaultTask, why string) {
	h.Helper()
	synctest.Wait()
	if p := h.VaultPrompt(); p == nil || p.Task != task || p.Why.Key != why {
		h.Fatalf("asked %+v, want %d because of %q", p, task, why)
	}
}

func keyOf(id string) app.SecretRef      { return app.SecretRef{Profile: id, Kind: app.SecretKey} }
func passwordOf(id string) app.SecretRef { return app.SecretRef{Profile: id, Kind: app.SecretPassword} }

func TestSavingAPrivateKeyAsksForAVault(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.TLS = true })
		changes := []desk.SecretChange{{Kind: app.SecretKey, Value: "pem", Remember: true}, {Kind: app.SecretPassword, Value: "lemon", Remember: true}}
		h.SaveProfile(must(h.Profile(id)), changes)
		h.prompted(desk.VaultCreate, "secrets.vault.why_keep")
		if h.SecretPlace(keyOf(id)) != app.PlaceSession || !must(h.Profile(id)).AskPassword {
			t.Error("until there is a vault, the secrets are in memory, and the next start asks")
		}
		h.give("", "sesame")
		if h.VaultPrompt() != nil || h.SecretPlace(keyOf(id)) != app.PlaceVault || must(h.Profile(id)).AskPassword || len(h.Notices()) != 0 {
			t.Errorf("asks %+v, key at %d, notices %d", h.VaultPrompt(), h.SecretPlace(keyOf(id)), len(h.Notices()))
		}
	}, vaulted)
}

func TestNotNowKeepsTheSecretForThisRunAndSaysSo(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.SaveProfile(must(h.Profile(id)), []desk.SecretChange{{Kind: app.SecretPassword, Value: "lemon", Remember: true}})
		h.prompted(desk.VaultCreate, "secrets.vault.why_keep")
		h.DeclineVault()
		if n := h.Notices(); len(n) != 1 || n[0].Err.What.Key != "secrets.this_run" || !n[0].Calm || n[0].Vault != desk.VaultCreate {
			t.Errorf("notices %+v", n)
		}
		h.Connect(id)
		synctest.Wait()
		if a := h.broker.Attempts(); len(a) != 1 || a[0].Password != "lemon" {
			t.Errorf("attempts %+v", a)
		}
		h.AskVault(desk.VaultCreate)
		h.give("", "sesame")
		if n := h.Notices(); len(n) != 0 || h.SecretPlace(passwordOf(id)) != app.PlaceVault {
			t.Errorf("with the vault: %+v, the password is at %d", n, h.SecretPlace(passwordOf(id)))
		}
	}, vaulted)
}

func TestConnectingUnlocksTheVault(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.TLS, p.User = true, "ana" })
		h.vault.passphrase = "sesame"
		h.vault.inside = map[app.SecretRef]app.Secret{keyOf(id): "pem", passwordOf(id): "lemon"}
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.give("", "sesam")
		if p := h.VaultPrompt(); p == nil || p.Busy || p.Err == nil || p.Err.What.Key != "secrets.passphrase.wrong" || len(h.broker.Attempts()) != 0 {
			t.Fatalf("a wrong passphrase: %+v", p)
		}
		h.give("", "sesame")
		if a := h.broker.Attempts(); len(a) != 1 || a[0].ClientKey != "pem" || a[0].Password != "lemon" {
			t.Errorf("attempts %+v, asked %+v", a, h.Question())
		}
	}, vaulted)
}

func TestWithoutTheVaultAPasswordIsAskedForAndAKeyMissed(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		keyed := h.add(func(p *app.Profile) { p.Name, p.TLS = "keyed", true })
		h.vault.passphrase = "sesame"
		h.vault.inside = map[app.SecretRef]app.Secret{passwordOf(id): "lemon", keyOf(keyed): "pem"}
		h.Connect(id)
		h.Connect(keyed)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.DeclineVault()
		synctest.Wait()
		if q := h.Question(); q == nil || q.ProfileID != id || q.Why.Key != "password.vault_unavailable" {
			t.Fatalf("asked %+v", q)
		}
		if n := h.Notices(); len(n) != 1 || n[0].Err.What.Key != "secrets.key_unreadable" {
			t.Errorf("notices %+v", n)
		}
		h.Answer(id, "lemon", false)
		synctest.Wait()
		if h.state(id) != session.Connected || h.state(keyed) != session.Idle || h.VaultPrompt() != nil {
			t.Errorf("%v and %v, asked %+v", h.state(id), h.state(keyed), h.VaultPrompt())
		}
	}, vaulted)
}

func TestATryOfAPassphraseCanBeStopped(t *testing.T) {
	inHouse(t, func(h *house) {
		h.AskVault(desk.VaultCreate)
		h.GivePassphrase("", "sesame")
		h.GivePassphrase("", "twice")
		synctest.Wait()
		if p := h.VaultPrompt(); !p.Busy {
			t.Error("not said that it is tried")
		}
		h.StopPassphrase()
		synctest.Wait()
		if p := h.VaultPrompt(); p == nil || p.Busy || p.Err != nil || h.vault.tries != 0 {
			t.Errorf("stopped: %+v, %d tries", p, h.vault.tries)
		}
		h.GivePassphrase("", "sesame")
		h.DeclineVault()
		time.Sleep(2 * scryptTime)
		synctest.Wait()
		if h.VaultPrompt() != nil || h.SecretStatus().Vault != app.VaultNone {
			t.Error("a declined prompt made a vault")
		}
	}, vaulted)
}

func TestClosingAConnectionTakesItsPromptAlong(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase = "sesame"
		h.vault.inside[passwordOf(id)] = "lemon"
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.CloseWorkspace(id)
		synctest.Wait()
		if p := h.VaultPrompt(); p != nil {
			t.Errorf("asked %+v for a connection that is closed", p)
		}
		h.AskVault(desk.VaultChange)
		h.give("wrong", "new")
		h.give("sesame", "new")
		h.LockVault()
		if h.vault.passphrase != "new" || h.SecretStatus().Vault != app.VaultLocked {
			t.Errorf("the passphrase is %s", h.vault.passphrase.Reveal())
		}
	}, vaulted)
}

// At launch, the vault is not asked for before a person looks at a connection
// that needs it; one who wants to unlock it is not kept from it.
func TestALaunchAsksForTheVaultWhenLookedAt(t *testing.T) {
	for name, look := range map[string]func(*house, string){
		"attend":  (*house).attend,
		"connect": func(h *house, id string) { h.Connect(id) },
		"unlock":  func(h *house, _ string) { h.AskVault(desk.VaultUnlock) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				first, second := h.add(withUser), h.add(func(p *app.Profile) { p.User, p.Name = "bob", "second" })
				h.vault.passphrase = "sesame"
				h.vault.inside = map[app.SecretRef]app.Secret{passwordOf(first): "lemon", passwordOf(second): "lime"}
				h.Launch([]desk.OpenWorkspace{{ID: second, Connected: true}, {ID: first, Connected: true}})
				time.Sleep(launchTime)
				synctest.Wait()
				if p := h.VaultPrompt(); p != nil {
					t.Errorf("asked %+v at launch", p)
				}
				look(h, second)
				synctest.Wait()
				p := h.VaultPrompt()
				if p == nil || name != "unlock" && p.Why.Args["Name"] != "second" {
					t.Fatalf("asked %+v, and the second was looked at", p)
				}
				h.give("", "sesame")
				if h.state(first) != session.Connected || h.state(second) != session.Connected {
					t.Errorf("%v and %v with the vault open", h.state(first), h.state(second))
				}
			}, vaulted)
		})
	}
}

// Who asks to connect again while the vault is asked for is still asked.
func TestConnectingTwiceKeepsThePrompt(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(withUser)
		h.vault.passphrase = "sesame"
		h.vault.inside[passwordOf(id)] = "lemon"
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.Connect(id)
		h.prompted(desk.VaultUnlock, "secrets.vault.why_connect")
		h.give("", "sesame")
		if h.state(id) != session.Connected {
			t.Errorf("%v", h.state(id))
		}
	}, vaulted)
}

// A diagnosis needs the vault as connecting does, in front of its own dialog.
// A key in a locked vault is not one that is missing.
func TestADiagnosisAsksForTheVault(t *testing.T) {
	inHouse(t, func(h *house) {
		id := h.add(func(p *app.Profile) { p.TLS, p.Security.Certificate.PEM = true, "a certificate" })
		h.vault.passphrase = "sesame"
		h.vault.inside[keyOf(id)] = "pem"
		diagnose := func() {
			h.Diagnose(must(h.Profile(id)), nil, desk.Examine{})
			h.prompted(desk.VaultUnlock, "secrets.vault.why_diagnose")
		}
		diagnose()
		if !h.VaultPrompt().Ahead {
			t.Error("it waits behind the dialog that waits for it")
		}
		h.CancelDiagnosis()
		synctest.Wait()
		if h.VaultPrompt() != nil || h.Diagnosis().Report.Running {
			t.Error("asked for a diagnosis that is cancelled, or it goes on")
		}
		diagnose()
		h.DeclineVault()
		synctest.Wait()
		if what, _ := h.Diagnosis().Report.Conclusion(); what.Key != "doctor.settings.key_unread" {
			t.Errorf("without the vault it says %q", what.Key)
		}
		diagnose()
		h.give("", "sesame")
		if what, _ := h.Diagnosis().Report.Conclusion(); what.Key == "doctor.settings.key_unread" || h.Diagnosis().Report.Running {
			t.Errorf("with the vault it says %q", what.Key)
		}
	}, vaulted)
}
