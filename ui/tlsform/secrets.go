package tlsform

import (
	"tidings/app"
	"tidings/app/desk"
)

// Changes returns what becomes of the private key and its passphrase when the
// form is saved; none when they stay as they are.
func (s *Section) Changes() []desk.SecretChange {
	var list []desk.SecretChange
	c := s.client
	key := s.imported()
	if key == "" {
		key = c.source().KeyContent
	}
	if key != "" || c.dropped {
		list = append(list, desk.SecretChange{Kind: app.SecretKey, Value: key, Remember: true})
	}
	if c.passphrase.Text != "" || c.forgetsPassphrase() {
		list = append(list, desk.SecretChange{Kind: app.SecretKeyPassphrase, Value: app.Secret(c.passphrase.Text), Remember: true})
	}
	return list
}
