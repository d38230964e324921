package load

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"strconv"
	"time"

	"tidings/app"
)

// sysWait is how long a broker has to send what it retains of $SYS.
const sysWait = 300 * time.Millisecond

// askSys returns the number retained at the first of topics that the broker
// answers.
func askSys(ctx context.Context, addr string, topics ...string) (n uint64, known bool, err error) {
	for _, topic := range topics {
		c, err := dial(ctx, addr, options{buffer: 4 << 10})
		if err != nil {
			return 0, false, err
		}
		n, known, err = ask(c, topic)
		c.disconnect()
		if err != nil || known {
			return n, known, err
		}
	}
	return 0, false, nil
}

func ask(c *conn, topic string) (n uint64, known bool, err error) {
	if err := c.subscribe(topic, app.QoS0); err != nil {
		return 0, false, nil // refused, which is an answer as well
	}
	if err := c.SetReadDeadline(time.Now().Add(sysWait)); err != nil {
		return 0, false, err
	}
	for !known && err == nil {
		err = c.each(len(c.buf), func(first byte, body []byte) error {
			if first&kind != publish || len(body) < 2 {
				return nil
			}
			at := 2 + int(binary.BigEndian.Uint16(body))
			v, bad := strconv.ParseUint(string(body[min(at, len(body)):]), 10, 64)
			if bad == nil {
				n, known = v, true
			}
			return nil
		})
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	return n, known, err
}
