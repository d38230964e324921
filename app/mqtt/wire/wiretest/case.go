package wiretest

import (
	"encoding/hex"
	"slices"
	"strings"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// Case is one packet. Packet is nil when it is to be refused; then Reason and
// Spec say why.
type Case struct {
	Name    string
	Version app.Version // 0: the first packet of a connection
	From    wire.Direction
	Bytes   []byte
	Packet  wire.Packet
	Loose   bool // valid, but not as Append writes it
	Reason  app.ReasonCode
	Spec    string
}

// Cases returns the whole table. Names are unique.
func Cases() []Case {
	return slices.Concat(connects(), connAcks(), publishes(), acks(), subscribes(), subAcks(), endings(),
		framing(), properties(), propertyRanges())
}

// Bytes makes bytes of a notation that can be read beside the standard: hex
// digits are bytes, 'text' is its own bytes, "text" is a string behind its
// two-byte length, and { … } is a block behind its length as a Variable Byte
// Integer. Spaces separate; a text holds none.
func Bytes(notation string) []byte {
	b, rest := parse(strings.Fields(notation))
	if len(rest) > 0 {
		panic("wiretest: } without { in " + notation)
	}
	return b
}

func parse(words []string) (b []byte, rest []string) {
	for len(words) > 0 {
		w := words[0]
		words = words[1:]
		switch {
		case w == "}":
			return b, append([]string{w}, words...)
		case w == "{":
			var block []byte
			block, words = parse(words)
			if len(words) == 0 {
				panic("wiretest: { without }")
			}
			words = words[1:]
			b = append(appendVarint(b, len(block)), block...)
		case w[0] == '\'':
			b = append(b, strings.Trim(w, "'")...)
		case w[0] == '"':
			s := strings.Trim(w, `"`)
			b = append(b, byte(len(s)>>8), byte(len(s)))
			b = append(b, s...)
		default:
			h, err := hex.DecodeString(w)
			if err != nil {
				panic("wiretest: " + w + ": " + err.Error())
			}
			b = append(b, h...)
		}
	}
	return b, nil
}

func appendVarint(b []byte, n int) []byte {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

const (
	v31, v311, v5 = app.V31, app.V311, app.V5
	client        = wire.FromClient
	server        = wire.FromServer
	either        = wire.Either

	malformed = app.ReasonMalformed
	protocol  = app.ReasonProtocolError
)

func ok(name string, v app.Version, from wire.Direction, notation string, p wire.Packet) Case {
	return Case{Name: name, Version: v, From: from, Bytes: Bytes(notation), Packet: p}
}

func loose(name string, v app.Version, from wire.Direction, notation string, p wire.Packet) Case {
	c := ok(name, v, from, notation, p)
	c.Loose = true
	return c
}

func bad(name string, v app.Version, from wire.Direction, notation string, reason app.ReasonCode, spec string) Case {
	return Case{Name: name, Version: v, From: from, Bytes: Bytes(notation), Reason: reason, Spec: spec}
}

// with returns p with the properties ids marked as there.
func with(p wire.Properties, ids ...wire.PropertyID) wire.Properties {
	p.Add(ids...)
	return p
}
