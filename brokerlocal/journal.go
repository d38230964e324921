package brokerlocal

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"
)

const (
	journalLines = 1000
	journalWord  = 80 // bytes of a name a peer chose
)

// journal is the bounded log the screen shows: the newest journalLines lines.
type journal struct {
	mu    sync.Mutex
	lines []Event
	next  int // where the next line goes once the ring is full
}

func (j *journal) addf(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = printable(s)
		}
	}
	e := Event{Time: time.Now(), Text: fmt.Sprintf(format, args...)}
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

// printable makes a peer's text safe to show on one line and bounds it.
func printable(s string) string {
	if len(s) > journalWord {
		s = strings.ToValidUTF8(s[:journalWord], "")
		s += "…"
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
