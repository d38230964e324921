package profilecheck

import (
	"testing"

	"tidings/app"
)

func TestAdviceLeadsToItsField(t *testing.T) {
	for key, want := range map[string]string{
		"connect.tls.unknown_authority":  FieldCA,
		"connect.tls.certificate_wanted": FieldKey,
		"connect.tls.not_tls":            FieldTLS,
		"connect.proxy.unreachable":      FieldProxyHost,
		"connect.proxy.login_wanted":     FieldProxyUser,
		"connect.wrong_password":         FieldUser,
		"connect.ws.status":              FieldPath,
		"connect.client_id_refused":      FieldClientID,
		"connect.closed_silently.v5":     FieldVersion,
		"doctor.further.tls":             FieldTLS,
		"doctor.further.tls_old":         FieldMinVersion,
		"doctor.tls.name":                FieldServerName,
		"connect.unknown_host":           "",
		"connect.link_lost":              "",
		"":                               "",
	} {
		if got := About(app.Text{Key: key}); got != want {
			t.Errorf("%q leads to %q, want %q", key, got, want)
		}
	}
}

// TestNoAdviceHidesBehindAnother: a general row stands below the special ones.
func TestNoAdviceHidesBehindAnother(t *testing.T) {
	for _, a := range advice() {
		if got := About(app.Text{Key: a.key}); got != a.field {
			t.Errorf("%q leads to %q, want %q", a.key, got, a.field)
		}
	}
}
