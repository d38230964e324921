package v5_test

import (
	"io"
	"net"
	"testing"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/session/sessiontest"
)

// TestWhatConnectSays: every option of the session and the will stands in
// CONNECT, read by our own codec and not by the library that wrote it.
func TestWhatConnectSays(t *testing.T) {
	got := make(chan *wire.Connect, 1)
	host, port := sessiontest.Serve(t, func(c net.Conn) {
		b := make([]byte, 4096)
		n, err := c.Read(b)
		if err != nil {
			return
		}
		p, err := (&wire.Decoder{}).Decode(b[:n])
		if err != nil {
			t.Error(err)
			return
		}
		got <- p.(*wire.Connect)
		_, _ = c.Write([]byte{0x20, 3, 0, 0, 0})
		_, _ = io.Copy(io.Discard, c)
	})
	expiry := uint32(60)
	c := newClient(t, app.V5)
	defer func() { _ = c.Close() }()
	_, err := c.Connect(t.Context(), app.ConnectOptions{
		Host: host, Port: port, Version: app.V5, ClientID: "c", Sink: sessiontest.NewInbox(),
		Session: app.SessionOptions{
			ReceiveMaximum: 7, MaximumPacket: 5000, TopicAliasMaximum: 9, RequestResponseInfo: true, WithoutProblemInfo: true,
			User: []app.UserProperty{{Name: "a", Value: "1"}, {Name: "a", Value: "2"}},
		},
		Will: &app.Will{Topic: "w", Payload: []byte("x"), QoS: 1, Retain: true, Delay: 30, Properties: &app.Properties{
			PayloadIsUTF8: true, MessageExpiry: &expiry, ContentType: "t", ResponseTopic: "r", CorrelationData: []byte{1}, User: []app.UserProperty{{Name: "u", Value: "v"}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := (<-got)
	q, w := p.Properties, p.Will.Properties
	if q.ReceiveMaximum != 7 || q.MaximumPacketSize != 5000 || q.TopicAliasMaximum != 9 || q.RequestResponseInfo != 1 ||
		!q.Has(wire.RequestProblemInfo) || q.RequestProblemInfo != 0 || len(q.User) != 2 || q.User[1].Value != "2" {
		t.Errorf("CONNECT says %+v", q)
	}
	if w.WillDelay != 30 || w.PayloadFormat != 1 || w.MessageExpiry != 60 || w.ContentType != "t" || w.ResponseTopic != "r" ||
		string(w.CorrelationData) != "\x01" || len(w.User) != 1 || !p.Will.Retain || p.Will.QoS != 1 {
		t.Errorf("the will says %+v", w)
	}
}
