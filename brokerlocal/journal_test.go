package brokerlocal

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestLogHoldsNoSecrets(t *testing.T) {
	var log lockedBuffer
	const everything = slog.LevelDebug - 10
	b := New(Config{Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: everything}))})
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := dial(t, addressOf(b))
	p.send(packetOf(0x10, join(text("MQTT"), []byte{4, 0xC2, 0, 0}, text("x"), text("ana"), text("hunter2"))...))
	p.read()
	p.send(publishOf(4, 2, 1, "a", "hunter2"))
	p.read()
	p.send(packetOf(0x62, 0, 9)) // answered; unknown identifier
	p.read()
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := log.String(); strings.Contains(s, "hunter2") || !strings.Contains(s, "Received PUBLISH from x") {
		t.Errorf("the log tells too much or too little:\n%s", s)
	}
	if strings.Contains(log.String(), "level=INFO") {
		t.Errorf("clients that come and go are news to the program's log:\n%s", log.String())
	}
}

func TestJournalIsBounded(t *testing.T) {
	var j journal
	for i := range journalLines + 7 {
		j.add(time.Now(), fmt.Sprintf("line %d ", i)+strings.Repeat("é", journalWidth))
	}
	all := j.all()
	if len(all) != journalLines || all[0].Text[:7] != "line 7 " {
		t.Errorf("%d lines, first %q", len(all), all[0].Text)
	}
	if len(all[0].Text) > journalWidth+len("…") {
		t.Errorf("a line of %d bytes", len(all[0].Text))
	}
}
