package main

import (
	"context"
	"errors"
	"time"

	"tidings/app"
	"tidings/app/certs"
	"tidings/app/hush"
	"tidings/app/session"
	"tidings/app/session/link"
	"tidings/app/session/v3"
	"tidings/app/session/v5"
)

// errStopped says that a signal ended a command before its work was done.
var errStopped = errors.New("stopped before all was done")

// line is a command's connection: a session, as a workspace of the window has
// one, and the printed trace of it.
type line struct {
	console console
	target  *target
	session *session.Session
	changed chan struct{} // holds one: the snapshot is another
	trace   *trace        // nil without -d, and before connect
}

// newLine makes a line that is not connected yet. Close it.
func newLine(c console, t *target) *line {
	l := &line{console: c, target: t, changed: make(chan struct{}, 1)}
	dial := link.Dialer{Keys: certs.NewOpener()}.Dial
	l.session = session.New(session.Params{
		NewClient: func(v app.Version) (app.Client, error) {
			if v == app.V5 {
				return v5.New(v5.Params{Dial: dial}), nil
			}
			return v3.New(v3.Params{Dial: dial}), nil
		},
		SpeaksTLS: link.SpeaksTLS, Changed: l.touch,
	})
	return l
}

// touch notes that the snapshot has changed. It never blocks.
func (l *line) touch() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
	if l.trace != nil {
		l.trace.touch()
	}
}

// connect begins to connect; up tells how it went.
func (l *line) connect(id identity, sink app.Sink, frames ...app.FrameSink) {
	o := id.Options(id.secrets)
	o.Sink = sink
	if l.target.debug || l.target.fields {
		l.trace = newTrace(l.console, l.session, l.target.fields, hush.Of(o))
		frames = append(frames, l.trace)
	}
	if len(frames) > 0 {
		o.Frames = fan(frames)
	}
	l.session.Connect(o)
}

// up waits until the link is up. The error is the reason why it will not be,
// or errStopped when ctx ends first.
func (l *line) up(ctx context.Context) error {
	for {
		switch s := l.session.Snapshot(); s.State {
		case session.Connected:
			return nil
		case session.Failed:
			return s.LastError
		}
		if err := l.next(ctx); err != nil {
			return err
		}
	}
}

// next waits for another snapshot.
func (l *line) next(ctx context.Context) error {
	select {
	case <-l.changed:
		return nil
	case <-ctx.Done():
		return errStopped
	}
}

// close takes leave of the broker with DISCONNECT and prints what is left of
// the trace.
func (l *line) close() error {
	err := l.session.Close()
	if l.trace != nil {
		l.trace.close()
	}
	return err
}

// fan hands frames to several.
type fan []app.FrameSink

// Frames implements app.FrameSink.
func (f fan) Frames(sent bool, frames []byte, at time.Time) {
	for _, sink := range f {
		sink.Frames(sent, frames, at)
	}
}
