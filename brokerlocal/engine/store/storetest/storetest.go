package storetest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/brokerlocal/engine/message"
	"tidings/brokerlocal/engine/store"
)

// Place is where a store is: opening it again finds what was committed.
type Place interface {
	// Open opens the store. One is open at a time.
	Open() (store.Store, error)
	// Copy returns a copy of the place as it is now, while the store may be
	// open: what is found after the process was killed.
	Copy() (Place, error)
}

// Run checks the contract. fresh returns a place where nothing is yet.
func Run(t *testing.T, fresh func(*testing.T) Place) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(*testing.T, Place)
	}{
		{"an empty store has nothing and begins with session 1", testEmpty},
		{"everything comes back as it was", testEverything},
		{"entries come back in order of session and sequence number", testOrder},
		{"a message is stored once and lives as long as it is referred to", testShared},
		{"a released entry keeps its place and no message", testReleased},
		{"a retained message replaces the one before", testRetained},
		{"long topics and filters are told apart", testLong},
		{"a dropped session leaves nothing behind", testDropSession},
		{"nothing is stored for a session that is not there", testNoSession},
		{"session numbers are never used again", testNumbers},
		{"a batch is stored whole or not at all", testWhole},
		{"a copy taken between commits is complete", testCopy},
		{"what Load gives makes the same store", testReplay},
		{"a closed store says so", testClosed},
		{"any operations lead where the model says", testModel},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, fresh(t)) })
	}
}

// Message returns a message with all properties that are stored.
func Message(topic, payload string) *message.Message {
	p := &wire.Publish{Topic: topic, Payload: []byte(payload), QoS: app.QoS1, Retain: true}
	p.Properties = wire.Properties{
		PayloadFormat: 1, MessageExpiry: 60, ContentType: "text/plain", ResponseTopic: "answer",
		CorrelationData: []byte{0, 1, 2}, User: []app.UserProperty{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}},
	}
	p.Properties.Add(wire.PayloadFormat, wire.MessageExpiry, wire.ContentType, wire.ResponseTopic, wire.CorrelationData, wire.UserProperty)
	return message.New(p, "publisher", time.Unix(1000, 7))
}

// Session returns an operation that puts a session with this number.
func Session(n uint64) store.PutSession {
	return store.PutSession{Session: store.Session{Number: n, ClientID: fmt.Sprint("client ", n), Version: app.V5, Expiry: 3600}}
}

// Queued returns an operation that puts a queue entry.
func Queued(session, seq uint64, m *message.Message) store.PutQueued {
	return store.PutQueued{Session: session, Seq: seq, Message: m, QoS: app.QoS1}
}

func open(t *testing.T, p Place) store.Store {
	t.Helper()
	s, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func commit(t *testing.T, s store.Store, ops ...store.Op) {
	t.Helper()
	if err := s.Commit(ops); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, s store.Store) (ops []store.Op, next uint64) {
	t.Helper()
	next, err := s.Load(func(op store.Op) error {
		ops = append(ops, op)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return ops, next
}

func closeStore(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// expect checks what is loaded from s, and again after opening it again.
func expect(t *testing.T, p Place, s store.Store, want ...store.Op) {
	t.Helper()
	for _, when := range []string{"at once", "opened again"} {
		got, _ := load(t, s)
		if diff := difference(got, want); diff != "" {
			t.Fatalf("%s: %s", when, diff)
		}
		closeStore(t, s)
		s = open(t, p)
	}
	closeStore(t, s)
}

func difference(got, want []store.Op) string {
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = show(got[i])
		}
		if i < len(want) {
			w = show(want[i])
		}
		if g != w {
			return fmt.Sprintf("operation %d is\n%s\nwant\n%s", i, g, w)
		}
	}
	return ""
}

// show returns an operation with its message in full, Number left out.
func show(op store.Op) string {
	var b strings.Builder
	var put func(v any)
	put = func(v any) {
		switch v := v.(type) {
		case *message.Message:
			if v == nil {
				b.WriteString("no message")
				return
			}
			raw, _ := v.AppendBinary(nil)
			fmt.Fprintf(&b, "%x", raw)
		case *store.Will:
			if v == nil {
				b.WriteString("no will")
				return
			}
			fmt.Fprintf(&b, "%d %d %v %d ", v.Delay, v.Expiry, v.HasExpiry, v.Due)
			put(v.Message)
		case store.Session:
			fmt.Fprintf(&b, "%d %q %q %v %d %d ", v.Number, v.ClientID, v.User, v.Version, v.Expiry, v.Disconnected)
			put(v.Will)
		default:
			fmt.Fprintf(&b, "%v", v)
		}
		b.WriteString(" ")
	}
	fmt.Fprintf(&b, "%T ", op)
	v := reflect.ValueOf(op)
	for i := range v.NumField() {
		put(v.Field(i).Interface())
	}
	return b.String()
}
