package engine

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
)

// terms are what CONNECT asked for and the broker agreed to.
type terms struct {
	version     app.Version
	id          string
	assigned    bool // id is ours
	clean       bool
	keepAlive   uint16 // seconds, as it holds from now on
	imposed     bool   // keepAlive is ours
	expiry      uint32 // seconds the session may outlive the connection
	shortened   bool   // expiry is less than was asked for
	receive     uint16 // messages with QoS > 0 the client takes at once
	packet      int    // bytes of the largest packet the client takes
	aliases     uint16 // topic aliases the client takes
	problemInfo bool   // Reason Strings are welcome everywhere
	information bool   // Response Information is asked for
	will        *will
	method      string // authentication method, "" when there is none
}

// onConnect takes the first packet of a connection.
func (c *connection) onConnect(p *wire.Connect) error {
	c.decoder.Version = p.Version // AUTH may follow
	c.version = p.Version
	t, err := c.agree(p)
	if err != nil {
		return c.refuse(err)
	}
	c.terms = t
	login := auth.Login{
		Client:   auth.Client{ID: t.id, User: strings.Clone(p.User), Address: c.peer, Version: p.Version},
		Password: app.Secret(strings.Clone(p.Password.Reveal())), HasPassword: p.HasPassword,
		Certificate: c.certificate,
	}
	if t.method != "" {
		return c.beginExchange(login, []byte(p.Properties.AuthData.Reveal()))
	}
	ctx := c.engine.running
	if p.HasPassword { // else there is nothing that takes long
		var cancel context.CancelFunc
		ctx, cancel = c.loginContext()
		defer cancel()
	}
	v := c.engine.cfg.Authenticator.Login(ctx, login)
	if !v.OK() {
		return c.refuseLogin(v)
	}
	return c.welcome(v.User, nil)
}

func (c *connection) loginContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.engine.running, c.engine.cfg.ConnectTimeout)
}

// agree turns a CONNECT into terms; nothing in them aliases the packet.
func (c *connection) agree(p *wire.Connect) (*terms, error) {
	l := &c.engine.cfg.Limits
	t := &terms{
		version: p.Version, id: strings.Clone(p.ClientID), clean: p.Clean, keepAlive: p.KeepAlive,
		receive: l.InFlight, packet: wire.MaxRemaining + 5, problemInfo: true,
	}
	if t.id == "" { // [MQTT-3.1.3-6]; 3.x without Clean Session has been refused by the codec
		t.id, t.assigned = "auto-"+rand.Text(), true
	}
	if p.Version == app.V5 {
		c.agreeV5(p, t)
	} else if !p.Clean {
		t.expiry = min(never, l.SessionExpiry)
	}
	if !p.HasWill {
		return t, nil
	}
	if strings.Count(p.Will.Topic, "/") >= l.TopicLevels {
		return nil, endingf(reasonTopicInvalid, "the will topic has too many levels")
	}
	t.will = newWill(p, t, time.Now())
	return t, nil
}

func (c *connection) agreeV5(p *wire.Connect, t *terms) {
	cfg, props := &c.engine.cfg, &p.Properties
	t.method = strings.Clone(props.AuthMethod)
	if props.Has(wire.SessionExpiry) {
		t.expiry = min(props.SessionExpiry, cfg.Limits.SessionExpiry)
		t.shortened = t.expiry < props.SessionExpiry
	}
	if props.Has(wire.ReceiveMaximum) {
		t.receive = min(props.ReceiveMaximum, cfg.Limits.InFlight)
	}
	if props.Has(wire.MaximumPacketSize) {
		t.packet = int(min(props.MaximumPacketSize, wire.MaxRemaining+5))
	}
	t.aliases = min(props.TopicAliasMaximum, cfg.Limits.OutboundAliases)
	t.problemInfo = !props.Has(wire.RequestProblemInfo) || props.RequestProblemInfo == 1
	t.information = props.RequestResponseInfo == 1
	if n := cfg.ServerKeepAlive; n != 0 && (p.KeepAlive == 0 || p.KeepAlive > n) {
		t.keepAlive, t.imposed = n, true
	}
}

// welcome lets a client in whose identity is proved: user is who it is, data
// the last word of an authentication method.
func (c *connection) welcome(user string, data []byte) error {
	t := c.terms
	c.identity.Store(&auth.Client{ID: t.id, User: user, Address: c.peer, Version: t.version})
	if t.will != nil && !c.engine.mayWrite(c.identity.Load(), t.will.message.Topic) {
		c.engine.log.warn("Client %s [%s] disconnected, not authorised: its will may not go to '%s'.", t.id, c.address, t.will.message.Topic)
		return c.refuse(endingf(app.ReasonNotAuthorized, "the will may not go to its topic"))
	}
	ack := c.connAck(data)
	_, err := c.frame(ack)
	if err != nil && ack.Properties.Has(wire.ResponseInfo) { // nobody has to be told
		ack.Properties.Remove(wire.ResponseInfo)
		_, err = c.frame(ack)
	}
	if err != nil {
		return c.refuse(err)
	}
	return c.engine.admit(c, ack)
}

// connAck returns the CONNACK of a client that is let in, without Session
// Present. What is not said has its default (MQTT 5.0 §3.2.2.3).
func (c *connection) connAck(data []byte) *wire.ConnAck {
	ack := &wire.ConnAck{}
	t, l, p := c.terms, &c.engine.cfg.Limits, &ack.Properties
	if t.version != app.V5 {
		return ack
	}
	say := func(id wire.PropertyID, when bool) bool {
		if when {
			p.Add(id)
		}
		return when
	}
	if say(wire.SessionExpiry, t.shortened) {
		p.SessionExpiry = t.expiry
	}
	if say(wire.ReceiveMaximum, l.ReceiveMaximum < 65_535) {
		p.ReceiveMaximum = l.ReceiveMaximum
	}
	if say(wire.MaximumPacketSize, l.PacketSize < wire.MaxRemaining+5) {
		p.MaximumPacketSize = uint32(l.PacketSize)
	}
	if say(wire.AssignedClientID, t.assigned) {
		p.AssignedClientID = t.id
	}
	if say(wire.TopicAliasMaximum, l.TopicAliases > 0) {
		p.TopicAliasMaximum = l.TopicAliases
	}
	if say(wire.ServerKeepAlive, t.imposed) {
		p.ServerKeepAlive = t.keepAlive
	}
	if own := c.responseTopics(); say(wire.ResponseInfo, own != "") {
		p.ResponseInfo = own
	}
	if say(wire.AuthMethod, t.method != "") {
		p.AuthMethod = t.method
	}
	if say(wire.AuthData, data != nil && t.method != "") {
		p.AuthData = app.Secret(data)
	}
	return ack
}

// responseTopics is what a client that asks begins its response topics with: a
// part of the tree for it alone, while its session lasts (MQTT 5.0
// §3.2.2.3.15). "" is for who did not ask, may not read there, or has an
// identifier that is no level of a topic.
func (c *connection) responseTopics() string {
	id := c.terms.id
	if !c.terms.information || len(id) > longTopic || strings.ContainsAny(id, "+#/") {
		return ""
	}
	own := c.engine.cfg.ResponseTopics + "/" + id + "/"
	if !c.engine.cfg.Authorizer.Subscribe(c.identity.Load(), own+"#") {
		return ""
	}
	return own
}

// refuseLogin tells a client that it may not come in.
func (c *connection) refuseLogin(v auth.Verdict) error {
	cause := v.Cause
	if cause == "" {
		cause = v.Code.String()
	}
	c.engine.log.warn("Client %s [%s] disconnected, not authorised: %s.", c.terms.id, c.address, cause)
	return c.refuse(endingf(v.Code, "not authorised"))
}

// refuse answers a CONNECT with what is wrong, as far as its version has
// words for it. It returns errRefused.
func (c *connection) refuse(err error) error {
	c.engine.count.refused.Add(1)
	e, ok := asEnding(err)
	if !ok {
		return err
	}
	ack := &wire.ConnAck{Reason: e.reason}
	if c.version == app.V5 {
		ack.Properties.Add(wire.ReasonString)
		ack.Properties.ReasonString = e.why
	}
	if c.terms != nil && len(e.why)+16 > c.terms.packet { // [MQTT-3.2.2-19]
		ack.Properties.Remove(wire.ReasonString)
	}
	c.engine.log.debug("Sending CONNACK to %s (0, %d)", c.name(), int(e.reason))
	_ = c.send(ack) // who takes not even this learns by the close
	return fmt.Errorf("%w: %w", errRefused, err)
}

// refuseFrame answers a first packet that is no valid CONNECT. Of 3.x a
// return code is told only where one says what is wrong.
func (c *connection) refuseFrame(frame []byte, err error) error {
	c.engine.log.info("Client %s [%s] disconnected due to protocol error: %s", c.name(), c.address, err.Error())
	e, ok := asEnding(err)
	v, isConnect := connectVersion(frame)
	named := v == app.V5 || ok && (e.reason == app.ReasonUnsupportedVersion || e.reason == app.ReasonBadClientID)
	if !ok || !isConnect || !named {
		c.engine.count.refused.Add(1)
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	c.version = v
	return c.refuse(err)
}

// connectVersion finds out in which version to answer a CONNECT that could
// not be decoded: its own, or 3.1.1, whose answer everybody understands.
func connectVersion(frame []byte) (v app.Version, isConnect bool) {
	h, err := wire.Header(frame)
	if err != nil || h.Length == 0 || h.Type != wire.CONNECT {
		return 0, false
	}
	rest := frame[h.Length:]
	if len(rest) < 2 {
		return app.V311, true
	}
	at := 2 + int(rest[0])<<8 + int(rest[1])
	if at < len(rest) && rest[at] >= byte(app.V31) && rest[at] <= byte(app.V5) {
		return app.Version(rest[at]), true
	}
	return app.V311, true
}
