package v5

import (
	"errors"

	"tidings/app"
)

// Proof is the client's side of enhanced authentication for somebody who
// speaks MQTT 5 without this package's client. It is for one connection and
// one goroutine.
type Proof struct{ e *exchange }

// NewProof begins the exchange that o asks for and returns its first message,
// for the Authentication Data of CONNECT; a nil Proof is none. The error may
// hold an *app.Error.
func NewProof(o app.ConnectOptions) (*Proof, app.Secret, error) {
	e, first, err := newExchange(o)
	if e == nil || err != nil {
		return nil, "", err
	}
	return &Proof{e}, app.Secret(first), nil
}

var errNoExchange = errors.New("AUTH that was not asked for [MQTT-4.12.0-6]")

// Answer takes a whole AUTH packet of the broker and returns the Authentication
// Data of the AUTH that answers it.
func (p *Proof) Answer(frame []byte) (app.Secret, error) {
	if p == nil {
		return "", errNoExchange
	}
	if err := p.e.auth(frame); err != nil {
		return "", err
	}
	return app.Secret(p.e.answer), nil
}

// Check takes the CONNACK, a whole packet, and returns an error when it accepts
// without proof that the broker knows the password too.
func (p *Proof) Check(frame []byte) error {
	if p == nil {
		return nil
	}
	return p.e.connAck(frame)
}
