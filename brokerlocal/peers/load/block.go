package load

import (
	"encoding/binary"
	"fmt"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// chunk is about how many bytes go into one write.
const chunk = 64 << 10

// traffic is what a publisher sends.
type traffic struct {
	topics  int // different names, used in turn
	payload int // bytes, at least 8
	qos     app.QoS
	retain  bool
}

// topicName returns the name of topic i.
func topicName(i int) string { return fmt.Sprintf("bench/%02d/device/%05d/value", i%100, i) }

// block is a row of encoded PUBLISH packets that is sent over and over, with
// numbers stamped into it.
type block struct {
	b    []byte
	ends []int // where packet i ends
	seq  []int // where its sequence number stands
	qos  app.QoS
	next uint64 // number of the next message
}

// newBlock encodes a whole number of turns through all topics, at least two
// chunks long.
func newBlock(t traffic) (*block, error) {
	k := &block{qos: t.qos}
	p := wire.Publish{QoS: t.qos, Retain: t.retain, Payload: make([]byte, max(t.payload, seqBytes))}
	for i := range p.Payload {
		p.Payload[i] = 'a' + byte(i%26)
	}
	if t.qos > 0 {
		p.ID = 1 // stamped later
	}
	for len(k.b) < 2*chunk {
		for i := range max(t.topics, 1) {
			var err error
			p.Topic = topicName(i)
			if k.b, err = wire.Append(k.b, app.V311, &p); err != nil {
				return nil, err
			}
			k.ends = append(k.ends, len(k.b))
			k.seq = append(k.seq, len(k.b)-len(p.Payload))
		}
	}
	return k, nil
}

// take stamps up to n packets, and no more than about a chunk, and returns
// them and how many they are. They are good until the next call.
func (k *block) take(n uint64) ([]byte, uint64) {
	first := int(k.next % uint64(len(k.ends)))
	start := 0
	if first > 0 {
		start = k.ends[first-1]
	}
	i := first
	for i < len(k.ends) && uint64(i-first) < n && (i == first || k.ends[i]-start <= chunk) {
		at := k.seq[i]
		binary.BigEndian.PutUint64(k.b[at:], k.next)
		if k.qos > 0 {
			binary.BigEndian.PutUint16(k.b[at-2:], packetID(k.next))
		}
		k.next++
		i++
	}
	return k.b[start:k.ends[i-1]], uint64(i - first)
}

// packetID returns the packet identifier of message seq: all of 1 to 65535 in
// turn.
func packetID(seq uint64) uint16 { return uint16(seq%65535) + 1 }
