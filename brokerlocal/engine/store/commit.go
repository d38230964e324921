package store

import (
	"errors"
	"fmt"

	"tidings/brokerlocal/engine/message"
)

// keptArena is how much memory for a batch is kept for the next one.
const keptArena = 1 << 20

// Commit implements Store.
func (s *records) Commit(ops []Op) error {
	if s.closed {
		return ErrClosed
	}
	for _, op := range ops {
		if err := check(op); err != nil {
			return err
		}
	}
	defer countReferences(ops)()
	clear(s.marks)
	s.undo = s.undo[:0]
	if cap(s.arena) > keptArena {
		s.arena = nil
	}
	s.arena = s.arena[:0]
	err := s.kv.Update(func(tx Tx) error {
		for _, op := range ops {
			if err := s.apply(tx, op); err != nil {
				return err
			}
		}
		return s.putMarks(tx)
	})
	if err != nil {
		s.rollBack()
		return err
	}
	for _, u := range s.undo {
		if u.session && !s.has(u.number) {
			delete(s.last, u.number)
		}
	}
	return nil
}

// countReferences counts in each message's Refs how often ops refer to it,
// until the returned function is called.
func countReferences(ops []Op) (forget func()) {
	each := func(f func(m *message.Message)) {
		for _, op := range ops {
			switch op := op.(type) {
			case PutQueued:
				f(op.Message)
			case PutRetained:
				f(op.Message)
			}
		}
	}
	each(func(m *message.Message) { m.Refs++ })
	return func() { each(func(m *message.Message) { m.Refs = 0 }) }
}

// putMarks puts what SetCleared said last of each session.
func (s *records) putMarks(tx Tx) error {
	for session, seq := range s.marks {
		if err := s.put(tx, Cleared, key8(session), key8(seq)); err != nil {
			return err
		}
	}
	return nil
}

// errSenseless says that an operation can never be stored.
var errSenseless = errors.New("not to be stored")

// check refuses what apply could not carry out.
func check(op Op) error {
	var m *message.Message
	switch op := op.(type) {
	case PutSession:
		if op.Number == 0 {
			return fmt.Errorf("%w: a session without a number", errSenseless)
		}
		if op.Will == nil {
			return nil
		}
		m = op.Will.Message
	case PutQueued:
		m = op.Message
	case PutRetained:
		m = op.Message
	case PutSubscription:
		if op.Subscription.Filter == "" {
			return fmt.Errorf("%w: a subscription without a filter", errSenseless)
		}
		return nil
	default:
		return nil
	}
	if m == nil || m.Topic == "" {
		return fmt.Errorf("%w: %T without a message or topic", errSenseless, op)
	}
	return nil
}

func (s *records) apply(tx Tx, op Op) error {
	switch op := op.(type) {
	case PutSession:
		return s.putSession(tx, &op.Session)
	case DropSession:
		return s.dropSession(tx, op.Session)
	case PutRetained:
		return s.putRetained(tx, op.Message)
	case DropRetained:
		old, err := tx.Take(Retained, keyTopic(op.Topic))
		return s.released(tx, old, err)
	case PutQueued:
		return s.putQueued(tx, &op)
	}
	return s.applyOwned(tx, op)
}

// applyOwned applies what belongs to a session and refers to no message that
// is new.
func (s *records) applyOwned(tx Tx, op Op) (err error) {
	switch op := op.(type) {
	case PutSubscription:
		if s.has(op.Session) {
			start := len(s.arena)
			s.arena = appendSubscription(s.arena, &op)
			key := keyFilter(op.Session, op.Subscription.Filter)
			return tx.Put(Subscriptions, key, s.sealed(start, key))
		}
	case DropSubscription:
		_, err = tx.Take(Subscriptions, keyFilter(op.Session, op.Filter))
	case SetCleared:
		if s.has(op.Session) {
			s.marks[op.Session] = op.Seq
		}
	case SetReleased:
		if s.has(op.Session) {
			return s.putEntry(tx, op.Session, op.Seq, &entry{})
		}
	case DropQueued:
		return s.dropQueued(tx, &op)
	case PutInbound:
		if s.has(op.Session) {
			return s.put(tx, Inbound, keyInbound(op.Session, op.ID), nil)
		}
	case DropInbound:
		_, err = tx.Take(Inbound, keyInbound(op.Session, op.ID))
	}
	return err
}

func (s *records) has(session uint64) bool {
	_, ok := s.sessions[session]
	return ok
}

func (s *records) putSession(tx Tx, v *Session) error {
	if !s.has(v.Number) {
		s.undo = append(s.undo, before{session: true, number: v.Number})
		s.sessions[v.Number] = struct{}{}
		s.nextSession = max(s.nextSession, v.Number+1)
		if err := s.put(tx, Meta, sessionKey, key8(s.nextSession)); err != nil {
			return err
		}
	}
	start := len(s.arena)
	s.arena = appendSession(s.arena, v)
	key := key8(v.Number)
	return tx.Put(Sessions, key, s.sealed(start, key))
}

func (s *records) dropSession(tx Tx, session uint64) error {
	if !s.has(session) {
		return nil
	}
	s.undo = append(s.undo, before{session: true, number: session, refs: 1})
	delete(s.sessions, session)
	delete(s.marks, session)
	for _, b := range []Bucket{Sessions, Subscriptions, Cleared, Inbound, Queue} {
		var keys [][]byte
		err := tx.Scan(b, key8(session), func(key, _ []byte) error {
			keys = append(keys, append([]byte(nil), key...))
			return nil
		})
		for _, key := range keys {
			if err != nil {
				break
			}
			var old []byte
			if old, err = tx.Take(b, key); b == Queue {
				err = s.released(tx, old, err)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *records) putQueued(tx Tx, op *PutQueued) error {
	if !s.has(op.Session) {
		return nil
	}
	if op.Cleared != 0 {
		s.marks[op.Session] = op.Cleared
	}
	e := entry{message: inline, body: op.Message, qos: op.QoS, retain: op.Retain, ids: op.SubscriptionIDs}
	if op.Message.Refs > 1 || s.refs[op.Message.Number] > 0 {
		n, err := s.hold(tx, op.Message)
		if err != nil {
			return err
		}
		e.message, e.body = n, nil
	}
	return s.putEntry(tx, op.Session, op.Seq, &e)
}

func (s *records) dropQueued(tx Tx, op *DropQueued) error {
	for _, seq := range op.Seqs {
		old, err := tx.Take(Queue, s.entryKey(op.Session, seq))
		if err = s.released(tx, old, err); err != nil {
			return err
		}
	}
	return nil
}

// putEntry puts an entry in place of the one that may be there.
func (s *records) putEntry(tx Tx, session, seq uint64, e *entry) error {
	key := s.entryKey(session, seq)
	put := tx.Add
	if seq <= s.last[session] {
		put = tx.Put
		if err := s.released(tx, tx.Get(Queue, key), nil); err != nil {
			return err
		}
	} else {
		s.last[session] = seq
	}
	start := len(s.arena)
	s.arena = appendEntry(s.arena, e)
	return put(Queue, key, s.sealed(start, key))
}

// entryKey is appendKey16 in memory that the next call uses again.
func (s *records) entryKey(session, seq uint64) []byte {
	s.key = appendKey16(s.key[:0], session, seq)
	return s.key
}

func (s *records) putRetained(tx Tx, m *message.Message) error {
	key := keyTopic(m.Topic)
	n, err := s.hold(tx, m)
	if err != nil {
		return err
	}
	if err := s.released(tx, tx.Get(Retained, key), nil); err != nil {
		return err
	}
	return s.put(tx, Retained, key, key8(n))
}

// hold counts one more reference to m, which is stored if it is not yet.
func (s *records) hold(tx Tx, m *message.Message) (uint64, error) {
	if refs := s.refs[m.Number]; refs > 0 {
		s.setRefs(m.Number, refs+1)
		return m.Number, nil
	}
	m.Number = s.nextMessage
	s.nextMessage++ // also if the batch fails: a number means one message for ever
	s.setRefs(m.Number, 1)
	start := len(s.arena)
	s.arena, _ = m.AppendBinary(s.arena) // its error is always nil
	key := key8(m.Number)
	return m.Number, tx.Add(Messages, key, s.sealed(start, key))
}

// released counts one reference less to the message whose number is at the
// start of old, the value of an entry that goes.
func (s *records) released(tx Tx, old []byte, err error) error {
	if err != nil || len(old) < 8 || number(old) == 0 || number(old) == inline {
		return err
	}
	n := number(old)
	refs := s.refs[n]
	if refs > 0 {
		s.setRefs(n, refs-1)
	}
	if refs == 1 {
		_, err = tx.Take(Messages, key8(n))
	}
	return err
}

func (s *records) setRefs(n uint64, refs uint32) {
	s.undo = append(s.undo, before{number: n, refs: s.refs[n]})
	s.restore(n, refs)
}

func (s *records) restore(n uint64, refs uint32) {
	if refs == 0 {
		delete(s.refs, n)
		return
	}
	s.refs[n] = refs
}

// rollBack takes back what a batch did to the counts.
func (s *records) rollBack() {
	for i := len(s.undo) - 1; i >= 0; i-- {
		switch u := s.undo[i]; {
		case !u.session:
			s.restore(u.number, u.refs)
		case u.refs == 0:
			delete(s.sessions, u.number)
		default:
			s.sessions[u.number] = struct{}{}
		}
	}
}

// put seals a value and puts it.
func (s *records) put(tx Tx, b Bucket, key, value []byte) error {
	start := len(s.arena)
	s.arena = append(s.arena, value...)
	return tx.Put(b, key, s.sealed(start, key))
}

// sealed seals the value that begins in the arena at start, and returns it.
// When the arena moves later, the value stays where it was.
func (s *records) sealed(start int, key []byte) []byte {
	s.arena = seal(s.arena, start, key)
	return s.arena[start:len(s.arena):len(s.arena)]
}
