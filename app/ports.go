package app

import (
	"context"
	"time"
)

// Client is one MQTT client over its whole session: it may connect, lose the
// link and connect again, and keeps the session's state (packet identifiers,
// messages in flight) in between. It never reconnects by itself; app/session
// does. All methods are safe for concurrent use.
type Client interface {
	// Connect dials, sends CONNECT and returns when CONNACK arrived or the
	// attempt failed. Cancelling ctx ends it at once. A refusal is an error
	// that holds a *RefusedError.
	Connect(ctx context.Context, o ConnectOptions) (ConnAck, error)
	// Publish returns when the QoS flow has ended. A refusal by the broker
	// (PUBACK or PUBREC >= 0x80) is a result, not an error; an error means
	// that the outcome is unknown or the message was never sent.
	Publish(ctx context.Context, p Publish) (PubResult, error)
	// Subscribe sends one SUBSCRIBE and returns a verdict per filter in the
	// order given.
	Subscribe(ctx context.Context, s ...Subscription) ([]SubResult, error)
	// Unsubscribe sends one UNSUBSCRIBE. 3.x brokers give no verdict: every
	// reason is then ReasonSuccess.
	Unsubscribe(ctx context.Context, filters ...string) ([]SubResult, error)
	// Disconnect sends DISCONNECT (r is MQTT 5 only) and closes the link.
	Disconnect(ctx context.Context, r ReasonCode) error
	// Drop cuts the link without DISCONNECT, so that the broker publishes
	// the will. No EventDown follows: we asked for it.
	Drop() error
	// Close drops what is open, waits for every goroutine and closes Events.
	Close() error
	// Events reports changes of state that nobody asked for. It is closed by
	// Close, last.
	Events() <-chan Event
}

// FrameSink sees every whole control packet of a connection, in order per
// direction, several behind each other at once. Frames runs on the connection's
// reader or on a writer: it must not block and must not keep frames. sent tells
// what went to the broker from what came; at is when it was read or handed to
// the system. Safe for concurrent use.
type FrameSink interface {
	Frames(sent bool, frames []byte, at time.Time)
}

// Sink takes received messages. Deliver runs on the connection's reader: it
// may only append and must not block; PUBACK or PUBREC goes out after it
// returned. The slice, the topics and the payloads are the caller's again
// when Deliver returns. Deliver is safe for concurrent use: QoS 0 messages
// may come from another goroutine than the rest (MQTT 5.0 §4.6 orders per
// topic and QoS only).
type Sink interface {
	Deliver(batch []Message)
}

// Traffic counts what went over one connection's link, as the tap saw it.
type Traffic struct {
	FramesIn, FramesOut uint64
	BytesIn, BytesOut   uint64
}
