package secrets_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidings/app"
)

// Who has forgotten the passphrase loses what was in the vault, and nothing
// else.
func TestRetiringALockedVaultLosesWhatWasInIt(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(password, "secret", app.PlaceKeyring)
	h.set(key, "pem", app.PlaceVault)
	h.LockVault()
	must(t, h.Delete(t.Context(), key))    // to be removed when the vault opens
	h.set(keyPass, long, app.PlaceSession) // to go there when it opens
	aside, err := h.RetireVault(t.Context())
	must(t, err)
	if _, err := os.Stat(aside); err != nil || filepath.Dir(aside) != h.dir {
		t.Errorf("the file is at %q: %v", aside, err)
	}
	if s := h.Status(); s.Vault != app.VaultNone || len(s.Held) != 2 {
		t.Errorf("status %+v", s)
	}
	h.holds(password, "secret")
	h.holdsNothing(key)
	if data, _ := os.ReadFile(filepath.Join(h.dir, "secrets.toml")); strings.Contains(string(data), "vault") {
		t.Errorf("the index still says %s", data)
	}
	must(t, h.CreateVault(t.Context(), "anew"))
	h.at(keyPass, app.PlaceVault)
	h.holdsNothing(key)
}

// One that is open can be read: a new passphrase costs nothing then.
func TestRetiringAnOpenVaultLosesNothing(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "pem", app.PlaceVault)
	if _, err := h.RetireVault(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.at(key, app.PlaceSession)
	must(t, h.CreateVault(t.Context(), "anew"))
	h.at(key, app.PlaceVault)
	h.holds(key, "pem")
	h.restart()
	must(t, h.UnlockVault(t.Context(), "anew"))
	h.holds(key, "pem")
}
