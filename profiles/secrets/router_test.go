package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
	"tidings/profiles/secrets"
	"tidings/profiles/secrets/secretstest"
)

// store is what the desk and the window use of a Router.
type store interface {
	Probe(ctx context.Context) error
	Get(ctx context.Context, ref app.SecretRef) (secret app.Secret, found bool, err error)
	Set(ctx context.Context, ref app.SecretRef, secret app.Secret) (app.SecretPlace, error)
	Hold(ctx context.Context, ref app.SecretRef, secret app.Secret) error
	Delete(ctx context.Context, ref app.SecretRef) error
	ForgetProfile(ctx context.Context, profile string) error
	Belongs(kind app.SecretKind, secret app.Secret) app.SecretPlace
	Condemn(profile string)
	Spare(profile string)
	Condemned() []string
	ReplaceVault(ctx context.Context, passphrase app.Secret) error
	Status() app.SecretStatus
	CreateVault(ctx context.Context, passphrase app.Secret) error
	UnlockVault(ctx context.Context, passphrase app.Secret) error
	LockVault()
	ChangePassphrase(ctx context.Context, old, passphrase app.Secret) error
	Strength(passphrase app.Secret) (level int, hint app.Text)
}

var _ store = (*secrets.Router)(nil)

// house is a router over a home of its own, and its parts.
type house struct {
	*secrets.Router
	t       *testing.T
	dir     string
	keyring *secretstest.Fake
	vault   *secrets.Vault
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), keyring: secretstest.NewFake()}
	h.restart()
	return h
}

// restart is the next start of the program: the keyring and the files stay,
// memory does not.
func (h *house) restart() {
	h.t.Helper()
	h.vault = cheapVault(h.t, filepath.Join(h.dir, "vault"))
	h.Router = secrets.NewRouter(secrets.Params{
		Keyring: h.keyring, Vault: h.vault, Index: filepath.Join(h.dir, "secrets.toml"), Log: quiet(),
	})
}

func (h *house) set(ref app.SecretRef, secret app.Secret, want app.SecretPlace) {
	h.t.Helper()
	if got, err := h.Set(h.t.Context(), ref, secret); err != nil || got != want {
		h.t.Errorf("set %v: at %d, %v; want %d", ref, got, err, want)
	}
	h.at(ref, want)
	h.holds(ref, secret)
}

// at checks what Status says of ref.
func (h *house) at(ref app.SecretRef, want app.SecretPlace) {
	h.t.Helper()
	got := app.PlaceNone
	for _, held := range h.Status().Held {
		if held.Ref == ref {
			got = held.Place
		}
	}
	if got != want {
		h.t.Errorf("%v is at %d, want %d", ref, got, want)
	}
}

func (h *house) holds(ref app.SecretRef, want app.Secret) {
	h.t.Helper()
	if got, found, err := h.Get(h.t.Context(), ref); err != nil || !found || got != want {
		h.t.Errorf("%v: got %q, %v, %v; want %q", ref, got.Reveal(), found, err, want.Reveal())
	}
}

func (h *house) holdsNothing(ref app.SecretRef) {
	h.t.Helper()
	if got, found, err := h.Get(h.t.Context(), ref); err != nil || found || got != "" {
		h.t.Errorf("%v: got %q, %v, %v; want nothing", ref, got.Reveal(), found, err)
	}
}

// inKeyring returns what lies in the keyring under an ID, "" for nothing.
func (h *house) inKeyring(id string) app.Secret {
	h.t.Helper()
	s, err := h.keyring.Session.Get(h.t.Context(), id)
	if err != nil && !errors.Is(err, secrets.ErrNotFound) {
		h.t.Error(err)
	}
	return s
}

var (
	password = app.SecretRef{Profile: "p1", Kind: app.SecretPassword}
	key      = app.SecretRef{Profile: "p1", Kind: app.SecretKey}
	keyPass  = app.SecretRef{Profile: "p1", Kind: app.SecretKeyPassphrase}
	proxy    = app.SecretRef{Profile: "p1", Kind: app.SecretProxyPassword}
	long     = app.Secret(strings.Repeat("x", secrets.MaxKeyring+1))
)

func TestWhatGoesWhere(t *testing.T) {
	for _, tc := range []struct {
		name                          string
		keyring, vault                bool // is there one that can be used
		password, key, token, keyPass app.SecretPlace
	}{
		{"both", true, true, app.PlaceKeyring, app.PlaceVault, app.PlaceVault, app.PlaceKeyring},
		{"keyring alone", true, false, app.PlaceKeyring, app.PlaceSession, app.PlaceSession, app.PlaceKeyring},
		{"vault alone", false, true, app.PlaceVault, app.PlaceVault, app.PlaceVault, app.PlaceVault},
		{"neither", false, false, app.PlaceSession, app.PlaceSession, app.PlaceSession, app.PlaceSession},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHouse(t)
			h.keyring.Break(!tc.keyring)
			if tc.vault {
				must(t, h.CreateVault(t.Context(), "sesame"))
			}
			h.set(password, "secret", tc.password)
			h.set(key, "-----BEGIN PRIVATE KEY-----", tc.key)
			h.set(proxy, long, tc.token)
			h.set(keyPass, "secret", tc.keyPass)
			if err := h.Probe(t.Context()); (err == nil) != (tc.keyring || tc.vault) {
				t.Errorf("probe: %v", err)
			}
			s := h.Status()
			if len(s.Held) != 4 || (s.Vault == app.VaultUnlocked) != tc.vault || !s.KeyringAsked || (s.KeyringError == nil) != tc.keyring {
				t.Errorf("status %+v", s)
			}
			must(t, h.ForgetProfile(t.Context(), "p1"))
			for _, ref := range []app.SecretRef{password, key, proxy, keyPass} {
				h.at(ref, app.PlaceNone)
			}
		})
	}
}

func TestPasswordsKeptBeforeThereWasAnIndex(t *testing.T) {
	h := newHouse(t)
	must(t, h.keyring.Set(t.Context(), "p1", "old"))
	h.holds(password, "old")
	h.at(password, app.PlaceKeyring)
	must(t, h.keyring.Set(t.Context(), "p2", "old"))
	must(t, h.Delete(t.Context(), app.SecretRef{Profile: "p2", Kind: app.SecretPassword}))
	if h.inKeyring("p2") != "" {
		t.Error("an old password outlives its profile")
	}
}

func TestMemoryMovesIntoAVaultThatAppears(t *testing.T) {
	h := newHouse(t)
	h.keyring.Break(true)
	h.set(password, "secret", app.PlaceSession)
	h.set(key, "pem", app.PlaceSession)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.at(password, app.PlaceVault)
	h.at(key, app.PlaceVault)
	h.restart()
	if _, _, err := h.Get(t.Context(), key); !errors.Is(err, secrets.ErrLocked) {
		t.Errorf("get from a locked vault: %v", err)
	}
	h.at(key, app.PlaceVault) // known without the passphrase
	must(t, h.UnlockVault(t.Context(), "sesame"))
	h.holds(key, "pem")
	h.holds(password, "secret")
}

func TestWhatIsHeldForThisRunGoesNowhere(t *testing.T) {
	h := newHouse(t)
	h.set(proxy, "kept", app.PlaceKeyring)
	must(t, h.Hold(t.Context(), proxy, "for now"))
	must(t, h.CreateVault(t.Context(), "sesame"))
	must(t, h.Probe(t.Context()))
	h.at(proxy, app.PlaceSession)
	h.holds(proxy, "for now")
	if h.inKeyring("p1/proxy-password") != "" {
		t.Error("what was kept before is still there")
	}
	h.set(proxy, "kept again", app.PlaceKeyring)
	must(t, h.Hold(t.Context(), proxy, "for now"))
	h.restart()
	h.holdsNothing(proxy)
}

func TestMemoryMovesIntoAKeyringThatAppears(t *testing.T) {
	h := newHouse(t)
	h.keyring.Break(true)
	h.set(password, "secret", app.PlaceSession)
	h.set(key, "pem", app.PlaceSession)
	h.keyring.Break(false)
	must(t, h.Probe(t.Context()))
	h.at(password, app.PlaceKeyring)
	h.at(key, app.PlaceSession) // a private key never goes there
	if h.inKeyring("p1") != "secret" {
		t.Error("the keyring has no password")
	}
}

func TestReplacedWhileTheVaultIsLocked(t *testing.T) {
	for _, unlock := range []bool{true, false} {
		h := newHouse(t)
		must(t, h.CreateVault(t.Context(), "sesame"))
		h.set(key, "old", app.PlaceVault)
		h.LockVault()
		h.set(key, "new", app.PlaceSession)
		if unlock {
			must(t, h.UnlockVault(t.Context(), "sesame"))
			h.at(key, app.PlaceVault)
			h.holds(key, "new")
			continue
		}
		h.restart() // the new one is lost, as was said; the old one must not come back
		h.holdsNothing(key)
		must(t, h.UnlockVault(t.Context(), "sesame"))
		h.holdsNothing(key)
		if ids := h.vault.IDs(); len(ids) != 0 {
			t.Errorf("the outdated key is still in the vault: %v", ids)
		}
	}
}

func TestDeletedWhileTheVaultIsLocked(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "pem", app.PlaceVault)
	h.LockVault()
	must(t, h.Delete(t.Context(), key))
	h.holdsNothing(key)
	h.restart()
	h.holdsNothing(key)
	must(t, h.UnlockVault(t.Context(), "sesame"))
	h.holdsNothing(key)
	if ids := h.vault.IDs(); len(ids) != 0 {
		t.Errorf("still in the vault: %v", ids)
	}
}

func TestDeletedWhileTheKeyringIsAway(t *testing.T) {
	h := newHouse(t)
	h.set(password, "secret", app.PlaceKeyring)
	h.keyring.Break(true)
	must(t, h.Delete(t.Context(), password))
	h.restart()
	h.holdsNothing(password)
	h.keyring.Break(false)
	must(t, h.Probe(t.Context()))
	if h.inKeyring("p1") != "" {
		t.Error("the password is still in the keyring")
	}
}

func TestAKeyringThatGoesAwayLeavesNoOutdatedPassword(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, "old", app.PlaceKeyring)
	h.keyring.Break(true)
	h.set(password, "new", app.PlaceVault)
	h.keyring.Break(false)
	h.holds(password, "new")
	must(t, h.Probe(t.Context()))
	if h.inKeyring("p1") != "" {
		t.Error("the outdated password is still in the keyring")
	}
}

func TestLongTokenReplacesAShortPassword(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, "short", app.PlaceKeyring)
	h.set(password, long, app.PlaceVault)
	if h.inKeyring("p1") != "" {
		t.Error("the short one is still in the keyring")
	}
	h.set(password, "short again", app.PlaceKeyring)
	if ids := h.vault.IDs(); len(ids) != 0 {
		t.Errorf("the long one is still in the vault: %v", ids)
	}
}

func TestRefusedSetKeepsWhatWasThere(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "kept", app.PlaceVault)
	_, err := h.Set(t.Context(), key, app.Secret(strings.Repeat("x", secrets.MaxSecret+1)))
	refused(t, "too large", err, secrets.ErrTooLarge)
	h.holds(key, "kept")
	must(t, h.vault.Fill(map[string]app.Secret{"p1/key": "kept"}, 32<<10))
	must(t, h.UnlockVault(t.Context(), "sesame"))
	_, err = h.Set(t.Context(), key, app.Secret(strings.Repeat("x", secrets.MaxSecret)))
	refused(t, "full", err, secrets.ErrVaultFull)
	h.holds(key, "kept")
}

func TestLostIndexIsFoundAgain(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"gone":    os.Remove,
		"damaged": func(path string) error { return os.WriteFile(path, []byte("no [[toml"), 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			must(t, h.CreateVault(t.Context(), "sesame"))
			h.set(password, "secret", app.PlaceKeyring)
			h.set(keyPass, "secret", app.PlaceKeyring)
			h.set(key, "pem", app.PlaceVault)
			must(t, spoil(filepath.Join(h.dir, "secrets.toml")))
			h.restart()
			h.holds(password, "secret")
			h.holds(keyPass, "secret")
			must(t, h.UnlockVault(t.Context(), "sesame"))
			h.holds(key, "pem")
			h.at(key, app.PlaceVault)
		})
	}
}

func TestIndexOfANewerVersionSurvives(t *testing.T) {
	h := newHouse(t)
	path := filepath.Join(h.dir, "secrets.toml")
	must(t, os.WriteFile(path, []byte("version = 1\n[[secret]]\nprofile = 'p9'\nkind = 'retina'\nplace = 'moon'\n"), 0o600))
	h.restart()
	h.set(password, "secret", app.PlaceKeyring)
	data, _ := os.ReadFile(path)
	if !strings.Contains(string(data), "retina") || !strings.Contains(string(data), "p1") {
		t.Errorf("the index is now %s", data)
	}
}

func TestRouterUnderConcurrentUse(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	done := make(chan bool)
	for i := range 4 {
		go func() {
			defer func() { done <- true }()
			ref := app.SecretRef{Profile: fmt.Sprint("c", i%2), Kind: app.SecretKinds()[i]}
			for n := range 5 {
				want := app.Secret(fmt.Sprint("secret ", n))
				if _, err := h.Set(t.Context(), ref, want); err != nil {
					t.Error(err)
				}
				h.holds(ref, want)
				_ = h.Status()
				_ = h.Probe(t.Context())
			}
		}()
	}
	for range 4 {
		<-done
	}
}
