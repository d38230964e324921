package secrets

import (
	"log/slog"

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

// Fill writes as many small secrets as the vault takes.
func (v *Vault) Fill(newID func() string, secret app.Secret) error {
	kept := map[string]app.Secret{}
	for size := 0; ; {
		id := newID()
		if size += len(id) + len(secret) + 16; size > MaxVault {
			break
		}
		kept[id] = secret
	}
	return v.write(v.key, kept)
}
