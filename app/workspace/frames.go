package workspace

import (
	"time"

	"tidings/app"
	"tidings/app/mqtt/wire"
	"tidings/app/packets"
)

// maxPackets is what the packets of one connection may take, in bytes.
const maxPackets = 16 << 20

// frames records the control packets of the connection.
type frames struct {
	ring  *packets.Ring
	touch func()
}

var _ app.FrameSink = (*frames)(nil)

// Frame implements app.FrameSink.
func (f *frames) Frame(sent bool, frame []byte, at time.Time) {
	from := wire.FromServer
	if sent {
		from = wire.FromClient
	}
	f.ring.Observe(from, frame, at.UnixNano())
	if sent || frame[0]&0xf6 != 0x30 { // a batch of QoS 0 touches once, when it is delivered
		f.touch()
	}
}
