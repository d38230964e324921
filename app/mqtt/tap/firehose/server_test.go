package firehose_test

import (
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"tidings/app"
	"tidings/app/mqtt/tap"
	"tidings/app/mqtt/tap/firehose"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counter counts per topic.
type counter map[string]int

func (c counter) Deliver(batch []app.Message) {
	for _, m := range batch {
		if len(m.Payload) == 64 && m.Properties == nil {
			c[strings.Clone(m.Topic)]++ // it aliases the read buffer
		}
	}
}

func TestEveryVersionGetsEveryMessage(t *testing.T) {
	connect := map[app.Version]string{
		app.V31:  "\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x00\x00\x01t",
		app.V311: "\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01t",
		app.V5:   "\x10\x0e\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x01t",
	}
	subscribe := map[app.Version]string{
		app.V31:  "\x82\x0a\x00\x07\x00\x01#\x00\x00\x01+\x00",
		app.V311: "\x82\x0a\x00\x07\x00\x01#\x00\x00\x01+\x00",
		app.V5:   "\x82\x0d\x00\x07\x02\x0b\x01\x00\x01#\x00\x00\x01+\x00",
	}
	for v, hello := range connect {
		for name, rate := range map[string]int{"flood": 0, "paced": 50_000} {
			t.Run(v.String()+" "+name, func(t *testing.T) { receives(t, v, hello+subscribe[v], rate) })
		}
	}
}

// receives reads all messages of a firehose and counts them.
func receives(t *testing.T, v app.Version, hello string, rate int) {
	t.Helper()
	s, err := firehose.Start(firehose.Config{Topics: 7, Payload: 64, Messages: 7*300 + 3, Rate: rate, Close: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	raw, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port())))
	if err != nil {
		t.Fatal(err)
	}
	got := counter{}
	c := tap.Wrap(raw, tap.Options{Version: v, Sink: got})
	defer c.Close()
	if _, err := c.Write([]byte(hello + "\xC0\x00")); err != nil {
		t.Fatal(err)
	}
	lib, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.Index(lib, 0x90); i < 0 || lib[i+3] != 7 || !slices.Equal(lib[len(lib)-2:], []byte{0xD0, 0}) && lib[len(lib)-1] != 0 {
		t.Errorf("library got %x", lib)
	}
	for i := range 7 {
		want := 300
		if i < 3 {
			want++
		}
		if n := got[firehose.Topic(i)]; n != want {
			t.Errorf("%s: %d messages, want %d", firehose.Topic(i), n, want)
		}
	}
}

// TestCloseEndsASubscriberThatDoesNotRead: Close waits for nobody's good will.
func TestCloseEndsASubscriberThatDoesNotRead(t *testing.T) {
	s, err := firehose.Start(firehose.Config{Topics: 10_000, Payload: 1000, Messages: 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port())))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Write([]byte("\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01t\x82\x06\x00\x07\x00\x01#\x00")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(raw, make([]byte, 4+5+1000)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
