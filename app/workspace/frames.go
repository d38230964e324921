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

// Frames implements app.FrameSink.
func (f *frames) Frames(sent bool, run []byte, at time.Time) {
	from := wire.FromServer
	if sent {
		from = wire.FromClient
	}
	f.ring.Observe(from, run, at.UnixNano())
	f.touch()
}
