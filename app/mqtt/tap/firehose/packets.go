package firehose

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// The control packets the server speaks (MQTT 5.0 §2.1.2).
const (
	connect    = 1
	subscribe  = 8
	pingReq    = 12
	disconnect = 14
)

const (
	maxPacket = 1 << 20 // bytes of a packet from a client
	version5  = 5       // protocol level in CONNECT
)

// packet is one packet from a client.
type packet struct {
	kind byte
	body []byte
}

// readPacket reads one packet of at most maxPacket bytes.
func readPacket(r *bufio.Reader) (packet, error) {
	first, err := r.ReadByte()
	if err != nil {
		return packet{}, err
	}
	n, err := binary.ReadUvarint(r)
	if err != nil {
		return packet{}, err
	}
	if n > maxPacket {
		return packet{}, fmt.Errorf("packet of %d bytes", n)
	}
	body := make([]byte, n)
	_, err = io.ReadFull(r, body)
	return packet{kind: first >> 4, body: body}, err
}

// level returns the protocol level of a CONNECT body.
func level(body []byte) (byte, error) {
	if len(body) < 2 {
		return 0, errors.New("CONNECT is too short")
	}
	n := int(binary.BigEndian.Uint16(body))
	if len(body) < 2+n+1 {
		return 0, errors.New("CONNECT is too short")
	}
	return body[2+n], nil
}

// connAck accepts a client.
func connAck(level byte) []byte {
	if level == version5 {
		return []byte{0x20, 3, 0, 0, 0}
	}
	return []byte{0x20, 2, 0, 0}
}

// subAck grants QoS 0 to each filter of a SUBSCRIBE body.
func subAck(level byte, body []byte) ([]byte, error) {
	if len(body) < 2 {
		return nil, errors.New("SUBSCRIBE is too short")
	}
	ack, rest := append([]byte(nil), body[:2]...), body[2:]
	if level == version5 {
		n, k := binary.Uvarint(rest)
		if k <= 0 || uint64(len(rest)-k) < n {
			return nil, errors.New("SUBSCRIBE has bad properties")
		}
		rest = rest[k+int(n):]
		ack = append(ack, 0)
	}
	for len(rest) > 0 {
		if len(rest) < 2 {
			return nil, errors.New("SUBSCRIBE is cut off")
		}
		n := 2 + int(binary.BigEndian.Uint16(rest)) + 1
		if len(rest) < n {
			return nil, errors.New("SUBSCRIBE is cut off")
		}
		rest = rest[n:]
		ack = append(ack, 0)
	}
	return appendPacket(nil, 0x90, ack), nil
}

// appendPacket appends a packet to b.
func appendPacket(b []byte, first byte, body []byte) []byte {
	b = append(b, first)
	b = binary.AppendUvarint(b, uint64(len(body)))
	return append(b, body...)
}

// Topic returns the name of topic i, for example "site/07/device/0042/value".
func Topic(i int) string { return fmt.Sprintf("site/%02d/device/%04d/value", i%100, i) }

// block encodes one PUBLISH of QoS 0 for each topic, and the offset at which
// each ends.
func block(level byte, topics, payload int) (wire []byte, ends []int) {
	text := make([]byte, payload)
	for i := range text {
		text[i] = 'a' + byte(i%26)
	}
	var body []byte
	for i := range topics {
		name := Topic(i)
		body = binary.BigEndian.AppendUint16(body[:0], uint16(len(name)))
		body = append(body, name...)
		if level == version5 {
			body = append(body, 0) // no properties
		}
		body = append(body, text...)
		wire = appendPacket(wire, 0x30, body)
		ends = append(ends, len(wire))
	}
	return wire, ends
}
