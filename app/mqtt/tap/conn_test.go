package tap

import (
	"bytes"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"tidings/app"
)

func TestQoS0GoesToTheSinkAndTheRestToTheLibrary(t *testing.T) {
	qos1 := frame(0x32, str("a/b"), []byte{0, 7}, []byte("one"))
	wire := bytes.Join([][]byte{connAck3, pub3("a", "1"), qos1, frame(0x31, str("r")), pingResp}, nil)
	out := feed(t, Options{Version: app.V311, Sink: &keeper{}}, wire)
	if out.err != io.EOF {
		t.Fatalf("ended with %v", out.err)
	}
	if want := bytes.Join([][]byte{connAck3, qos1, pingResp}, nil); !bytes.Equal(out.lib, want) {
		t.Errorf("library got %x, want %x", out.lib, want)
	}
	got := out.sink
	if len(got) != 2 || got[0].Topic != "a" || string(got[0].Payload) != "1" || got[0].Received.IsZero() ||
		got[1].Topic != "r" || !got[1].Retained || len(got[1].Payload) != 0 {
		t.Errorf("sink got %+v", got)
	}
	if want := (app.Traffic{FramesIn: 5, BytesIn: uint64(len(wire))}); out.traffic != want {
		t.Errorf("traffic %+v, want %+v", out.traffic, want)
	}
}

func TestWithoutSinkTheLibraryGetsAll(t *testing.T) {
	wire := slices.Concat(connAck3, pub3("a", "1"), pub3("b", strings.Repeat("x", 3*readSize)), pingResp)
	out := feed(t, Options{Version: app.V311}, wire)
	if out.err != io.EOF || !bytes.Equal(out.lib, wire) {
		t.Errorf("%d of %d bytes, %v", len(out.lib), len(wire), out.err)
	}
}

func TestConnAckIsRemembered(t *testing.T) {
	tests := []struct {
		name        string
		v           app.Version
		wire        []byte
		flags, code byte
		ok          bool
	}{
		{"accepted with session", app.V311, []byte{0x20, 2, 1, 0}, 1, 0, true},
		{"refused by MQTT 3", app.V311, []byte{0x20, 2, 0, 5}, 0, 5, true},
		{"refusal of MQTT 3 to a client of 5", app.V5, []byte{0x20, 2, 0, 1}, 0, 1, true},
		{"refused by MQTT 5", app.V5, []byte{0x20, 3, 0, 0x87, 0}, 0, 0x87, true},
		{"too short", app.V311, []byte{0x20, 1, 0}, 0, 0, false},
		{"the first one counts", app.V311, []byte{0x20, 2, 0, 2, 0x20, 2, 0, 3}, 0, 2, true},
		{"none", app.V311, nil, 0, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out := feed(t, Options{Version: tt.v}, tt.wire)
			flags, code, ok := out.c.ConnAck()
			if flags != tt.flags || code != tt.code || ok != tt.ok {
				t.Errorf("ConnAck() = %d, %d, %v", flags, code, ok)
			}
			if !bytes.Equal(out.lib, tt.wire) {
				t.Errorf("library got %x", out.lib)
			}
		})
	}
}

func TestBatchesAreBoundedAndInOrder(t *testing.T) {
	wire := slices.Clone(connAck3)
	const n = 2*batchSize + 10
	for i := range n {
		wire = append(wire, pub3("t", string(rune('a'+i%26)))...)
	}
	out := feed(t, Options{Version: app.V311, Sink: &keeper{}}, wire)
	if want := []int{batchSize, batchSize, 10}; !slices.Equal(out.batches, want) {
		t.Errorf("batches %v, want %v", out.batches, want)
	}
	for i, m := range out.sink {
		if m.Payload[0] != byte('a'+i%26) {
			t.Fatalf("message %d is %q", i, m.Payload)
		}
	}
}

func TestObserveSeesWholeFrames(t *testing.T) {
	var in []byte
	var out [][]byte
	near, far := net.Pipe()
	c := Wrap(near, Options{Version: app.V311, Observe: func(d Direction, f []byte, _ time.Time) {
		if d == In {
			in = append(in, f...)
		} else {
			out = append(out, slices.Clone(f))
		}
	}})
	large := pub3("a", strings.Repeat("x", 2*joinLimit))
	sent := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(io.LimitReader(far, int64(len(large)+2)))
		_, _ = far.Write(connAck3[:1])
		_, _ = far.Write(slices.Concat(connAck3[1:], pingResp))
		_ = far.Close()
		sent <- b
	}()
	for _, p := range [][]byte{large[:3], large[3:100], large[100:], {0xC0}, {0}} {
		if _, err := c.Write(p); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-sent; !bytes.Equal(got, slices.Concat(large, []byte{0xC0, 0})) {
		t.Errorf("broker got %d bytes", len(got))
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(in, slices.Concat(connAck3, pingResp)) {
		t.Errorf("in: %x", in)
	}
	if len(out) != 2 || !bytes.Equal(out[0], large) || !bytes.Equal(out[1], []byte{0xC0, 0}) {
		t.Errorf("out: %d frames", len(out))
	}
}
