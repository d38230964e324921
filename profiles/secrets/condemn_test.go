package secrets_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tidings/app"
)

// Who is condemned stays so over restarts, until the secrets are forgotten or
// spared.
func TestCondemnedProfilesAreRemembered(t *testing.T) {
	h := newHouse(t)
	must(t, h.CreateVault(t.Context(), "sesame"))
	h.set(key, "pem", app.PlaceVault)
	h.set(password, "secret", app.PlaceKeyring)
	for _, id := range []string{"p1", "p2", "p1"} {
		h.Condemn(id)
	}
	h.restart() // with the vault locked
	h.Spare("p2")
	if got := h.Condemned(); !slices.Equal(got, []string{"p1"}) {
		t.Fatalf("condemned %v", got)
	}
	must(t, h.ForgetProfile(t.Context(), "p1"))
	h.restart()
	if got := h.Condemned(); len(got) != 0 {
		t.Errorf("condemned %v after all was forgotten", got)
	}
	h.holdsNothing(password)
	must(t, h.UnlockVault(t.Context(), "sesame"))
	h.holdsNothing(key)
	if data, _ := os.ReadFile(filepath.Join(h.dir, "secrets.toml")); strings.Contains(string(data), "p1") || strings.Contains(string(data), "p2") {
		t.Errorf("the index still says %s", data)
	}
}
