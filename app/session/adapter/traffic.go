package adapter

import (
	"tidings/app"
	"tidings/app/mqtt/tap"
)

// sumTraffic adds what t has counted to sum; t may be nil.
func sumTraffic(sum app.Traffic, t *tap.Conn) app.Traffic {
	if t == nil {
		return sum
	}
	n := t.Traffic()
	return app.Traffic{
		FramesIn: sum.FramesIn + n.FramesIn, FramesOut: sum.FramesOut + n.FramesOut,
		BytesIn: sum.BytesIn + n.BytesIn, BytesOut: sum.BytesOut + n.BytesOut,
	}
}
