package enginetest

import (
	"fmt"
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// seen is a packet of either direction.
type seen struct {
	from  wire.Direction
	frame []byte
}

func (c *Client) note(from wire.Direction, frame []byte) {
	c.last[c.seen%len(c.last)] = seen{from, frame}
	c.seen++
}

// fail ends the test with a reason and the newest packets of the connection.
func (c *Client) fail(format string, args ...any) {
	c.tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, format, args...)
	fmt.Fprintf(&b, "\nclient %q, MQTT %s, packet by packet, the newest last:", c.ID, c.Version)
	for i := max(0, c.seen-len(c.last)); i < c.seen; i++ {
		s := c.last[i%len(c.last)]
		b.WriteString("\n  " + Line(c.Version, s.from, s.frame))
	}
	c.tb.Fatalf("%s", b.String())
}

// Line returns a packet as one line: who sent it, its type, its fields with
// their values, and in square brackets what they break.
func Line(version app.Version, from wire.Direction, frame []byte) string {
	if version == 0 {
		version = app.V311
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d bytes)", from, len(frame))
	// Several packets in one write are shown one behind the other.
	for shown := 0; len(frame) > 0 && shown < 8; shown++ {
		one := frame
		if h, err := wire.Header(frame); err == nil && h.Length > 0 && h.Size() <= len(frame) {
			one = frame[:h.Size()]
		}
		fields(&b, wire.Dissect(version, from, one, wire.DissectOptions{ValueBytes: 40, MaxFields: 48}))
		frame = frame[len(one):]
	}
	if len(frame) > 0 {
		b.WriteString(" …")
	}
	return b.String()
}

func fields(b *strings.Builder, list []wire.Field) {
	for _, f := range list {
		switch {
		case f.Depth == 0:
			b.WriteString(" " + f.Value)
		case f.Bits != 0 && f.Value == "0", f.Name == "fixed_header/type", f.Name == "fixed_header/remaining_length":
			// says nothing that is not said already
		case !f.Group:
			fmt.Fprintf(b, " %s=%s", f.Name, f.Value)
		}
		if f.Violation != "" {
			fmt.Fprintf(b, " [%s: %s]", f.Name, f.Violation)
		}
	}
}
