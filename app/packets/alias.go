package packets

import (
	"bytes"
	"sort"

	"tidings/app"
	"tidings/app/mqtt/wire"
)

// maxAliasBytes bounds the names behind the topic aliases of one side, in
// bytes: the standard's bound would be 4 GiB.
const maxAliasBytes = 1 << 20

// aliases are the topic aliases that each side of a link has set (MQTT 5.0
// §3.3.2.3.4). The packet that set one may be evicted long before those that
// use it, so names are looked up when a packet is recorded. The zero value is
// ready.
type aliases struct {
	sides   [3]aliasTable // by direction; of wire.Either there are none
	decoder wire.Decoder
}

// aliasTable is what one side has set.
type aliasTable struct {
	max   uint16 // Topic Alias Maximum of the other side; 0: no packet need be looked at
	bytes int
	names map[uint16][]byte
}

// agree takes note of a CONNECT or CONNACK: every link begins without aliases
// [MQTT-3.3.2-7], and each packet says how many the other side may set.
func (a *aliases) agree(from wire.Direction, version app.Version, frame []byte) {
	d := wire.Decoder{Version: version, From: from} // not ours, which would hold on to a password
	packet, err := d.Decode(frame)
	to := &a.sides[other(from)]
	switch p := packet.(type) {
	case *wire.Connect:
		a.sides = [3]aliasTable{}
		to.max = p.Properties.TopicAliasMaximum
	case *wire.ConnAck:
		*to = aliasTable{max: p.Properties.TopicAliasMaximum}
	}
	if err != nil {
		a.sides = [3]aliasTable{}
	}
}

// resolve returns the name behind the alias of a PUBLISH that has no topic
// name, nil when it has one or nobody set the alias. What a PUBLISH sets is
// remembered.
func (a *aliases) resolve(from wire.Direction, version app.Version, frame []byte) []byte {
	t := &a.sides[from]
	if t.max == 0 || version != app.V5 || !mayAlias(frame) {
		return nil
	}
	a.decoder.From, a.decoder.Version = from, version
	packet, err := a.decoder.Decode(frame)
	p, ok := packet.(*wire.Publish)
	if err != nil || !ok {
		return nil
	}
	alias := p.Properties.TopicAlias
	if p.Topic == "" {
		return t.names[alias]
	}
	if alias != 0 && alias <= t.max {
		t.set(alias, p.Topic)
	}
	return nil
}

func (t *aliasTable) set(alias uint16, name string) {
	old := t.names[alias]
	if string(old) == name {
		return
	}
	delete(t.names, alias)
	t.bytes -= len(old)
	if t.bytes+len(name) > maxAliasBytes {
		return // better no name than the old one
	}
	if t.names == nil {
		t.names = make(map[uint16][]byte)
	}
	t.names[alias] = []byte(name) // it lives in the frame
	t.bytes += len(name)
}

// mayAlias reports whether the bytes of a PUBLISH before its payload may hold
// a Topic Alias; few that have none are worth decoding.
func mayAlias(frame []byte) bool {
	name, rest := text(body(frame))
	if frame[0]&0x06 != 0 && len(rest) >= 2 {
		rest = rest[2:] // packet identifier
	}
	if len(rest) == 0 || rest[0] == 0 { // no properties
		return false
	}
	if rest[0] < 0x80 {
		rest = rest[1:min(len(rest), 1+int(rest[0]))]
	}
	return len(name) == 0 || bytes.IndexByte(rest, byte(wire.TopicAlias)) >= 0
}

// aliased is a packet without topic name, and the name it means.
type aliased struct {
	packet uint32 // index in the chunk
	name   uint32 // index in the chunk's names
}

// alias keeps the name that the packet at an index means.
func (c *chunk) alias(packet uint32, name []byte) {
	at, known := c.named[string(name)]
	if !known {
		if c.named == nil {
			c.named = make(map[string]uint32)
		}
		at = uint32(len(c.names))
		c.named[string(name)] = at
		c.names = append(c.names, name)
	}
	c.aliased = append(c.aliased, aliased{packet, at})
}

// topic returns the topic name of a PUBLISH, its own or the one behind its
// alias.
func (c *chunk) topic(seq uint64) []byte {
	if name := publishTopic(c.frame(seq)); len(name) > 0 {
		return name
	}
	i := uint32(seq - c.first)
	k := sort.Search(len(c.aliased), func(k int) bool { return c.aliased[k].packet >= i })
	if k < len(c.aliased) && c.aliased[k].packet == i {
		return c.names[c.aliased[k].name]
	}
	return nil
}
