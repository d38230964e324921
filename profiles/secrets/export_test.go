package secrets

import "log/slog"

// Provider is the seam under Keyring, for tests.
type Provider = provider

// NewKeyringOver is NewKeyring over a provider of the test.
func NewKeyringOver(namespace string, p Provider, log *slog.Logger) *Keyring {
	return newKeyring(namespace, p, log)
}
