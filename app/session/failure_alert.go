package session

import (
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/session/link"
)

// Alerts of TLS (RFC 8446 §6.2). The library does not export the type of those
// that a peer sends, but they read like these.
const (
	alertHandshakeFailure tls.AlertError = 40
	alertProtocolVersion  tls.AlertError = 70
)

// certificateAlerts judge a certificate: that of this side, for they come from
// the broker.
var certificateAlerts = [...]tls.AlertError{
	41,  // no_certificate, of SSL 3
	42,  // bad_certificate
	43,  // unsupported_certificate
	44,  // certificate_revoked
	45,  // certificate_expired
	46,  // certificate_unknown
	48,  // unknown_ca
	49,  // access_denied
	116, // certificate_required
}

// explainAlert covers a broker that breaks TLS off and says why. With TLS 1.3
// it judges our certificate after our handshake is done (RFC 8446 §4.4.2.4).
func explainAlert(err error, o app.ConnectOptions) *app.Error {
	var op *net.OpError
	var lost *linkLost
	if !errors.As(err, &op) || op.Op != "remote error" || errors.As(err, &lost) {
		return nil
	}
	is := func(a tls.AlertError) bool { return op.Err.Error() == a.Error() }
	var at *link.Error
	about := is(alertHandshakeFailure) // once our handshake is done
	if errors.As(err, &at) && at.Stage == link.StageTLS {
		about = at.CertificateAsked
	}
	key := "connect.tls.alert"
	switch {
	case about || slices.ContainsFunc(certificateAlerts[:], is):
		if key = "connect.tls.certificate_refused"; certs.SourceOf(o).IsZero() {
			key = "connect.tls.certificate_wanted"
		}
	case is(alertProtocolVersion):
		key = "connect.tls.version"
	}
	return say(err, key, "Address", o.Address(), "Detail", strings.TrimPrefix(op.Err.Error(), "tls: "))
}
