package profilecheck

import (
	"reflect"
	"slices"
	"strings"

	"tidings/app"
)

// advised is the field that the advice of some sentences is about. A key that
// ends in a dot stands for all that begin so.
type advised struct{ key, field string }

// advice lists them; the first that fits counts.
func advice() []advised {
	return []advised{
		{"connect.tls.not_tls", FieldTLS}, // switch it off
		{"connect.tls.closed", FieldTLS},
		{"connect.tls.version", FieldMinVersion},
		{"connect.tls.name_mismatch", FieldServerName},
		{"connect.tls.pin", FieldPinned},
		{"connect.tls.certificate_wanted", FieldKey},
		{"connect.tls.certificate_refused", FieldKey},
		{"connect.tls.alert", FieldKey},
		{"connect.tls.", FieldCA},
		{"connect.wants_tls", FieldTLS},
		{"connect.closed_silently.v5", FieldVersion},
		{"connect.closed_silently", FieldTLS},
		{"connect.version_refused", FieldVersion},
		{"connect.proxy.login", FieldProxyUser},
		{"connect.proxy.login_wanted", FieldProxyUser},
		{"connect.proxy.", FieldProxyHost},
		{"connect.ws.failed", FieldPort},
		{"connect.ws.", FieldPath},
		{"connect.socket", FieldPath},
		{"connect.nothing_listens", FieldPort},
		{"connect.not_mqtt", FieldPort},
		{"connect.wrong_password", FieldUser},
		{"connect.not_authorized", FieldUser},
		{"connect.password_without_user", FieldUser},
		{"connect.scram.text", FieldUser},
		{"connect.scram.broken", FieldAuthMethod},
		{"connect.scram.unknown", FieldAuthMethod},
		{"connect.client_id_refused", FieldClientID},
		{"connect.taken_over", FieldClientID},
		{"connect.evicted", FieldClientID},
		{"certs.", FieldKey},
		{"check.path", FieldPath}, // its query may be wrong, which no profile holds
		{"doctor.settings.key_unread", FieldKey},
		{"doctor.certificate.", FieldKey},
		{"doctor.tls.silent", FieldTLS},
		{"doctor.tls.http", FieldPort},
		{"doctor.tls.name", FieldServerName},
		{"doctor.tls.", FieldCA},
		{"doctor.proxy.", FieldProxyHost},
		{"doctor.websocket.", FieldPort},
		{"doctor.connect.tls", FieldTLS},
		{"doctor.connect.silent", FieldTLS},
		{"doctor.connect.id_made_up", FieldClientID},
		{"doctor.connect.", FieldPort},
		{"doctor.takeover.", FieldClientID},
		{"doctor.no_time", FieldTimeout},
		{"doctor.further.tls_old", FieldMinVersion},
		{"doctor.further.tls", FieldTLS},
		{"doctor.further.plain", FieldPort},
		{"doctor.further.websocket", FieldPath},
		{"doctor.further.311", FieldVersion},
	}
}

// About returns the field of p that the advice about a failure leads to, as
// findings name it, and "" for none in particular. what is what a session or the
// doctor says of the failure. It is safe for concurrent use.
func About(p app.Profile, what app.Text) (field string) {
	found := Validate(p)
	for _, same := range []func(app.Text) bool{
		func(t app.Text) bool { return reflect.DeepEqual(t, what) },
		func(t app.Text) bool { return t.Key == what.Key },
	} {
		if i := slices.IndexFunc(found, func(f Finding) bool { return same(f.Err.What) }); i >= 0 {
			return found[i].Field
		}
	}
	for _, a := range advice() {
		if what.Key == a.key || strings.HasSuffix(a.key, ".") && strings.HasPrefix(what.Key, a.key) {
			return a.field
		}
	}
	return ""
}
