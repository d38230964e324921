package store

import (
	"slices"

	"tidings/brokerlocal/engine/message"
)

// Load implements Store. What belongs to one session is read in one
// transaction, and visited after it.
func (s *records) Load(visit func(Op) error) (next uint64, err error) {
	if s.closed {
		return 0, ErrClosed
	}
	numbers := make([]uint64, 0, len(s.sessions))
	for n := range s.sessions {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	l := &loader{refs: s.refs, shared: map[uint64]*message.Message{}}
	for _, n := range numbers {
		if err := l.read(s.kv, visit, func(tx Tx) error { return l.session(tx, n) }); err != nil {
			return 0, err
		}
	}
	return s.nextSession, l.read(s.kv, visit, l.retained)
}

// loader turns records back into operations.
type loader struct {
	refs   map[uint64]uint32
	shared map[uint64]*message.Message // those with more than one reference
	ops    []Op
}

// read collects operations by f and hands them to visit.
func (l *loader) read(kv KV, visit func(Op) error, f func(Tx) error) error {
	l.ops = l.ops[:0]
	if err := kv.View(f); err != nil {
		return err
	}
	for i, op := range l.ops {
		l.ops[i] = nil
		if err := visit(op); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) add(op Op) { l.ops = append(l.ops, op) }

func (l *loader) session(tx Tx, n uint64) error {
	key := key8(n)
	v, err := unseal(Sessions, key, tx.Get(Sessions, key))
	if err != nil {
		return err
	}
	session, ok := decodeSession(v)
	if !ok {
		return damaged(Sessions, key, "value")
	}
	session.Number = n
	l.add(PutSession{session})
	err = scan(tx, Subscriptions, key, func(_, v []byte) (bool, error) {
		op, ok := decodeSubscription(v)
		op.Session = n
		l.add(op)
		return ok, nil
	})
	if err != nil {
		return err
	}
	err = scan(tx, Cleared, key, func(_, v []byte) (bool, error) {
		if len(v) != 8 {
			return false, nil
		}
		l.add(SetCleared{n, number(v)})
		return true, nil
	})
	if err != nil {
		return err
	}
	err = scan(tx, Inbound, key, func(k, v []byte) (bool, error) {
		l.add(PutInbound{n, uint16(k[8])<<8 | uint16(k[9])})
		return len(v) == 0, nil
	})
	if err != nil {
		return err
	}
	return scan(tx, Queue, key, func(k, v []byte) (bool, error) { return l.queued(tx, k, v) })
}

func (l *loader) queued(tx Tx, key, value []byte) (ok bool, err error) {
	session, seq := number(key), number(key[8:])
	e, ok := decodeEntry(value)
	if !ok {
		return false, nil
	}
	if e.message == 0 {
		l.add(SetReleased{session, seq})
		return true, nil
	}
	m := e.body
	if e.message != inline {
		m, err = l.message(tx, e.message)
	}
	l.add(PutQueued{Session: session, Seq: seq, Message: m, QoS: e.qos, Retain: e.retain, SubscriptionIDs: e.ids})
	return true, err
}

func (l *loader) retained(tx Tx) error {
	return scan(tx, Retained, nil, func(_, v []byte) (bool, error) {
		if len(v) != 8 {
			return false, nil
		}
		m, err := l.message(tx, number(v))
		l.add(PutRetained{m})
		return true, err
	})
}

// message returns a message by its number, the same for all that share it.
func (l *loader) message(tx Tx, n uint64) (*message.Message, error) {
	if m := l.shared[n]; m != nil {
		return m, nil
	}
	key := key8(n)
	v, err := unseal(Messages, key, tx.Get(Messages, key))
	if err != nil {
		return nil, err
	}
	m, err := message.Decode(v)
	if err != nil {
		return nil, damaged(Messages, key, err.Error())
	}
	m.Number = n
	if l.refs[n] > 1 {
		l.shared[n] = m
	}
	return m, nil
}

// scan calls visit with the unsealed values of a bucket; ok false means that
// a value cannot be read.
func scan(tx Tx, b Bucket, prefix []byte, visit func(key, value []byte) (ok bool, err error)) error {
	return tx.Scan(b, prefix, func(key, sealed []byte) error {
		v, err := unseal(b, key, sealed)
		if err != nil {
			return err
		}
		ok, err := visit(key, v)
		if err == nil && !ok {
			err = damaged(b, key, "value")
		}
		return err
	})
}
