package secrets

import (
	"log/slog"
	"strings"

	"tidings/app"
)

// Provider is the seam under Keyring, for tests.
type Provider = provider

// NewKeyringOver is NewKeyring over a provider of the test.
func NewKeyringOver(namespace string, p Provider, log *slog.Logger) *Keyring {
	return newKeyring(namespace, p, log)
}

// OpenCheapVault is OpenVault with an scrypt that costs nothing.
func OpenCheapVault(path string, log *slog.Logger) (*Vault, *app.Error) {
	return openVault(path, 1, log)
}

// Busy returns the number of scrypts under way.
func (v *Vault) Busy() int { return 1 - len(v.scrypt) }

// Fill writes kept and as many secrets of the given size as the vault takes
// beside them. Unlock reads them.
func (v *Vault) Fill(kept map[string]app.Secret, size int) error {
	sum := 0
	for id, secret := range kept {
		sum += len(id) + len(secret) + 16
	}
	for secret := app.Secret(strings.Repeat("x", size)); ; {
		id := app.NewID()
		if sum += len(id) + len(secret) + 16; sum > MaxVault {
			return v.write(v.key, kept)
		}
		kept[id] = secret
	}
}
