package v3

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

func publish(id uint16) packets.ControlPacket {
	p := packets.NewControlPacket(packets.Publish).(*packets.PublishPacket)
	p.MessageID, p.Qos = id, 2
	return p
}

func TestStoreKeepsOrder(t *testing.T) {
	s := newStore()
	var want []string
	for i := range 200 {
		key := fmt.Sprint("o.", (i*7919)%65535+1)
		want = append(want, key)
		s.Put(key, publish(uint16(i)))
	}
	if got := s.All(); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	s.Close()
	s.Open()
	if len(s.All()) != len(want) {
		t.Error("closing lost the state")
	}
	s.Put("i.1", publish(1))
	if len(s.All()) != len(want) {
		t.Error("a received message is kept")
	}
	s.Reset()
	if len(s.All()) != 0 {
		t.Error("reset kept something")
	}
}

// The identifier of a PUBREL that a reconnect sends again is not free before
// its PUBCOMP.
func TestStoreSettles(t *testing.T) {
	s := newStore()
	s.Put("o.1", publish(1))
	s.Put("o.2", publish(2))
	s.release(1)
	s.release(3) // of no PUBLISH we know
	s.resume()
	if _, ok := s.Get("o.1").(*packets.PubrelPacket); !ok || s.Get("o.3") != nil {
		t.Errorf("%T, %T", s.Get("o.1"), s.Get("o.3"))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.settle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("settled with a PUBREL open: %v", err)
	}
	s.Del("o.1")
	if err := s.settle(t.Context()); err != nil {
		t.Error(err)
	}
	s.release(2)
	s.resume()
	s.Reset() // a clean session waits for nothing
	if err := s.settle(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStoreDeliversOnce(t *testing.T) {
	s := newStore()
	rel := packets.NewControlPacket(packets.Pubrel).(*packets.PubrelPacket)
	rel.MessageID = 5
	for _, step := range []struct {
		name string
		do   func() bool
		want bool
	}{
		{"first", func() bool { return s.first(5, false) }, true},
		{"again with DUP", func() bool { return s.first(5, true) }, false},
		{"a new message that reuses the id", func() bool { return s.first(5, false) }, true},
		{"after PUBREL", func() bool { s.Put("i.5", rel); return s.first(5, true) }, true},
		{"new session", func() bool { s.forgetDelivered(); return s.first(5, true) }, true},
	} {
		if got := step.do(); got != step.want {
			t.Errorf("%s: %t", step.name, got)
		}
	}
}
