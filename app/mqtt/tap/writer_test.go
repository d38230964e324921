package tap

import (
	"bytes"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"tidings/app"
)

func TestPacketIsOneWrite(t *testing.T) {
	ping := []byte{0xC0, 0}
	pub := pub5("a/b", nil, "payload")
	large := pub5("a", nil, strings.Repeat("x", 2*joinLimit))
	sub := frame(0x82, []byte{0, 1, 0}, bytes.Repeat(append(str("a/b"), 0), joinLimit/4))
	tests := []struct {
		name   string
		in     [][]byte // what the library writes
		out    [][]byte // what the socket gets
		frames uint64
	}{
		{"whole", [][]byte{pub}, [][]byte{pub}, 1},
		{"two in one", [][]byte{slices.Concat(pub, ping)}, [][]byte{slices.Concat(pub, ping)}, 2},
		{"header, body, nothing, payload", [][]byte{pub[:2], pub[2:8], {}, pub[8:]}, [][]byte{pub}, 1},
		{"byte by byte", slices.Collect(slices.Chunk(pub, 1)), [][]byte{pub}, 1},
		{"end and beginning", [][]byte{pub[:5], slices.Concat(pub[5:], pub[:3]), pub[3:]}, [][]byte{pub, pub}, 2},
		{"empty writes", [][]byte{{}, nil}, nil, 0},
		{"incomplete", [][]byte{pub, pub[:6]}, [][]byte{pub}, 1},
		{"large, as it comes", [][]byte{large[:4], large[4:9], large[9:], ping}, [][]byte{large[:4], large[4:9], large[9:], ping}, 2},
		{"large, with the next behind it", [][]byte{large[:70_000], slices.Concat(large[70_000:], ping)}, [][]byte{large[:70_000], large[70_000:], ping}, 2},
		{"large, with one before it", [][]byte{slices.Concat(ping, large[:9]), large[9:]}, [][]byte{slices.Concat(ping, large[:9]), large[9:]}, 2},
		{"large, but no PUBLISH", [][]byte{sub[:9], sub[9:]}, [][]byte{sub}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := &script{Reader: strings.NewReader("")}
			c := Wrap(raw, Options{Version: app.V5})
			defer c.Close()
			for _, p := range tt.in {
				if n, err := c.Write(p); n != len(p) || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			if !slices.EqualFunc(raw.writes, tt.out, bytes.Equal) {
				t.Errorf("%d writes, want %d", len(raw.writes), len(tt.out))
			}
			want := app.Traffic{FramesOut: tt.frames, BytesOut: uint64(len(bytes.Join(tt.out, nil)))}
			if got := c.Traffic(); got != want {
				t.Errorf("traffic %+v, want %+v", got, want)
			}
		})
	}
}

// TestWritersDoNotMix writes from many goroutines, in pieces under the lock
// as paho.golang does, and whole without it as paho.mqtt.golang does.
func TestWritersDoNotMix(t *testing.T) {
	t.Run("pieces", func(t *testing.T) {
		writersDoNotMix(t, func(c *Conn, p []byte) {
			c.Lock()
			defer c.Unlock()
			for _, piece := range [][]byte{p[:2], p[2:9], {}, p[9:]} {
				_, _ = c.Write(piece)
			}
		})
	})
	t.Run("whole", func(t *testing.T) {
		writersDoNotMix(t, func(c *Conn, p []byte) { _, _ = c.Write(p) })
	})
}

func writersDoNotMix(t *testing.T, write func(*Conn, []byte)) {
	t.Helper()
	near, far := net.Pipe()
	c := Wrap(near, Options{Version: app.V5})
	const writers, each = 8, 50
	got := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(far)
		got <- b
	}()
	var wg sync.WaitGroup
	for i := range writers {
		p := pub5("topic/"+string(rune('a'+i)), nil, strings.Repeat(string(rune('a'+i)), 20*i))
		wg.Go(func() {
			for range each {
				write(c, p)
			}
		})
	}
	wg.Wait()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	count := map[byte]int{}
	for b := <-got; len(b) > 0; {
		head, size, err := header(b)
		if err != nil || head == 0 || size > len(b) {
			t.Fatalf("broken stream: %v", err)
		}
		var m app.Message
		if err := decodePublish(&m, app.V5, b[0], b[head:size], false, nil); err != nil {
			t.Fatal(err)
		}
		id := m.Topic[len(m.Topic)-1]
		if strings.Trim(string(m.Payload), string(rune(id))) != "" {
			t.Fatalf("%s holds %q", m.Topic, m.Payload)
		}
		count[id]++
		b = b[size:]
	}
	for i := range writers {
		if n := count[byte('a'+i)]; n != each {
			t.Errorf("writer %d: %d packets of %d", i, n, each)
		}
	}
}

func TestWriteErrorIsFinal(t *testing.T) {
	broken := errors.New("broken pipe")
	raw := &script{Reader: strings.NewReader(""), fail: broken}
	c := Wrap(raw, Options{})
	if _, err := c.Write([]byte{0xC0, 0}); err != broken {
		t.Errorf("first: %v", err)
	}
	raw.mu.Lock()
	raw.fail = nil
	raw.mu.Unlock()
	if _, err := c.Write([]byte{0xC0, 0}); err != broken {
		t.Errorf("second: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte{0xC0}); err != net.ErrClosed {
		t.Errorf("after Close: %v", err)
	}
}
