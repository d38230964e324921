package draft

import "tidings/app"

// User returns one user property as MQTT can carry it.
func (d *Draft) User(field, name, value string) app.UserProperty {
	return app.UserProperty{Name: d.Text(field, name), Value: d.Text(field, value)}
}

// Uint32 returns n as a four byte integer; false and a finding when it is none.
func (d *Draft) Uint32(field string, n int64) (uint32, bool) {
	if n < 0 || n > 0xFFFF_FFFF {
		d.Bad(field)
		return 0, false
	}
	return uint32(n), true
}

// Uint16 returns n as a two byte integer; false and a finding when it is none.
func (d *Draft) Uint16(field string, n int64) (uint16, bool) {
	if n < 0 || n > 0xFFFF {
		d.Bad(field)
		return 0, false
	}
	return uint16(n), true
}

// IsZero reports whether there is no property in p.
func IsZero(p app.Properties) bool {
	return !p.PayloadIsUTF8 && p.MessageExpiry == nil && p.ContentType == "" && p.ResponseTopic == "" &&
		len(p.CorrelationData) == 0 && len(p.SubscriptionIDs) == 0 && len(p.User) == 0
}
