package doctor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"testing"
	"time"

	"tidings/app"
)

// said is a connection on which somebody says something and then ends it.
type said struct {
	net.Conn
	io.Reader
}

func (s said) Read(p []byte) (int, error)     { return s.Reader.Read(p) }
func (said) Write(p []byte) (int, error)      { return len(p), nil }
func (said) Close() error                     { return nil }
func (said) SetDeadline(time.Time) error      { return nil }
func (said) SetReadDeadline(time.Time) error  { return nil }
func (said) SetWriteDeadline(time.Time) error { return nil }

// hear takes a whole conversation with somebody who says b.
func hear(v app.Version, b []byte) error {
	o := app.ConnectOptions{Version: v, ClientID: "c", Clean: true}
	t := newTalk(said{Reader: bytes.NewReader(b)}, v)
	ctx := context.Background()
	e := &examination{Doctor: New(Params{Options: o, Topic: "a"}), o: o}
	ack, err := greet(ctx, t, o, "c", false)
	if err != nil {
		e.turnedAway(err)
		return err
	}
	good("doctor.connect.ok").withConnAck(ack)
	e.ping(ctx, t)
	e.rights(ctx, t, ack)
	return nil
}

// FuzzAnswers: whatever a server says, the conversation ends, and nothing
// grows with what it announces.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		"", " ", "\x20", "\x20\x02\x00\x00\xd0\x00", "\x20\x02\x00\x05", "\x20\x03\x00\x00\x00\xd0\x00\x90\x04\x00\x01\x00\x01\x40\x02\x00\x02",
		"\x20\xff\xff\xff\x7f", "\x20\xff\xff\xff\xff\xff", "\xf0\x00", "\xf0\x02\x18\x00", "\x20\x03\x00\x87\x00", "\x20\x00", "\x30\xff\xff\xff\x7f",
		"HTTP/1.1 400 Bad Request\r\n\r\n", "H", "\x15\x03\x01\x00\x02\x02\x0a", "SSH-2.0-x\r\n", "220 mail\r\n", "\x20\x03\x00\x00\x00\xe0\x02\x8e\x00",
	} {
		f.Add([]byte(seed), byte(app.V5))
		f.Add([]byte(seed), byte(app.V311))
	}
	f.Fuzz(func(t *testing.T, b []byte, v byte) {
		switch version := app.Version(v); version {
		case app.V31, app.V311, app.V5:
			_ = hear(version, b)
		}
		_ = Speaks(b).String()
	})
}

// zeros never ends.
type zeros struct{ n int }

func (z *zeros) Read(p []byte) (int, error) {
	clear(p)
	z.n += len(p)
	return len(p), nil
}

func TestReadingIsBounded(t *testing.T) {
	const connAck = "\x20\x03\x00\x00\x00"
	for _, tt := range []struct {
		name string
		head string
		most int // bytes that may be read
	}{
		{"a stranger without end", "", 8 << 10},
		{"a CONNACK of 256 MB", "\x20\xff\xff\xff\x7f", 8 << 10},
		{"a message of 256 MB", connAck + "\x30\xff\xff\xff\x7f", 8 << 10},
		{"a SUBACK of 256 MB", connAck + "\x90\xff\xff\xff\x7f", 8 << 10},
		{"a message of 12 MB and another", connAck + "\x30\x80\x80\x80\x06", 17 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			z := &zeros{}
			c := said{Reader: io.MultiReader(bytes.NewReader([]byte(tt.head)), z)}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			conversation := newTalk(c, app.V5)
			var err error
			for err == nil {
				_, _, err = conversation.next(t.Context())
			}
			runtime.ReadMemStats(&after)
			if z.n > tt.most {
				t.Errorf("%d bytes were read, want at most %d", z.n, tt.most)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 2*maxFrame {
				t.Errorf("%d bytes of memory were taken", grown)
			}
		})
	}
}

func TestSpeaks(t *testing.T) {
	for text, want := range map[string]Protocol{
		"": Unknown, "HTTP/1.1 400": HTTP, "HTT": Unknown, "\x15\x03\x01\x00\x02\x02\x0a": TLSBytes, "\x16\x03": TLSBytes, "\x15": Unknown,
		"SSH-2.0-OpenSSH": SSH, "220 mail.example ESMTP\r\n": Greeting, "\x20\x02\x00\x00": MQTT, "\x20": MQTT, "\xf0\x02": MQTT, "\x00\x01\x02\x03": Unknown,
		"-ERR unknown command\r\n": Greeting,
	} {
		if got := Speaks([]byte(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestAStrangerIsTold(t *testing.T) {
	for text, want := range map[string]Protocol{"HTTP/1.1 400 Bad Request\r\n\r\n": HTTP, "\x15\x03\x01\x00\x02\x02\x0a": TLSBytes, "SSH-2.0-x\r\n": SSH, "\x99\x99": Unknown} {
		var s *strangerError
		if err := hear(app.V5, []byte(text)); !errors.As(err, &s) || s.saw != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
