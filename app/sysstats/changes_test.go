package sysstats_test

import (
	"testing"
	"time"

	"tidings/app"
	"tidings/app/sysstats"
)

func TestChangesTellsWhatTheScreenHasToReadAgain(t *testing.T) {
	s := sysstats.New()
	at := time.Unix(100, 0)
	message := func(topic, value string) func() {
		return func() { s.Update([]app.Message{{Topic: topic, Payload: []byte(value), Received: at}}) }
	}
	for _, step := range []struct {
		name    string
		do      func()
		changes bool
	}{
		{"the version", message("$SYS/broker/version", "mosquitto version 2.0.11"), true},
		{"a counter", message("$SYS/broker/messages/received", "10"), true},
		{"another value of it", message("$SYS/broker/messages/received", "20"), true},
		{"a topic without a card", message("$SYS/broker/odd", "1"), true},
		{"another topic", message("lab/1", "1"), false},
		{"a second of silence", func() { s.Tick(at.Add(5 * time.Second)) }, true},
		{"reset", s.Reset, true},
	} {
		before := s.Changes()
		step.do()
		if got := s.Changes() != before; got != step.changes {
			t.Errorf("%s: changed %t, want %t", step.name, got, step.changes)
		}
	}
}
