package session

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"tidings/app"
	"tidings/app/hush"
	"tidings/app/mqtt/tap"
	"tidings/app/neterr"
	"tidings/app/session/link"
)

// linkLost says that the link ended without anybody asking for it.
type linkLost struct {
	Cause    error
	Repeated bool // it happened several times in a row
}

func (e *linkLost) Error() string { return fmt.Sprintf("link lost: %v", e.Cause) }
func (e *linkLost) Unwrap() error { return e.Cause }

// serverDisconnect says that an MQTT 5 broker ended the connection.
type serverDisconnect struct {
	Reason app.ReasonCode
	Text   string
}

func (e *serverDisconnect) Error() string {
	return fmt.Sprintf("the broker sent DISCONNECT, reason %s %s", e.Reason, e.Text)
}

// finalReason reports whether a broker that gave this reason would give it
// again: reconnecting is then a nuisance to both sides.
func finalReason(r app.ReasonCode) bool {
	switch r {
	case app.ReasonUnsupportedVersion, app.ReasonBadClientID, app.ReasonBadUserPassword, app.ReasonNotAuthorized,
		0x8A, // banned
		app.ReasonBadAuthMethod,
		app.ReasonSessionTakenOver, // two clients would evict each other for ever
		app.ReasonUseAnotherServer, app.ReasonServerMoved:
		return true
	}
	return false
}

// final reports whether a failed reconnect ends the retrying.
func final(err error) bool {
	var refused *app.RefusedError
	return errors.As(err, &refused) && finalReason(refused.Reason)
}

// Explain turns an error of a connection made with o into words. An error
// that holds an *app.Error already is returned as that. It never returns nil,
// and no secret of o, whatever a peer said.
func Explain(err error, o app.ConnectOptions) *app.Error {
	return hush.Of(o).Error(explain(err, o))
}

func explain(err error, o app.ConnectOptions) *app.Error {
	var said *app.Error
	if errors.As(err, &said) {
		return said
	}
	for _, of := range []func(error, app.ConnectOptions) *app.Error{
		explainSecure, explainBroker, explainAlert, explainWay, explainTLS, explainNetwork, explainLink,
	} {
		if e := of(err, o); e != nil {
			return e
		}
	}
	return say(err, "connect.failed", "Address", o.Address())
}

// say makes an error from a key and its companion key + ".do".
func say(cause error, key string, pairs ...any) *app.Error {
	return &app.Error{What: app.Say(key, pairs...), Do: app.Say(key+".do", pairs...), Cause: cause}
}

// sayPort is say for what a wrong port may be the reason of: the usual ones of
// WebSocket are others.
func sayPort(cause error, o app.ConnectOptions, key string, pairs ...any) *app.Error {
	e := say(cause, key, pairs...)
	if o.Link.Transport == app.TransportWS {
		e.Do = app.Say(key+".ws.do", pairs...)
	}
	return e
}

// explainBroker covers what the broker said, or would not say.
func explainBroker(err error, o app.ConnectOptions) *app.Error {
	var refused *app.RefusedError
	if errors.As(err, &refused) {
		return explainRefused(refused, err, o)
	}
	var silent *app.ClosedSilentlyError
	if errors.As(err, &silent) {
		key := "connect.closed_silently"
		if silent.Version == app.V5 {
			key = "connect.closed_silently.v5"
		}
		return proving(o, say(err, key, "Address", o.Address(), "Version", silent.Version.String(), "Port", o.Port))
	}
	var large *app.PacketTooLargeError
	if errors.As(err, &large) {
		return say(err, "connect.packet_too_large", "Size", app.ByteCount(large.Size), "Cap", app.ByteCount(large.Cap))
	}
	var malformed *tap.MalformedError
	if errors.As(err, &malformed) {
		return explainMalformed(malformed, err, o)
	}
	var bye *serverDisconnect
	if !errors.As(err, &bye) {
		return nil
	}
	return explainGoodbye(bye, err, o)
}

// explainGoodbye covers the DISCONNECT of an MQTT 5 broker.
func explainGoodbye(bye *serverDisconnect, err error, o app.ConnectOptions) *app.Error {
	switch {
	case bye.Reason == app.ReasonSessionTakenOver:
		return say(err, "connect.taken_over", "ClientID", o.ClientID)
	case bye.Reason == app.ReasonUseAnotherServer, bye.Reason == app.ReasonServerMoved:
		return say(err, "connect.moved", "Detail", bye.Text)
	case !bye.Reason.IsError() && bye.Text == "": // a normal disconnection is no reason
		return say(err, "connect.link_closed", "Address", o.Address())
	case finalReason(bye.Reason):
		return say(err, "connect.server_disconnect_final", "Reason", bye.Reason.Text(), "Detail", bye.more())
	}
	return say(err, "connect.server_disconnect", "Reason", bye.Reason.Text(), "Detail", bye.more())
}

// more returns the broker's own words when they say more than its reason code
// does: many repeat the name that the standard gives it.
func (e *serverDisconnect) more() string {
	name := strings.ReplaceAll(strings.TrimPrefix(e.Reason.Text().Key, "reason."), "_", " ")
	if strings.Contains(strings.ToLower(e.Text), name) && len(e.Text) < len(name)+8 {
		return ""
	}
	return e.Text
}

// explainMalformed tells a broker that breaks the rules from a port where no
// broker is at all, such as one of TLS or HTTP.
func explainMalformed(m *tap.MalformedError, err error, o app.ConnectOptions) *app.Error {
	var lost *linkLost
	if errors.As(err, &lost) {
		return say(err, "connect.broke_protocol", "Address", o.Address(), "Detail", m.Why)
	}
	return say(err, "connect.not_mqtt", "Address", o.Address(), "Port", o.Port, "Detail", m.Why)
}

func explainRefused(r *app.RefusedError, err error, o app.ConnectOptions) *app.Error {
	key := "connect.refused"
	switch r.Reason {
	case app.ReasonUnsupportedVersion:
		key = "connect.version_refused"
	case app.ReasonBadClientID:
		key = "connect.client_id_refused"
	case app.ReasonBadUserPassword:
		key = "connect.wrong_password"
	case app.ReasonNotAuthorized:
		key = "connect.not_authorized"
	case app.ReasonServerUnavailable, app.ReasonServerBusy:
		key = "connect.unavailable"
	case 0x8A:
		key = "connect.banned"
	case app.ReasonUseAnotherServer, app.ReasonServerMoved:
		key = "connect.moved"
	}
	return proving(o, say(err, key, "Address", o.Address(), "Version", r.Version.String(), "User", o.User, "ClientID", o.ClientID,
		"Reason", r.Reason.Text(), "Detail", r.ReasonString))
}

// explainTLS covers a handshake that failed.
func explainTLS(err error, o app.ConnectOptions) *app.Error {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		verify  *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &unknown):
		return explainUnknown(unknown, err, o)
	case errors.As(err, &name):
		return sayName(name, err, o)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return say(err, "connect.tls.expired", "Host", o.Host)
	case errors.As(err, &record):
		return sayPort(err, o, "connect.tls.not_tls", "Address", o.Address(), "Secret", o.TellsSecrets())
	case errors.As(err, &alert), errors.As(err, &verify), errors.As(err, &invalid):
		return say(err, "connect.tls.failed", "Address", o.Address())
	}
	return nil
}

// sayName says that the certificate is for another name than the one that was
// looked for, which the settings may have chosen.
func sayName(looked x509.HostnameError, err error, o app.ConnectOptions) *app.Error {
	const key = "connect.tls.name_mismatch"
	e := say(err, key, "Host", looked.Host)
	if o.Security.ServerName != "" {
		e.Do = app.Say(key + ".set.do")
	}
	return e
}

// explainUnknown tells a certificate that vouches for itself from one of an
// authority that is not trusted. The one in u may be any of the chain, such as
// that of the authority.
func explainUnknown(u x509.UnknownAuthorityError, err error, o app.ConnectOptions) *app.Error {
	c := u.Cert
	var shown *link.UntrustedError
	if errors.As(err, &shown) {
		c = shown.Chain[0]
	}
	if c != nil && string(c.RawSubject) == string(c.RawIssuer) {
		return say(err, "connect.tls.self_signed", "Host", o.Host)
	}
	if shown != nil && len(shown.Chosen) > 0 {
		e := say(err, "connect.tls.other_authority")
		e.What = otherAuthority(shown)
		return e
	}
	return say(err, "connect.tls.unknown_authority", "Host", o.Host)
}

// explainNetwork covers a link that never came up.
func explainNetwork(err error, o app.ConnectOptions) *app.Error {
	var lost *linkLost
	if errors.As(err, &lost) {
		return nil
	}
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return say(err, "connect.unknown_host", "Host", o.Host)
	case dns != nil:
		return say(err, "connect.name_server", "Host", o.Host)
	case neterr.Refused(err):
		return sayPort(err, o, "connect.nothing_listens", "Host", o.Host, "Port", o.Port)
	case neterr.Unreachable(err):
		return say(err, "connect.unreachable", "Host", o.Host)
	case neterr.TimedOut(err), errors.Is(err, context.DeadlineExceeded), errors.As(err, &op) && op.Timeout():
		return say(err, "connect.timeout", "Address", o.Address())
	}
	return nil
}

// explainLink covers a link that was up.
func explainLink(err error, o app.ConnectOptions) *app.Error {
	var lost *linkLost
	if !errors.As(err, &lost) {
		return nil
	}
	var rival *EvictedError
	switch {
	case errors.As(err, &rival):
		return say(err, "connect.evicted", "ClientID", o.ClientID)
	case lost.Repeated:
		return say(err, "connect.link_lost_again")
	case errors.Is(err, app.ErrKeepAlive), errors.Is(err, os.ErrDeadlineExceeded):
		return say(err, "connect.keep_alive", "Silence", o.KeepAlive)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return say(err, "connect.link_closed", "Address", o.Address())
	}
	return say(err, "connect.link_lost", "Address", o.Address())
}

// refusedSubscription says why the broker refused a filter.
func refusedSubscription(r app.SubResult) *app.Error {
	return say(nil, "subscribe.refused", "Filter", r.Filter, "Reason", r.Reason.Text(), "Detail", r.ReasonString)
}

// Control packet types (MQTT 5.0 §2.1.2) of the answers to requests about
// filters.
const (
	packetSubAck   = 9
	packetUnsubAck = 11
)

// explainSubscribe says why no verdict came for a filter. The link was up when
// the broker was asked: what ended the wait is the end of it, or silence.
func explainSubscribe(filter string, err error, o app.ConnectOptions) *app.Error {
	var said *app.Error
	if errors.As(err, &said) {
		return said
	}
	var malformed *tap.MalformedError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return say(err, "subscribe.no_answer", "Filter", filter)
	case errors.As(err, &malformed) && (malformed.Packet == packetSubAck || malformed.Packet == packetUnsubAck):
		return say(err, "subscribe.bad_answer", "Filter", filter, "Detail", malformed.Why)
	}
	return Explain(&linkLost{Cause: err}, o)
}

// explainPublish says that nobody knows what became of a message, unless the
// client knew better.
func explainPublish(err error) *app.Error {
	var said *app.Error
	if errors.As(err, &said) {
		return said
	}
	if errors.Is(err, app.ErrNotConnected) {
		return say(err, "publish.not_connected")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return say(err, "publish.no_answer")
	}
	return say(err, "publish.outcome_unknown")
}
