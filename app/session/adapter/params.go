package adapter

import (
	"context"
	"log/slog"

	"tidings/app"
	"tidings/app/mqtt/tap"
)

// Dialer opens the link of one connection; link.Dial is one.
type Dialer func(context.Context, app.ConnectOptions, tap.Options) (*tap.Conn, error)

// Params are what a client is made of.
type Params struct {
	Dial Dialer       // required
	Log  *slog.Logger // nil: nothing is logged
	// Tap is handed to Dial for every link, with Version, Sink and Observe filled in.
	Tap tap.Options
}

// Logger returns Log, or one that drops everything.
func (p Params) Logger() *slog.Logger {
	if p.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return p.Log
}

// MaxPacket returns the largest packet taken with o, in bytes: what the options
// say, or else the default of the tap, of which 0 means its own.
func MaxPacket(o app.ConnectOptions, tapped int) int {
	switch {
	case o.Session.MaximumPacket > 0:
		return int(min(o.Session.MaximumPacket, maxPacket))
	case tapped > 0:
		return tapped
	}
	return tap.DefaultMaxPacket
}

// maxPacket is the largest packet that MQTT can express, with its fixed
// header (MQTT 5.0 §2.1.4).
const maxPacket = maxRemaining + 5
