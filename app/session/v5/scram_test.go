package v5_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/mqtt/wire"
	"tidings/app/session/sessiontest"
	"tidings/brokerlocal/brokertest"
)

func scramOptions(host string, port int, user string, password app.Secret) app.ConnectOptions {
	return app.ConnectOptions{
		Host: host, Port: port, Version: app.V5, ClientID: "c", Clean: true, Sink: sessiontest.NewInbox(),
		User: user, Password: password, Session: app.SessionOptions{AuthenticationMethod: app.MethodSCRAM},
	}
}

// frames keeps all that was sent.
type frames struct{ bytes.Buffer }

func (f *frames) Frames(sent bool, b []byte, _ time.Time) {
	if sent {
		f.Write(b)
	}
}

// TestSCRAMProvesThePassword, and never sends it.
func TestSCRAMProvesThePassword(t *testing.T) {
	const password = "pencil, 12=3"
	broker := brokertest.Run(t, brokertest.WithUser("ana,1", password))
	for _, tt := range []struct {
		name, user string
		password   app.Secret
		want       app.ReasonCode
	}{
		{"right", "ana,1", password, app.ReasonSuccess},
		{"wrong password", "ana,1", "other", app.ReasonBadUserPassword},
		{"no password", "ana,1", "", app.ReasonBadUserPassword},
		{"unknown user", "bob", password, app.ReasonBadUserPassword},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newClient(t, app.V5)
			defer func() { _ = c.Close() }()
			o := scramOptions(broker.Host, broker.Port, tt.user, tt.password)
			sent := &frames{}
			o.Frames = sent
			_, err := c.Connect(t.Context(), o)
			var refused *app.RefusedError
			if tt.want == app.ReasonSuccess && err != nil || tt.want != app.ReasonSuccess && (!errors.As(err, &refused) || refused.Reason != tt.want) {
				t.Fatal(err)
			}
			if err == nil {
				if _, err := c.Publish(t.Context(), app.Publish{Topic: "a", QoS: app.QoS1}); err != nil {
					t.Error(err)
				}
				_ = c.Drop()
			}
			if p := tt.password.Reveal(); p != "" && bytes.Contains(sent.Bytes(), []byte(p)) {
				t.Errorf("the password was sent: %q", sent.Bytes())
			}
		})
	}
}

func TestSCRAMMethodRefused(t *testing.T) {
	broker := brokertest.Run(t) // nobody has a password here
	c := newClient(t, app.V5)
	defer func() { _ = c.Close() }()
	var refused *app.RefusedError
	if _, err := c.Connect(t.Context(), scramOptions(broker.Host, broker.Port, "ana", "p")); !errors.As(err, &refused) || refused.Reason != 0x8C {
		t.Error(err)
	}
}

// authPacket is an AUTH with a method and data.
func authPacket(reason byte, method, data string) []byte {
	props := append([]byte{0x15, 0, byte(len(method))}, method...)
	props = append(append(props, 0x16, 0, byte(len(data))), data...)
	return append([]byte{0xF0, byte(len(props) + 2), reason, byte(len(props))}, props...)
}

// messages counts what arrives.
type messages struct{ atomic.Int64 }

func (m *messages) Deliver(batch []app.Message) { m.Add(int64(len(batch))) }

// TestBrokersThatDoNotKeepToSCRAM: whoever answers must prove that it knows
// the password, and cannot keep us computing.
func TestBrokersThatDoNotKeepToSCRAM(t *testing.T) {
	message := []byte{0x30, 4, 0, 1, 'a', 0} // behind CONNACK, so that both may come in one read
	accepted := append([]byte{0x20, 3, 0, 0, 0}, message...)
	const method = app.MethodSCRAM
	nonce := func(connect []byte) string {
		p, err := (&wire.Decoder{}).Decode(connect)
		if err != nil {
			return err.Error()
		}
		_, after, _ := strings.Cut(p.(*wire.Connect).Properties.AuthData.Reveal(), ",r=")
		return after
	}
	for _, tt := range []struct {
		name   string
		answer func(connect []byte) []byte
		then   []byte // after client-final
		want   string // key, or a part of the error
	}{
		{"lets everybody in", func([]byte) []byte { return accepted }, nil, "connect.scram.unproved"},
		{"lets in without a proof", func(c []byte) []byte {
			return authPacket(0x18, method, "r="+nonce(c)+"x,s=QSXCR+Q6sek8bf92,i=4096")
		}, accepted, "connect.scram.unproved"},
		{"with a wrong proof", func(c []byte) []byte {
			return authPacket(0x18, method, "r="+nonce(c)+"x,s=QSXCR+Q6sek8bf92,i=4096")
		}, append([]byte{0x20, 12, 0, 0, 9, 0x16, 0, 6, 'v', '=', 'Y', 'W', 'J', 'j'}, message...), "connect.scram.unproved"},
		{"asks for rounds without end", func(c []byte) []byte {
			return authPacket(0x18, method, "r="+nonce(c)+"x,s=QSXCR+Q6sek8bf92,i=2000000000")
		}, nil, "connect.scram.broken"},
		{"with a nonce of its own", func([]byte) []byte { return authPacket(0x18, method, "r=abc,s=QSXCR+Q6sek8bf92,i=4096") }, nil, "connect.scram.broken"},
		{"with nonsense", func([]byte) []byte { return authPacket(0x18, method, "hello") }, nil, "connect.scram.broken"},
		{"with another method", func(c []byte) []byte { return authPacket(0x18, "PLAIN", "") }, nil, "MQTT-4.12.0-5"},
		{"begins anew", func(c []byte) []byte { return authPacket(0x19, method, "") }, nil, "out of turn"},
		{"without an end", func(c []byte) []byte {
			one := authPacket(0x18, method, "r="+nonce(c)+"x,s=QSXCR+Q6sek8bf92,i=4096")
			return append(one, one...)
		}, nil, "out of turn"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			host, port := sessiontest.Serve(t, func(c net.Conn) {
				b := make([]byte, 1024)
				n, err := c.Read(b)
				if err != nil {
					return
				}
				_, _ = c.Write(tt.answer(b[:n]))
				if tt.then != nil {
					_, _ = c.Read(b)
					_, _ = c.Write(tt.then)
				}
				_, _ = io.Copy(io.Discard, c)
			})
			c := newClient(t, app.V5)
			defer func() { _ = c.Close() }()
			var got messages
			o := scramOptions(host, port, "user", "pencil")
			o.Sink = &got
			_, err := c.Connect(t.Context(), o)
			if n := got.Load(); n > 0 {
				t.Errorf("%d messages of a broker that has proved nothing", n)
			}
			var bad *tap.MalformedError
			if key(err) != tt.want && (!errors.As(err, &bad) || !strings.Contains(bad.Why, tt.want)) {
				t.Errorf("%v", err)
			}
		})
	}
}
