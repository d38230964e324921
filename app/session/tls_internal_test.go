package session

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"

	"tidings/app"
)

// A broker is trusted as long as any of the authorities that vouch for it: the
// one that ends last counts.
func TestTheAuthorityThatLastsLongestIsTold(t *testing.T) {
	until := func(name string, year int) *x509.Certificate {
		return &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotAfter: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)}
	}
	leaf, between := until("broker", 2027), until("between", 2040)
	for name, c := range map[string]struct {
		chains [][]*x509.Certificate
		want   string
	}{
		"nobody vouched": {nil, ""},
		"one":            {[][]*x509.Certificate{{leaf, between, until("old", 2028)}}, "CN=old"},
		"two":            {[][]*x509.Certificate{{leaf, until("old", 2028)}, {leaf, between, until("new", 2035)}, {leaf, until("older", 2026)}}, "CN=new"},
		"itself":         {[][]*x509.Certificate{{leaf}}, "CN=broker"},
	} {
		got := ""
		if root := describeTLS(app.Secured{State: tls.ConnectionState{VerifiedChains: c.chains}}).Root; root != nil {
			got = root.Subject
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
