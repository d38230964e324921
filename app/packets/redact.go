package packets

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Names of the fields that are kept from every eye.
const (
	fieldPassword = "connect/password"
	fieldAuthData = "property/auth_data"
)

// redact overwrites the password of a CONNECT and the authentication data of
// a CONNECT, CONNACK or AUTH, their two-byte lengths excepted. Whatever of a
// malformed packet cannot be told apart goes as well.
func redact(frame []byte, version app.Version, from wire.Direction) {
	switch wire.Type(frame[0] >> 4) {
	case wire.CONNECT, wire.CONNACK, wire.AUTH:
	default:
		return
	}
	for _, f := range wire.Dissect(version, from, frame, wire.DissectOptions{}) {
		switch f.Name {
		case fieldPassword:
			blank(frame, f.Offset+2, f.Offset+f.Length)
		case fieldAuthData:
			blank(frame, f.Offset+3, f.Offset+f.Length)
		case "undecoded", "trailing", "more":
			blank(frame, f.Offset, f.Offset+f.Length)
		}
	}
}

func blank(b []byte, from, to int) {
	for i := max(from, 0); i < min(to, len(b)); i++ {
		b[i] = '*'
	}
}
