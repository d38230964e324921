package engine

import (
	"time"

	"tidings/app"
	"tidings/brokerlocal/engine/message"
)

// frames are the forms in which one QoS 0 message goes out: each is encoded
// once, however many receive it.
type frames struct {
	made  [4]frame  // by variant; empty: not made yet
	space [4][]byte // memory for small ones, used again
}

// frame is a whole packet. shared says that nobody changes it any more, so
// that links may refer to it.
type frame struct {
	bytes  []byte
	shared bool
}

func variant(v app.Version, retain bool) int {
	n := 0
	if v == app.V5 {
		n = 1
	}
	if retain {
		n += 2
	}
	return n
}

// reset forgets the message.
func (f *frames) reset() { f.made = [4]frame{} }

// preset says that b, which came in, is what goes out to receivers of the
// same version. A large one is better copied once and shared.
func (f *frames) preset(v app.Version, b []byte) {
	if len(b) < sharedFrame {
		f.made[variant(v, false)].bytes = b
	}
}

// get returns the frame for receivers of a version.
func (f *frames) get(m *message.Message, v app.Version, retain bool, now time.Time) frame {
	n := variant(v, retain)
	if f.made[n].bytes != nil {
		return f.made[n]
	}
	h := message.Head{Retain: retain}
	if m.PacketSize(v, h) >= sharedFrame {
		f.made[n] = frame{bytes: m.Append(nil, v, h, now), shared: true}
		return f.made[n]
	}
	f.space[n] = m.Append(f.space[n][:0], v, h, now)
	f.made[n].bytes = f.space[n]
	return f.made[n]
}
