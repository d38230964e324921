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
