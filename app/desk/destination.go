package desk

import "tidings/app"

// Destination says what becomes of a secret that is to be kept.
type Destination byte

// The destinations.
const (
	ToMemory      Destination = iota // until the program ends: nothing else takes it
	ToKeyring                        // at once
	ToVault                          // at once
	ToLockedVault                    // once it is unlocked; in memory until then
	ToNewVault                       // once there is one; in memory until then
)

// Text returns the destination in words, as app.SecretPlace does.
func (d Destination) Text() app.Text {
	switch d {
	case ToKeyring:
		return app.PlaceKeyring.Text()
	case ToVault:
		return app.PlaceVault.Text()
	case ToLockedVault:
		return app.Say("secrets.goes.locked")
	case ToNewVault:
		return app.Say("secrets.goes.new")
	case ToMemory:
	}
	return app.PlaceSession.Text()
}

// Destination returns where a secret would be kept now. It waits for nothing.
func (d *Desk) Destination(kind app.SecretKind, secret app.Secret) Destination {
	s := d.p.Secrets.Status()
	if s.KeyringError == nil && d.p.Secrets.Belongs(kind, secret) == app.PlaceKeyring {
		return ToKeyring
	}
	switch s.Vault {
	case app.VaultUnlocked:
		return ToVault
	case app.VaultLocked:
		return ToLockedVault
	case app.VaultNone:
		return ToNewVault
	case app.VaultUnusable:
	}
	return ToMemory
}

// Keeps returns where secret n of item i of the preview would be kept now.
func (m *Moving) Keeps(i, n int) Destination {
	m.mu.Lock()
	items := m.imp.preview.Items
	m.mu.Unlock()
	if i >= len(items) || n >= len(items[i].Secrets) {
		return ToMemory
	}
	s := items[i].Secrets[n]
	return m.d.Destination(s.Kind, s.Value)
}
