package engine

import (
	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/auth"
)

// Enhanced authentication (MQTT 5.0 §4.12): the exchange stands between
// CONNECT and CONNACK, and may be repeated while connected.

// beginExchange starts the method that a CONNECT names.
func (c *connection) beginExchange(l auth.Login, data []byte) error {
	c.exchange = c.engine.cfg.Enhanced.Begin(c.terms.method, l)
	if c.exchange == nil { // [MQTT-4.12.0-1]
		return c.refuseLogin(auth.Verdict{Code: reasonBadMethod, Cause: "authentication method '" + c.terms.method + "' is not known"})
	}
	return c.stepExchange(data)
}

// onAuth takes an AUTH, before CONNACK or after.
func (c *connection) onAuth(p *wire.Auth) error {
	if c.engine.log.debugs() {
		c.engine.log.debug("Received AUTH from %s (rc%d)", c.name(), int(p.Reason))
	}
	switch {
	case c.terms == nil || c.terms.method == "": // [MQTT-4.12.0-7]
		return endingf(app.ReasonProtocolError, "AUTH without an authentication method in CONNECT")
	case p.Properties.AuthMethod != c.terms.method: // [MQTT-4.12.0-5] [MQTT-4.12.1-1]
		return c.protest("AUTH with another authentication method than CONNECT")
	case c.exchange != nil && p.Reason != reasonContinue,
		c.exchange == nil && p.Reason != reasonReauthenticate:
		return c.protest("AUTH with a reason code that is out of turn")
	}
	if c.exchange == nil {
		who := c.identity.Load()
		l := auth.Login{Client: *who, Certificate: c.certificate, Authenticated: who.User, Again: true}
		if c.exchange = c.engine.cfg.Enhanced.Begin(c.terms.method, l); c.exchange == nil {
			return endingf(reasonBadMethod, "the authentication method is not known any more")
		}
	}
	return c.stepExchange([]byte(p.Properties.AuthData.Reveal()))
}

// protest ends a connection for a protocol error, in CONNACK while there was
// none [MQTT-3.14.0-1].
func (c *connection) protest(why string) error {
	err := endingf(app.ReasonProtocolError, why)
	if c.client == nil {
		return c.refuse(err)
	}
	return err
}

func (c *connection) stepExchange(data []byte) error {
	ctx, cancel := c.loginContext()
	defer cancel()
	s := c.exchange.Step(ctx, data)
	if s.Code == reasonContinue {
		return c.sayAuth(reasonContinue, s.Data)
	}
	c.exchange.Close()
	c.exchange = nil
	switch {
	case c.client == nil && s.OK():
		return c.welcome(s.User, s.Data)
	case c.client == nil:
		return c.refuseLogin(s.Verdict)
	case !s.OK():
		return endingf(s.Code, "re-authentication failed")
	}
	who := *c.identity.Load()
	who.User = s.User
	c.identity.Store(&who)
	c.engine.identities.Add(1)
	return c.sayAuth(app.ReasonSuccess, s.Data)
}

// sayAuth sends an AUTH, or refuses a client that takes none so large.
func (c *connection) sayAuth(reason app.ReasonCode, data []byte) error {
	p := &wire.Auth{Reason: reason}
	p.Properties.Add(wire.AuthMethod)
	p.Properties.AuthMethod = c.terms.method
	if data != nil {
		p.Properties.Add(wire.AuthData)
		p.Properties.AuthData = app.Secret(data)
	}
	err := c.send(p)
	if err != nil && c.client == nil {
		return c.refuse(err)
	}
	return err
}
