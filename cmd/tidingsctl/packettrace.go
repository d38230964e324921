package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"tidings/app"
	"tidings/app/hush"
	"tidings/app/i18n"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
	"tidings/app/packets/words"
	"tidings/app/session"
)

// clock is how a line of the trace writes its time.
const clock = "15:04:05.000"

// lastLines is how long the trace goes on to print once it is closed: who ends
// a program must not wait for all that a flood left behind.
const lastLines = 2 * time.Second

// trace prints the control packets of a connection and what the session says
// about itself, in the order of their times. Recording never waits for the
// printing: what a slow terminal misses is counted.
type trace struct {
	w       io.Writer
	words   *i18n.Printer
	fields  bool
	session *session.Session
	secrets hush.Secrets // that a broker may repeat
	ring    *packets.Ring
	wake    chan struct{} // holds one
	stop    chan struct{}
	stopped chan struct{}

	// For the printing goroutine alone:
	next  uint64    // the packet to print next
	told  time.Time // of the last entry of the session's log
	until time.Time // when printing ends, once close was called
}

// newTrace starts to print. Close it after the session.
func newTrace(c console, s *session.Session, fields bool, secrets hush.Secrets) *trace {
	t := &trace{
		w: c.err, words: c.words, fields: fields, session: s, secrets: secrets, ring: packets.New(0), next: 1,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go t.run()
	return t
}

// Frames implements app.FrameSink.
func (t *trace) Frames(sent bool, frames []byte, at time.Time) {
	from := wire.FromServer
	if sent {
		from = wire.FromClient
	}
	t.ring.Observe(from, frames, at.UnixNano())
	t.touch()
}

func (t *trace) touch() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// close prints what is left, for lastLines at most, and ends.
func (t *trace) close() {
	close(t.stop)
	<-t.stopped
}

func (t *trace) run() {
	defer close(t.stopped)
	for {
		select {
		case <-t.wake:
			t.print()
		case <-t.stop:
			t.print()
			return
		}
	}
}

// print writes everything that is new.
func (t *trace) print() {
	w := bufio.NewWriter(t.w)
	defer func() { _ = w.Flush() }() // there is nobody to tell
	news := t.news()
	for {
		stats := t.ring.Stats()
		if t.late() {
			stats.First = stats.Next
		}
		if t.next < stats.First {
			_, _ = fmt.Fprintf(w, "… %d packets are not shown: they came faster than they could be printed\n", stats.First-t.next)
			t.next = stats.First
		}
		p, ok := t.ring.Packet(t.next)
		if !ok && t.next >= stats.Next {
			break
		}
		for ok && len(news) > 0 && news[0].Time.UnixNano() <= p.At {
			t.say(w, news[0])
			news = news[1:]
		}
		t.next++
		if ok {
			t.packet(w, p)
		}
	}
	for _, e := range news {
		t.say(w, e)
	}
}

// late reports whether lastLines have passed since close.
func (t *trace) late() bool {
	select {
	case <-t.stop:
		now := time.Now()
		if t.until.IsZero() {
			t.until = now.Add(lastLines)
		}
		return !now.Before(t.until)
	default:
		return false
	}
}

// news returns the new entries of the session's log.
func (t *trace) news() []session.Entry {
	history := t.session.Snapshot().History
	for len(history) > 0 && !history[0].Time.After(t.told) {
		history = history[1:]
	}
	if len(history) > 0 {
		t.told = history[len(history)-1].Time
	}
	return history
}

func (t *trace) say(w io.Writer, e session.Entry) {
	_, _ = fmt.Fprintf(w, "%s   %s\n", e.Time.Format(clock), oneLine(t.words.Say(e.Text)))
}

// packet writes a packet's line and, when asked, its fields.
func (t *trace) packet(w io.Writer, p packets.Packet) {
	arrow, said := "→", words.MainFields(t.words, p.Row)
	if p.From == wire.FromServer {
		arrow, said, p.Bytes = "←", t.secrets.Line(said), t.secrets.Blank(p.Bytes)
	}
	text := fmt.Sprintf("%s %s %-11s  %s", time.Unix(0, p.At).Format(clock), arrow, p.Type, said)
	text = strings.TrimRight(text, " ") + "   " + t.words.Bytes(int64(p.Size))
	if p.Answers != 0 {
		text += " · after " + t.words.Duration(time.Duration(p.Took))
	}
	_, _ = fmt.Fprintln(w, oneLine(text))
	if t.fields {
		for _, f := range p.Fields() {
			_, _ = fmt.Fprintln(w, fieldLine(t.words, f, p.Bytes))
		}
		if p.Kept < p.Size {
			_, _ = fmt.Fprintf(w, "             the first %d of %d bytes are kept\n", p.Kept, p.Size)
		}
	}
}

// shownBytes is how many bytes of a field its line shows.
const shownBytes = 12

// fieldLine writes a field as "offset  bytes  name: value".
func fieldLine(tr *i18n.Printer, f wire.Field, packet []byte) string {
	from := min(max(f.Offset, 0), len(packet))
	b := packet[from:min(from+max(f.Length, 0), len(packet))]
	shown := ""
	switch {
	case f.Group: // its bytes are those of its parts
	case f.Bits != 0 && len(b) == 1:
		shown = words.BitPattern(b[0], f.Bits)
	default:
		shown = strings.ToUpper(spacedHex(b[:min(len(b), shownBytes)]))
		if len(b) > shownBytes {
			shown += "…"
		}
	}
	text := fmt.Sprintf("    %05d  %-36s  %s%s", f.Offset, shown, strings.Repeat("  ", max(f.Depth-1, 0)), words.FieldName(tr, f.Name))
	if f.Value != "" {
		text += ": " + f.Value
	}
	if f.Violation != "" {
		text += "   ! " + f.Violation
	}
	return strings.TrimRight("    "+oneLine(text), " ")
}

func spacedHex(b []byte) string {
	parts := make([]string, len(b))
	for i := range b {
		parts[i] = hex.EncodeToString(b[i : i+1])
	}
	return strings.Join(parts, " ")
}

var _ app.FrameSink = (*trace)(nil)
