package desk_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"tidings/app"
	"tidings/app/desk"
)

// What is promised of a secret's place is what becomes of it.
func TestDestinations(t *testing.T) {
	long := app.Secret(strings.Repeat("x", 3000))
	for _, tt := range []struct {
		name    string
		keyring error
		vault   app.VaultState
		kind    app.SecretKind
		secret  app.Secret
		want    desk.Destination
	}{
		{"keyring", nil, app.VaultNone, app.SecretPassword, "lemon", desk.ToKeyring},
		{"long token", nil, app.VaultLocked, app.SecretPassword, long, desk.ToLockedVault},
		{"private key", nil, app.VaultUnlocked, app.SecretKey, "pem", desk.ToVault},
		{"private key without a vault", nil, app.VaultNone, app.SecretKey, "pem", desk.ToNewVault},
		{"no keyring", errors.New("none"), app.VaultLocked, app.SecretPassword, "lemon", desk.ToLockedVault},
		{"nothing at all", errors.New("none"), app.VaultUnusable, app.SecretPassword, "lemon", desk.ToMemory},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				if got := h.Destination(tt.kind, tt.secret); got != tt.want {
					t.Errorf("%d, want %d", got, tt.want)
				}
			}, func(h *house) { h.keys.broken, h.keys.vault = tt.keyring, tt.vault })
		})
	}
}

// The preview follows the vault.
func TestThePreviewOfAnImportSaysWhereSecretsGo(t *testing.T) {
	inHouse(t, func(h *house) {
		m := desk.NewMoving(h.Desk, &fakeMover{folder: h.files, failing: map[string]error{}, preview: previewOf(items("a"))})
		h.vault.passphrase = "sesame"
		read(m)
		if got := m.Keeps(0, 0); got != desk.ToLockedVault {
			t.Errorf("with the vault locked: %d", got)
		}
		m.UnlockVault()
		h.give("", "sesame")
		if got := m.Keeps(0, 0); got != desk.ToVault {
			t.Errorf("with the vault open: %d", got)
		}
		takeAll(m, 1)
		synctest.Wait()
		if got := h.SecretPlace(passwordOf(h.Profiles()[0].ID)); got != app.PlaceVault {
			t.Errorf("it went to %d", got)
		}
	}, vaulted)
}
