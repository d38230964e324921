package engine

import (
	"errors"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Reason codes that package app has no name for (MQTT 5.0 §2.4).
const (
	reasonNoSubscription app.ReasonCode = 0x11
	reasonImplementation app.ReasonCode = 0x83
	reasonShuttingDown   app.ReasonCode = 0x8B
	reasonBadMethod      app.ReasonCode = 0x8C
	reasonFilterInvalid  app.ReasonCode = 0x8F
	reasonTopicInvalid   app.ReasonCode = 0x90
	reasonIDNotFound     app.ReasonCode = 0x92
	reasonReceiveMaximum app.ReasonCode = 0x93
	reasonAliasInvalid   app.ReasonCode = 0x94
	reasonQuota          app.ReasonCode = 0x97
	reasonConnectionRate app.ReasonCode = 0x9F
	reasonContinue       app.ReasonCode = 0x18
	reasonReauthenticate app.ReasonCode = 0x19
	reasonAdministrative app.ReasonCode = 0x98
)

// ending is why the broker ends a connection: the reason the client is told
// as far as its version has one, and the words of the log.
type ending struct {
	reason app.ReasonCode
	why    string // for the log and, as Reason String, for an MQTT 5 client
}

// Error returns the words.
func (e *ending) Error() string { return e.why }

// errDone ends a connection by the client's own DISCONNECT; errTaken one
// whose client has connected anew; errRefused one that was told so by its
// CONNACK.
var (
	errDone    = errors.New("the client has disconnected")
	errLeft    = errors.New("the client has disconnected and left its will")
	errTaken   = errors.New("the client has connected anew")
	errRefused = errors.New("the connection was refused")
	errStopped = errors.New("the broker has stopped")
)

func endingf(reason app.ReasonCode, why string) error { return &ending{reason: reason, why: why} }

// asEnding turns what a connection ended with into what its client is told;
// ok is false when there is nothing to tell or nobody to hear it.
func asEnding(err error) (e *ending, ok bool) {
	var broken *wire.Error
	switch {
	case errors.As(err, &e):
		return e, true
	case errors.As(err, &broken):
		return &ending{reason: broken.Reason, why: err.Error()}, true
	}
	return nil, false
}
