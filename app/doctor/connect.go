package doctor

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/neterr"
	"tidings/app/session/adapter"
	v5 "tidings/app/session/v5"
)

// talk speaks MQTT over an open link, and closes it.
func (e *examination) talk(ctx context.Context, c net.Conn) {
	t := newTalk(c, e.o.Version)
	defer t.close(ctx)
	e.id = e.clientID()
	var ack wire.ConnAck
	accepted := e.step(ctx, Connect, e.id, func(ctx context.Context) finding { return e.connect(ctx, t, &ack) })
	if !accepted || !e.step(ctx, Ping, "", func(ctx context.Context) finding { return e.ping(ctx, t) }) {
		return
	}
	e.rights(ctx, t, &ack)
	if e.p.OwnID && !t.over && ctx.Err() == nil {
		e.step(ctx, Takeover, e.id, func(ctx context.Context) finding { return e.watch(ctx, t) })
	}
}

func (e *examination) clientID() string {
	if e.p.OwnID && e.o.ClientID != "" {
		return e.o.ClientID
	}
	return app.RandomClientID()
}

// connectPacket is the CONNECT of o under an identifier: without a will, which
// a broken connection would publish, and with a session of its own that ends
// with it, unless the identifier is the connection's own and its session kept.
func connectPacket(o app.ConnectOptions, id string, own bool, first app.Secret) *wire.Connect {
	p := &wire.Connect{Version: o.Version, Clean: !own || o.Clean, KeepAlive: adapter.KeepAlive(o.KeepAlive), ClientID: id}
	if first == "" {
		p.HasUser, p.User = o.User != "", o.User
		p.HasPassword, p.Password = o.Password != "", o.Password
	}
	if o.Version != app.V5 {
		return p
	}
	p.Properties.MaximumPacketSize = maxFrame
	p.Properties.Add(wire.MaximumPacketSize)
	if !p.Clean && o.SessionExpiry > 0 {
		p.Properties.SessionExpiry = o.SessionExpiry
		p.Properties.Add(wire.SessionExpiry)
	}
	if len(o.Session.User) > 0 {
		p.Properties.User = o.Session.User
		p.Properties.Add(wire.UserProperty)
	}
	if first != "" {
		p.Properties.AuthMethod, p.Properties.AuthData = o.Session.AuthenticationMethod, first
		p.Properties.Add(wire.AuthMethod, wire.AuthData)
	}
	return p
}

// greet sends CONNECT and returns the CONNACK that accepts it.
func greet(ctx context.Context, t *talk, o app.ConnectOptions, id string, own bool) (*wire.ConnAck, error) {
	var proof *v5.Proof
	var first app.Secret
	if o.Version == app.V5 {
		var err error
		if proof, first, err = v5.NewProof(o); err != nil {
			return nil, err
		}
	}
	// What Append refuses would be refused by a connection too; what cannot be
	// written because the broker has hung up may have been answered before.
	if err := t.send(ctx, connectPacket(o, id, own, first)); err != nil && !neterr.Ended(err) {
		return nil, err
	}
	for {
		p, frame, err := t.next(ctx)
		if len(frame) > 0 {
			if refused := t.refusal(frame); refused != nil {
				return nil, refused
			}
		}
		if neterr.Ended(err) {
			return nil, &app.ClosedSilentlyError{Version: o.Version, Cause: err}
		}
		if err != nil {
			return nil, err
		}
		switch p := p.(type) {
		case *wire.ConnAck:
			return p, proof.Check(frame)
		case *wire.Auth:
			data, err := proof.Answer(frame)
			if err != nil {
				return nil, err
			}
			answer := &wire.Auth{Reason: 0x18}
			answer.Properties.AuthMethod, answer.Properties.AuthData = app.MethodSCRAM, data
			answer.Properties.Add(wire.AuthMethod, wire.AuthData)
			if err := t.send(ctx, answer); err != nil {
				return nil, err
			}
		default:
			return nil, adapter.Malformed(frame, "the first packet is no CONNACK [MQTT-3.2.0-1]")
		}
	}
}

// connect is the step that asks the broker in.
func (e *examination) connect(ctx context.Context, t *talk, into *wire.ConnAck) finding {
	ack, err := greet(ctx, t, e.o, e.id, e.p.OwnID)
	if err != nil {
		return e.turnedAway(err)
	}
	*into = *ack
	key := "doctor.connect.ok"
	if e.p.OwnID {
		key = "doctor.connect.ok_own"
	}
	return good(key, "Version", e.o.Version.String(), "ClientID", e.id).withConnAck(ack)
}

// turnedAway says why CONNECT did not succeed.
func (e *examination) turnedAway(err error) finding {
	e.err = err
	var stranger *strangerError
	var refused *app.RefusedError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bad(err, "doctor.connect.silent", "Address", e.o.Address())
	case errors.As(err, &stranger):
		return e.stranger(stranger)
	case errors.As(err, &refused) && refused.Reason == app.ReasonBadClientID && !e.p.OwnID:
		return bad(err, "doctor.connect.id_made_up", "ClientID", e.id)
	}
	f := e.explain(err)
	if m, ok := e.without(app.SecretPassword); ok && refused != nil && (refused.Reason == app.ReasonBadUserPassword || refused.Reason == app.ReasonNotAuthorized) {
		f.do = m.do()
	}
	return f
}

// stranger says what answered that is no broker.
func (e *examination) stranger(s *strangerError) finding {
	e.saw = s.saw
	switch s.saw {
	case TLSBytes:
		return bad(s, "doctor.connect.tls", "Address", e.o.Address())
	case HTTP:
		return bad(s, "doctor.connect.http", "Address", e.o.Address())
	case SSH, Greeting:
		return bad(s, "doctor.connect.other", "Address", e.o.Address())
	}
	return bad(s, "connect.not_mqtt", "Address", e.o.Address(), "Port", e.o.Port)
}

// ping asks whether the broker goes on answering (MQTT 5.0 §3.12).
func (e *examination) ping(ctx context.Context, t *talk) finding {
	err := t.send(ctx, &wire.PingReq{})
	for err == nil {
		var p wire.Packet
		p, _, err = t.next(ctx)
		if _, ok := p.(*wire.PingResp); ok && err == nil {
			return good("doctor.ping.ok")
		}
	}
	return e.lost(err, "doctor.ping.silent")
}

// lost says why a connection that stood ended; silent is the key for a broker
// that gave no answer in time.
func (e *examination) lost(err error, silent string) finding {
	e.err = err
	var bye *goodbyeError
	var op *net.OpError
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bad(err, silent)
	case errors.As(err, &op) && op.Op == "remote error": // an alert of TLS
		return e.explain(err)
	case errors.As(err, &bye) && bye.reason == app.ReasonSessionTakenOver:
		return bad(err, "doctor.takeover.taken", "ClientID", e.id)
	case errors.As(err, &bye):
		return bad(err, "doctor.goodbye", "Reason", bye.reason.Text(), "Detail", bye.text)
	case neterr.Ended(err):
		return bad(err, "doctor.closed")
	}
	return bad(err, "doctor.broken")
}

// watchTime is how long another client may take to come back under the same
// identifier.
const watchTime = 3 * time.Second

// watch waits whether another client takes the identifier over.
func (e *examination) watch(ctx context.Context, t *talk) finding {
	watching, cancel := context.WithTimeout(ctx, min(watchTime, e.p.Step/2))
	defer cancel()
	for {
		_, _, err := t.next(watching)
		var bye *goodbyeError
		switch {
		case err == nil:
		case watching.Err() != nil:
			return good("doctor.takeover.ok", "ClientID", e.id)
		case errors.As(err, &bye) && bye.reason == app.ReasonSessionTakenOver, neterr.Ended(err):
			return bad(err, "doctor.takeover.taken", "ClientID", e.id)
		default:
			return e.lost(err, "doctor.ping.silent")
		}
	}
}

// withConnAck adds what the broker said of itself.
func (f finding) withConnAck(a *wire.ConnAck) finding {
	p := &a.Properties
	number := func(name string, id wire.PropertyID, v int) {
		if p.Has(id) {
			f = f.with(name, strconv.Itoa(v))
		}
	}
	f = f.with("reason", p.ReasonString).with("assigned_id", p.AssignedClientID).with("server_reference", p.ServerReference)
	number("keep_alive", wire.ServerKeepAlive, int(p.ServerKeepAlive))
	number("maximum_qos", wire.MaximumQoS, int(p.MaximumQoS))
	number("receive_maximum", wire.ReceiveMaximum, int(p.ReceiveMaximum))
	number("maximum_packet", wire.MaximumPacketSize, int(p.MaximumPacketSize))
	if p.Has(wire.RetainAvailable) {
		f = f.with("retain", yes(p.RetainAvailable == 1))
	}
	if p.Has(wire.WildcardAvailable) {
		f = f.with("wildcards", yes(p.WildcardAvailable == 1))
	}
	return f
}
