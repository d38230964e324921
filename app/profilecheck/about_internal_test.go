package profilecheck

import (
	"testing"

	"tidings/app"
)

// good is a profile with nothing wrong.
func good() app.Profile {
	p := app.DefaultProfile()
	p.Host = "broker"
	return p
}

// A setting that is wrong leads to its own field, also where several could be
// wrong in the same way.
func TestAWrongSettingLeadsToItsField(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*app.Profile)
		want   string
	}{
		{"user", func(p *app.Profile) { p.User = "a\x00b" }, FieldUser},
		{"port", func(p *app.Profile) { p.Port = 0 }, FieldPort},
		{"path", func(p *app.Profile) { p.Link.Transport, p.Link.Path = app.TransportWS, "wss://h/mqtt" }, FieldPath},
		{"pin", func(p *app.Profile) { p.TLS, p.Security.Pinned = true, "12" }, FieldPinned},
		{"server name", func(p *app.Profile) { p.TLS, p.Security.ServerName = true, "a b" }, FieldServerName},
		{"proxy's port", func(p *app.Profile) { p.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: "p"} }, FieldProxyPort},
		{"port of two", func(p *app.Profile) { p.Port, p.Link.Proxy = -1, app.Proxy{Kind: app.ProxyHTTP, Host: "p"} }, FieldProxyPort},
		{"will", func(p *app.Profile) { p.Will = &app.Will{Topic: "a", QoS: 3} }, FieldWillQoS},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := good()
			tt.change(&p)
			found := Validate(p)
			if got := About(p, found[len(found)-1].Err.What); got != tt.want {
				t.Errorf("%+v leads to %q, want %q", found[len(found)-1].Err.What, got, tt.want)
			}
		})
	}
}

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
		if got := About(good(), app.Text{Key: key}); got != want {
			t.Errorf("%q leads to %q, want %q", key, got, want)
		}
	}
}

// TestNoAdviceHidesBehindAnother: a general row stands below the special ones.
func TestNoAdviceHidesBehindAnother(t *testing.T) {
	for _, a := range advice() {
		if got := About(good(), app.Text{Key: a.key}); got != a.field {
			t.Errorf("%q leads to %q, want %q", a.key, got, a.field)
		}
	}
}
