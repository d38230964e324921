package tap

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"tidings/app"
)

func TestQoS0GoesToTheSinkAndTheRestToTheLibrary(t *testing.T) {
	qos1 := frame(0x32, str("a/b"), []byte{0, 7}, []byte("one"))
	wire := [][]byte{connAck3, pub3("a", "1"), qos1, frame(0x31, str("r")), pingResp}
	sink := &keeper{}
	lib, err, c := feed(t, Options{Version: app.V311, Sink: sink}, bytes.Join(wire, nil))
	if !errors.Is(err, io.EOF) {
		t.Fatalf("ended with %v", err)
	}
	if want := bytes.Join([][]byte{connAck3, qos1, pingResp}, nil); !bytes.Equal(lib, want) {
		t.Errorf("library got %x, want %x", lib, want)
	}
	got := sink.messages()
	if len(got) != 2 || got[0].Topic != "a" || string(got[0].Payload) != "1" || got[0].Received.IsZero() ||
		got[1].Topic != "r" || !got[1].Retained || len(got[1].Payload) != 0 {
		t.Errorf("sink got %+v", got)
	}
	n := uint64(len(bytes.Join(wire, nil)))
	if tr := c.Traffic(); tr != (app.Traffic{FramesIn: 5, BytesIn: n}) {
		t.Errorf("traffic %+v", tr)
	}
	if flags, code, ok := c.ConnAck(); !ok || flags != 0 || code != 0 {
		t.Errorf("connack %d %d %v", flags, code, ok)
	}
}
