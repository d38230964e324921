package doctor_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"tidings/app"
	"tidings/app/doctor"
	"tidings/app/i18n"
	"tidings/app/session/sessiontest"
)

// What the diagnosis lacks is said in its first step, all of it, and stands
// again where it made a step fail.
func TestWhatIsMissingIsSaid(t *testing.T) {
	locked := &app.Error{What: app.Say("secrets.vault.locked"), Do: app.Say("secrets.vault.locked.do"), Cause: errors.New("locked")}
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		status := "401 Unauthorized"
		if r.Method == http.MethodConnect {
			status = "407 Proxy Authentication Required"
		}
		_, _ = fmt.Fprintf(c, "HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n", status)
		_, _ = io.Copy(io.Discard, c)
	})
	for _, tt := range []struct {
		name    string
		change  func(*app.ConnectOptions)
		without []doctor.Missing
		first   doctor.Verdict
		says    []string // in the first step
		advice  string   // in the end
	}{
		{
			"proxy password in the vault", func(o *app.ConnectOptions) {
				o.Link.Proxy = app.Proxy{Kind: app.ProxyHTTP, Host: host, Port: port, User: "ana"}
			},
			[]doctor.Missing{{Kind: app.SecretPassword}, {Kind: app.SecretProxyPassword, Why: locked}},
			doctor.Warning, []string{"Not kept, so the diagnosis goes without: password.", "Cannot be read now, so the diagnosis goes without: proxy password.", "The vault is locked."}, "Unlock it",
		},
		{
			"header that is not kept", func(o *app.ConnectOptions) { o.Link.Transport = app.TransportWS },
			[]doctor.Missing{{Kind: app.SecretHeaders}},
			doctor.Warning, []string{"goes without: secret HTTP headers."}, "Connect once",
		},
		{
			"passphrase in the vault", func(o *app.ConnectOptions) { o.TLS = true },
			[]doctor.Missing{{Kind: app.SecretKeyPassphrase, Why: locked}},
			doctor.Failed, []string{"The passphrase of the private key for the client certificate is kept"}, "Unlock it",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options(host, port)
			tt.change(&o)
			r := examine(t, doctor.Params{Options: o, Without: tt.without})
			en := i18n.New("en")
			first := r.Steps[0]
			said := en.Say(first.What)
			for _, want := range tt.says {
				if first.Verdict != tt.first || !strings.Contains(said, want) {
					t.Errorf("%s: %q, want %q", first.Verdict, said, want)
				}
			}
			if _, do := r.Conclusion(); !strings.HasPrefix(en.Say(do), tt.advice) {
				t.Errorf("it ends with %q", en.Say(do))
			}
		})
	}
}
