package snippet

import (
	"crypto/tls"
	"math"
	"slices"
	"testing"

	"tidings/app"
)

func TestTidingsctlSaysWhatItsOptionsCan(t *testing.T) {
	full := plain(app.V5)
	full.TLS, full.Port, full.Clean, full.SessionExpiry = true, 8883, false, math.MaxUint32
	full.Security.CA.File = "/ca.pem"
	full.Session.AuthenticationMethod = app.MethodSCRAM
	full.Will = &app.Will{Topic: "w", Payload: []byte("off"), QoS: 1}
	full.KeepAlive = 0
	hour := uint32(3600)
	full.Templates = []app.Template{{Message: app.Publish{Topic: "a", Payload: []byte("x"), Retain: true, Properties: &app.Properties{
		MessageExpiry: &hour, CorrelationData: []byte{0, 255}, User: []app.UserProperty{{Name: "k", Value: "v w"}},
	}}}}
	socket := plain(app.V31)
	socket.Link.Transport, socket.Link.Path, socket.User, socket.IDMode = app.TransportUnix, "/run/a b.sock", "", app.ClientIDRandom
	for _, tt := range []struct {
		name     string
		kind     Kind
		in       Input
		want     string
		variable string
	}{
		{"short", CtlSubscribe, Input{Profile: plain(app.V5)}, "tidingsctl sub mqtt://h.test:1883 -u ana -i lab1-sub -t 'lab/#' -q 1 -v", ""},
		{"a password that is kept", CtlDoctor, Input{Profile: plain(app.V311), HasPassword: true}, "tidingsctl doctor mqtt://h.test:1883 -V 311 -u ana", ctlVariable},
		{"a password, handed over", CtlDoctor, Input{Profile: plain(app.V5), Password: "it's"}, `TIDINGS_PASSWORD='it'\''s' tidingsctl doctor mqtt://h.test:1883 -u ana`, ""},
		{"a socket", CtlPublish, Input{Profile: socket}, "tidingsctl pub 'unix:/run/a%20b.sock' -V 31 -t test -q 0 -m hello", ""},
		{"all", CtlPublish, Input{Profile: full}, `tidingsctl pub mqtts://h.test:8883 -u ana --scram --cafile /ca.pem \
  -i lab1-pub -k 0 -c --will-topic w --will-payload off --will-qos 1 -t a \
  -q 0 -r -m x --correlation-data hex:00ff --expiry 3600 \
  --user-property 'k=v w'`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Make(tt.kind, tt.in)
			if err != nil || s.Text != tt.want || s.Variable != tt.variable {
				t.Errorf("%v, variable %q\ngot  %s\nwant %s", err, s.Variable, s.Text, tt.want)
			}
			if len(s.Missing) > 0 && tt.kind != CtlDoctor {
				t.Errorf("missing %v", s.Missing)
			}
		})
	}
}

func TestTidingsctlNamesWhatItsOptionsCannot(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*app.Profile)
		want   []string // for pub
		doctor []string
	}{
		{"a client certificate", func(p *app.Profile) { p.Security.Certificate.File, p.Security.Key.File = "c", "k" }, []string{"Security.Certificate"}, []string{"Security.Certificate"}},
		{"an authority alone", func(p *app.Profile) { p.Security.CA.File, p.Security.WithoutSystem = "a", true }, []string{"Security"}, []string{"Security"}},
		{"a pasted authority", func(p *app.Profile) { p.Security.CA.PEM = "a" }, []string{"Security.CA"}, []string{"Security.CA"}},
		{"ALPN", func(p *app.Profile) { p.Security.ALPN = []string{"mqtt"} }, []string{"Security"}, []string{"Security"}},
		{"a version of TLS", func(p *app.Profile) { p.Security.MinVersion = tls.VersionTLS13 }, []string{"Security"}, []string{"Security"}},
		{"no verification", func(p *app.Profile) { p.Security.SkipVerify = true }, []string{"Security.SkipVerify"}, []string{"Security.SkipVerify"}},
		{"a proxy", func(p *app.Profile) { p.Link.Proxy.Kind = app.ProxySOCKS5 }, []string{"Link.Proxy"}, []string{"Link.Proxy"}},
		{"a suffix", func(p *app.Profile) { p.IDMode = app.ClientIDSuffix }, []string{"ClientID"}, nil},
		{"a will's properties", func(p *app.Profile) { p.Will = &app.Will{Topic: "w", Delay: 1} }, []string{"Will.Properties"}, []string{"Will"}},
		{"user properties", func(p *app.Profile) { p.Session.User = []app.UserProperty{{Name: "a"}} }, []string{"Session.User"}, []string{"Session.User"}},
		{"a name with =", func(p *app.Profile) {
			p.Templates = []app.Template{{Message: app.Publish{Topic: "a", Properties: &app.Properties{User: []app.UserProperty{{Name: "a=b"}}}}}}
		}, []string{"Templates"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := plain(app.V5)
			p.TLS = true
			tt.change(&p)
			for k, want := range map[Kind][]string{CtlPublish: tt.want, CtlDoctor: tt.doctor} {
				if s, err := Make(k, Input{Profile: p}); err != nil || !slices.Equal(s.Missing, want) {
					t.Errorf("%d: %v, missing %v", k, err, s.Missing)
				}
			}
		})
	}
}
