package retained

import (
	"errors"
	"sync"

	"tidings/brokerlocal/engine/message"
)

// ErrFull says that a message is not retained because a limit is reached. The
// topic keeps the one it had.
var ErrFull = errors.New("retained: no room for another message")

// Limits bound what is retained. The zero value bounds nothing.
type Limits struct {
	Messages int   // 0: any number
	Bytes    int64 // as Bytes counts, 0: any number

	// Budget is a bound that is shared with others; nil: there is none.
	Budget Budget

	// Apart reports whether the message of a topic is left out of Figures;
	// nil: none is.
	Apart func(topic string) bool
}

// Budget is asked for bytes before they are held, and may refuse. Both are
// called under the index's lock and must not call back.
type Budget interface {
	Take(n int64) bool
	Give(n int64) // with n < 0, takes without asking
}

// Index holds one message per topic. Make one with New; it is safe for
// concurrent use.
type Index struct {
	limits Limits

	mu     sync.RWMutex
	topics map[string]*node // for the common case, a topic set again
	list   list
	due    expiries
	bytes  int64
	apart  struct { // of these
		messages int
		bytes    int64
	}
}

// New returns an empty index.
func New(l Limits) *Index { return &Index{limits: l, topics: map[string]*node{}} }

// overhead is what a message costs here beside its own size, in bytes.
const overhead = 64

func cost(m *message.Message) int64 {
	if m == nil {
		return 0
	}
	return int64(m.Size()) + overhead
}

// Set makes m the retained message of its topic and returns the one before, if
// any. A message without payload removes that one and is not kept itself
// [MQTT-3.3.1-6]. The index keeps m, not a copy. The error is ErrFull; what
// replaces a message at least as large never fails.
func (x *Index) Set(m *message.Message) (old *message.Message, err error) {
	return x.set(m, true)
}

// Keep is Set for what has been acknowledged: no limit applies.
func (x *Index) Keep(m *message.Message) { _, _ = x.set(m, false) }

// Fits reports whether Set would take m now.
func (x *Index) Fits(m *message.Message) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	n, messages := cost(m), 1
	if old := x.topics[m.Topic]; old != nil {
		n, messages = n-cost(old.message.Load()), 0
	}
	if len(m.Payload) == 0 {
		return true
	}
	fits := x.charge(messages, n, true)
	if fits {
		x.charge(0, -n, false)
	}
	return fits
}

func (x *Index) set(m *message.Message, limited bool) (old *message.Message, err error) {
	if len(m.Payload) == 0 {
		return x.Delete(m.Topic), nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	n := x.topics[m.Topic]
	if n == nil {
		return nil, x.add(m, limited)
	}
	old = n.message.Load()
	if !x.charge(0, cost(m)-cost(old), limited) {
		return nil, ErrFull
	}
	x.setApart(m.Topic, 0, cost(m)-cost(old))
	n.message.Store(m)
	x.topics[m.Topic] = n // the new message's string: the old one's holds all its bytes
	x.due.update(n)
	return old, nil
}

// add is Set for a topic that has no message.
func (x *Index) add(m *message.Message, limited bool) error {
	if !x.charge(1, cost(m), limited) {
		return ErrFull
	}
	x.setApart(m.Topic, 1, cost(m))
	n := &node{}
	n.message.Store(m)
	x.topics[m.Topic] = n
	p, _ := x.list.seek(m.Topic)
	x.list.insert(p, n)
	x.due.update(n)
	return nil
}

// charge books messages and bytes more, or refuses if they are limited.
func (x *Index) charge(messages int, bytes int64, limited bool) bool {
	l := &x.limits
	switch {
	case !limited:
	case messages > 0 && l.Messages > 0 && len(x.topics)+messages > l.Messages,
		bytes > 0 && l.Bytes > 0 && x.bytes+bytes > l.Bytes:
		return false
	case bytes > 0 && l.Budget != nil:
		if !l.Budget.Take(bytes) {
			return false
		}
		x.bytes += bytes
		return true
	}
	if l.Budget != nil {
		l.Budget.Give(-bytes)
	}
	x.bytes += bytes
	return true
}

// Delete removes the message of topic and returns it, nil if there was none.
func (x *Index) Delete(topic string) *message.Message {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.remove(topic)
}

func (x *Index) remove(topic string) *message.Message {
	n := x.topics[topic]
	if n == nil {
		return nil
	}
	delete(x.topics, topic)
	if len(x.topics) == 0 {
		x.topics = map[string]*node{} // a map keeps its size otherwise
	}
	p, _ := x.list.seek(topic)
	x.list.remove(p)
	x.due.drop(n)
	m := n.message.Swap(nil)
	x.charge(0, -cost(m), false)
	x.setApart(topic, -1, -cost(m))
	return m
}

// setApart books what Figures leaves out.
func (x *Index) setApart(topic string, messages int, bytes int64) {
	if x.limits.Apart != nil && x.limits.Apart(topic) {
		x.apart.messages += messages
		x.apart.bytes += bytes
	}
}

// Get returns the message of topic, nil if there is none. It may have expired
// since the last Expire.
func (x *Index) Get(topic string) *message.Message {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if n := x.topics[topic]; n != nil {
		return n.message.Load()
	}
	return nil
}

// Len returns the number of retained messages.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.topics)
}

// Bytes returns about how much memory they take.
func (x *Index) Bytes() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.bytes
}

// Figures returns Len and Bytes at one moment, without what Limits.Apart names.
func (x *Index) Figures() (messages int, bytes int64) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.topics) - x.apart.messages, x.bytes - x.apart.bytes
}

// Page returns up to n messages in the order of their topics, from the first
// one after the topic after; "" is before all.
func (x *Index) Page(after string, n int) []*message.Message {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var page []*message.Message
	p, found := x.list.seek(after)
	if found {
		p.at++
	}
	for len(page) < n {
		next, at := x.list.get(p)
		if next == nil {
			break
		}
		page = append(page, next.message.Load())
		p = position{at.chunk, at.at + 1}
	}
	return page
}
