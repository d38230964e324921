package secrets_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tidings/app"
)

// Who has forgotten the passphrase loses what was in the vault, and nothing
// else.
func TestReplacingALockedVaultLosesWhatWasInIt(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, "secret", app.PlaceKeyring)
	h.set(key, "pem", app.PlaceVault)
	h.set(proxy, long, app.PlaceVault)
	h.LockVault()
	must(t, h.Delete(t.Context(), key))    // to be removed when the vault opens
	h.set(keyPass, long, app.PlaceSession) // to go there when it opens
	must(t, h.ReplaceVault(t.Context(), "anew"))
	if _, err := os.Stat(filepath.Join(h.dir, "vault.old-1")); err != nil {
		t.Error(err)
	}
	if s := h.Status(); s.Vault != app.VaultUnlocked || len(s.Held) != 2 {
		t.Errorf("status %+v", s)
	}
	h.holds(password, "secret")
	h.holdsNothing(key)
	h.holdsNothing(proxy)
	h.at(keyPass, app.PlaceVault)
	must(t, h.Delete(t.Context(), keyPass))
	if data, _ := os.ReadFile(filepath.Join(h.dir, "secrets.toml")); strings.Contains(string(data), "vault") {
		t.Errorf("the index still says %s", data)
	}
}

// One that is open can be read: a new passphrase costs nothing then.
func TestReplacingAnOpenVaultLosesNothing(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "pem", app.PlaceVault)
	must(t, h.ReplaceVault(t.Context(), "anew"))
	h.at(key, app.PlaceVault)
	h.restart()
	must(t, h.UnlockVault(t.Context(), "anew"))
	h.holds(key, "pem")
}

// What is set while the vault is being replaced is in the new one.
func TestWhatIsSetDuringAReplacementIsNotLost(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	ref := func(i int) app.SecretRef {
		return app.SecretRef{Profile: fmt.Sprint("p", i), Kind: app.SecretKey}
	}
	const n = 30
	var work sync.WaitGroup
	for i := range n {
		work.Go(func() {
			if _, err := h.Set(t.Context(), ref(i), app.Secret(fmt.Sprint("pem ", i))); err != nil {
				t.Error(err)
			}
		})
		if i%6 == 3 {
			work.Go(func() {
				if err := h.ReplaceVault(t.Context(), "anew"); err != nil {
					t.Error(err)
				}
			})
		}
	}
	work.Wait()
	for restarted := range 2 {
		for i := range n {
			h.at(ref(i), app.PlaceVault)
			h.holds(ref(i), app.Secret(fmt.Sprint("pem ", i)))
		}
		if restarted == 0 {
			h.restart()
			must(t, h.UnlockVault(t.Context(), "anew"))
		}
	}
}
