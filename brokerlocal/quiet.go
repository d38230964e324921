package brokerlocal

import (
	"context"
	"log/slog"
	"strings"
)

// quietHandler takes the engine's log: everything becomes debug, because what
// a person should know is in our own log, and whole packets are left out,
// because they hold other people's payloads and passwords.
type quietHandler struct{ next slog.Handler }

// Enabled reports whether debug lines are wanted.
func (h quietHandler) Enabled(ctx context.Context, _ slog.Level) bool {
	return h.next.Enabled(ctx, slog.LevelDebug)
}

// Handle passes the record on.
func (h quietHandler) Handle(ctx context.Context, r slog.Record) error {
	if strings.Contains(r.Message, "mochi") { // its banner; ours is the one to read
		return nil
	}
	quiet := slog.NewRecord(r.Time, slog.LevelDebug, "broker engine: "+r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key != "pk" && a.Key != "packet" {
			quiet.AddAttrs(a)
		}
		return true
	})
	return h.next.Handle(ctx, quiet)
}

// WithAttrs returns the handler with more attributes.
func (h quietHandler) WithAttrs(a []slog.Attr) slog.Handler {
	return quietHandler{h.next.WithAttrs(a)}
}

// WithGroup returns the handler with a group.
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.next.WithGroup(name)}
}
