package retained

import (
	"tidings/app/mqtt/topic"
	"tidings/brokerlocal/engine/message"
)

// Cursor goes through the retained messages that match one filter, in the
// order of their topics. What is retained from beginning to end comes exactly
// once, as it is when it comes; what is set or removed meanwhile may come or
// not. For one goroutine at a time; it takes about 600 bytes and needs no
// closing.
type Cursor struct {
	index  *Index
	filter string
	seek   []byte // where to go on; nothing before it is left
	done   bool   // nothing is left in the list

	ready [batch]*node
	at, n int // ready[at:n] is next
}

const (
	batch = 64  // nodes taken under one lock
	looks = 256 // nodes looked at under one lock
)

// Collect returns a cursor over what matches filter, which has passed
// topic.ValidateFilter. A shared subscription gets no retained messages (MQTT
// 5.0 §4.8.2): for its filter the cursor is empty. Collect itself takes no
// lock.
func (x *Index) Collect(filter string) *Cursor {
	_, _, shared := topic.SplitShared(filter)
	return &Cursor{index: x, filter: filter, done: shared || filter == ""}
}

// Next returns the next message as it is now, nil at the end. It may have
// expired since the last Expire.
func (c *Cursor) Next() *message.Message {
	for {
		for c.at < c.n {
			n := c.ready[c.at]
			c.ready[c.at] = nil
			c.at++
			if m := n.message.Load(); m != nil { // else removed meanwhile
				return m
			}
		}
		if c.done {
			return nil
		}
		c.fill()
	}
}

// fill takes the next batch. It may find none and not be done yet.
func (c *Cursor) fill() {
	l := &c.index.list
	c.index.mu.RLock()
	defer c.index.mu.RUnlock()
	c.at, c.n = 0, 0
	p, _ := l.seek(string(c.seek))
	for range looks {
		n, here := l.get(p)
		if n == nil {
			c.done = true
			return
		}
		name := n.topic()
		if c.n == batch {
			c.seek = append(c.seek[:0], name...)
			return
		}
		p = position{here.chunk, here.at + 1}
		switch v, keep, tail := judge(c.filter, name); v {
		case matches:
			c.ready[c.n] = n
			c.n++
		case leap:
			c.seek = append(append(c.seek[:0], name[:keep]...), tail...)
			p = c.leap(p)
		case end:
			c.done = true
			return
		}
	}
	if n, _ := l.get(p); n != nil {
		c.seek = append(c.seek[:0], n.topic()...)
	} else {
		c.done = true
	}
}

// leap returns the position of the first topic not before c.seek, which is at
// p or behind it: often a few away.
func (c *Cursor) leap(p position) position {
	l := &c.index.list
	for range 4 {
		n, here := l.get(p)
		if n == nil || n.topic() >= string(c.seek) {
			return here
		}
		p = position{here.chunk, here.at + 1}
	}
	p, _ = l.seek(string(c.seek))
	return p
}
