package tlsform

import "tidings/app"

// SecretChange is what becomes of one secret when the form is saved.
type SecretChange struct {
	Kind   app.SecretKind
	Secret app.Secret // to be kept; "" forgets the one that is kept
}

// Changes returns what becomes of the private key and its passphrase when the
// form is saved; none when they stay as they are.
func (s *Section) Changes() []SecretChange {
	var list []SecretChange
	c := s.client
	key := s.imported()
	if key == "" {
		key = c.source().KeyContent
	}
	if key != "" || c.dropped {
		list = append(list, SecretChange{app.SecretKey, key})
	}
	if c.passphrase.Text != "" {
		list = append(list, SecretChange{app.SecretKeyPassphrase, app.Secret(c.passphrase.Text)})
	}
	return list
}
