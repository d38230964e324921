package brokerlocal

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

const (
	journalLines = 1000
	journalWidth = 1024 // bytes of a line: a peer chooses names in it
)

// journal is the bounded log the screen shows: the newest journalLines lines.
type journal struct {
	mu    sync.Mutex
	lines []Event
	next  int // where the next line goes once the ring is full
}

func (j *journal) add(at time.Time, text string) {
	if len(text) > journalWidth {
		text = strings.ToValidUTF8(text[:journalWidth], "") + "…"
	}
	e := Event{Time: at, Text: text}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.lines) < journalLines {
		j.lines = append(j.lines, e)
		return
	}
	j.lines[j.next] = e
	j.next = (j.next + 1) % journalLines
}

// all returns the lines, oldest first.
func (j *journal) all() []Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Event, 0, len(j.lines))
	out = append(out, j.lines[j.next:]...)
	return append(out, j.lines[:j.next]...)
}

// handler returns what takes the engine's log: its lines from level info on
// go to the journal, and everything to the program's own log, one level down,
// because clients that come and go are no news to that.
func (j *journal) handler(next slog.Handler) slog.Handler { return journalHandler{j, next} }

type journalHandler struct {
	journal *journal
	next    slog.Handler
}

// quieter is by how much the program's own log takes a line less seriously.
const quieter = slog.LevelInfo - slog.LevelDebug

// Enabled reports whether somebody reads lines of a level.
func (h journalHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || h.next.Enabled(ctx, level-quieter)
}

// Handle writes the line.
func (h journalHandler) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelInfo {
		h.journal.add(r.Time, r.Message)
	}
	if r.Level -= quieter; !h.next.Enabled(ctx, r.Level) {
		return nil
	}
	r.Message = "broker: " + r.Message
	return h.next.Handle(ctx, r)
}

// WithAttrs returns the handler with more attributes.
func (h journalHandler) WithAttrs(a []slog.Attr) slog.Handler {
	return journalHandler{h.journal, h.next.WithAttrs(a)}
}

// WithGroup returns the handler with a group.
func (h journalHandler) WithGroup(name string) slog.Handler {
	return journalHandler{h.journal, h.next.WithGroup(name)}
}
