package adapter

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"time"
	"unicode/utf8"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/mqtt/topic"
	"tidings/app/neterr"
	"tidings/app/profilecheck"
)

// ConnectTime bounds the way from CONNECT to CONNACK, and, together with the
// time-out of the link, one attempt to connect, when the caller's context does
// not.
const ConnectTime = 20 * time.Second

// attemptTime returns how long an attempt with o may take.
func attemptTime(o app.ConnectOptions) time.Duration {
	if o.Link.Timeout > 0 {
		return o.Link.Timeout + ConnectTime
	}
	return app.DefaultConnectTimeout + ConnectTime
}

// CheckOptions refuses, in words, options that cannot be written into a
// CONNECT packet: the libraries would send them all the same.
func CheckOptions(o app.ConnectOptions) error {
	for _, s := range []struct{ field, value string }{
		{"client_id", o.ClientID}, {"user", o.User}, {"password", o.Password.Reveal()},
	} {
		switch {
		case len(s.value) > math.MaxUint16: // MQTT 5.0 §1.5.4, §1.5.6
			return &app.Error{What: app.Say("connect.option_too_long", "Field", app.Say("connect.field."+s.field), "Bytes", len(s.value), "Max", math.MaxUint16), Do: app.Say("connect.option_too_long.do")}
		case s.field != "password" && !text(s.value): // [MQTT-1.5.4-1] [MQTT-1.5.4-2]
			return &app.Error{What: app.Say("connect.option_not_text", "Field", app.Say("connect.field."+s.field)), Do: app.Say("connect.option_not_text.do")}
		}
	}
	if o.Version != app.V5 && o.User == "" && o.Password != "" { // [MQTT-3.1.2-22]
		return &app.Error{What: app.Say("connect.password_without_user", "Version", o.Version.String()), Do: app.Say("connect.password_without_user.do")}
	}
	if o.Sink == nil {
		return errors.New("connect options without a sink")
	}
	if err := checkWill(o.Will); err != nil {
		return err
	}
	found := profilecheck.Session(o)
	if o.Will != nil {
		found = append(found, profilecheck.Will(*o.Will, o.Version)...)
	}
	if len(found) > 0 {
		return found[0].Err
	}
	return nil
}

func checkWill(w *app.Will) error {
	if w == nil {
		return nil
	}
	if len(w.Payload) > math.MaxUint16 { // MQTT 5.0 §3.1.3.4: binary data
		return &app.Error{What: app.Say("connect.option_too_long", "Field", app.Say("connect.field.will"), "Bytes", len(w.Payload), "Max", math.MaxUint16), Do: app.Say("connect.option_too_long.do")}
	}
	if !w.QoS.Valid() { // [MQTT-3.1.2-12]
		return badQoS(w.QoS)
	}
	return topic.ValidateName(w.Topic)
}

// text reports whether s may be an MQTT string.
func text(s string) bool {
	for i := range len(s) {
		if s[i] == 0 {
			return false
		}
	}
	return utf8.ValidString(s)
}

func badQoS(q app.QoS) error {
	return &app.Error{What: app.Say("publish.bad_qos", "QoS", int(q)), Do: app.Say("publish.bad_qos.do")}
}

// CheckPublish refuses, in words, a message that no broker could take.
func CheckPublish(p app.Publish) error {
	if !p.QoS.Valid() {
		return badQoS(p.QoS)
	}
	if err := topic.ValidateName(p.Topic); err != nil {
		return err
	}
	// Remaining length is at most 268,435,455 (MQTT 5.0 §1.5.5); a KiB is
	// more than the rest of the variable header without properties.
	if size := len(p.Payload) + len(p.Topic) + 1024; size > maxRemaining {
		return &app.Error{What: app.Say("publish.too_large", "Size", app.ByteCount(len(p.Payload)), "Limit", app.ByteCount(maxRemaining)), Do: app.Say("publish.too_large.do")}
	}
	return nil
}

const maxRemaining = 268_435_455

// CheckSubscriptions refuses, in words, filters that no broker could take.
func CheckSubscriptions(subs []app.Subscription) error {
	if len(subs) == 0 { // [MQTT-3.8.3-2]
		return errors.New("subscribe without a filter")
	}
	for _, s := range subs {
		if !s.QoS.Valid() {
			return badQoS(s.QoS)
		}
		if err := topic.ValidateFilter(s.Filter); err != nil {
			return err
		}
	}
	return nil
}

// CheckFilters refuses, in words, what cannot stand in an UNSUBSCRIBE.
func CheckFilters(filters []string) error {
	if len(filters) == 0 { // [MQTT-3.10.3-2]
		return errors.New("unsubscribe without a filter")
	}
	for _, f := range filters {
		if err := topic.ValidateFilter(f); err != nil {
			return err
		}
	}
	return nil
}

// ConnectFailed turns the failure of an attempt, whose link was up, into the
// error that app.Client promises. err is what the library said; the tap knows
// better: a CONNACK in the format of another version, a silent close, a
// broken rule.
func ConnectFailed(ctx context.Context, t *tap.Conn, v app.Version, err error) error {
	if _, code, ok := t.ConnAck(); ok && code != 0 {
		return Refused(v, code, "")
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	read := t.Err()
	var large *app.PacketTooLargeError
	var malformed *tap.MalformedError
	answered := t.Traffic().BytesIn > 0
	switch {
	case errors.As(read, &large): // a CONNACK is small: this is some other protocol
		return &tap.MalformedError{Reason: app.ReasonProtocolError, Why: fmt.Sprintf("the first packet is no CONNACK [MQTT-3.2.0-1]: %v", read)}
	case errors.As(read, &malformed):
		return read
	case answered: // whatever it was, it was no CONNACK
		return &tap.MalformedError{Reason: app.ReasonProtocolError, Why: fmt.Sprintf("the first packet is no CONNACK [MQTT-3.2.0-1]: %v", err)}
	case neterr.Ended(read):
		return &app.ClosedSilentlyError{Version: v, Cause: read}
	case read != nil && !errors.Is(read, net.ErrClosed):
		return read
	}
	return err
}

// Refused returns the refusal that a CONNACK with this code is. A code below
// 0x80 is a return code of 3.x, whatever version was asked for: MQTT 5 has no
// such reason (MQTT 5.0 §3.2.2.2), and a 3.1.1 broker answers so.
func Refused(v app.Version, code byte, text string) *app.RefusedError {
	if code < 0x80 {
		return &app.RefusedError{Version: v, Reason: app.ConnectReturn3(code), ReasonString: text, Return3: code}
	}
	return &app.RefusedError{Version: v, Reason: app.ReasonCode(code), ReasonString: text}
}

// KeepAlive returns the keep alive time in whole seconds as CONNECT carries
// it: a fraction counts as a second, so that it does not switch off, and what
// is above 65,535 becomes that (MQTT 5.0 §3.1.2.10).
func KeepAlive(d time.Duration) uint16 {
	if d <= 0 {
		return 0
	}
	return uint16(min((d+time.Second-1)/time.Second, math.MaxUint16))
}

// WhyEnded returns why the link of c ended: our own judgement of a packet when
// err holds one, else what the tap saw, which is nearer to the truth than what
// a library made of it (err), unless the link was ended on this side.
func WhyEnded(c *tap.Conn, err error) error {
	var malformed *tap.MalformedError
	if errors.As(err, &malformed) {
		return malformed // the tap may have read on to the end
	}
	if read := c.Err(); read != nil && !errors.Is(read, net.ErrClosed) {
		return read
	}
	return err
}
